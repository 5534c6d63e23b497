"""这些日期怎么来的: the clocks of each stage of a project day by day, as a case explains its own. Read-only."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from apps.calendars.workdays import WorkCalendar
from apps.cases.evidence import Facts
from apps.cases.explanation import NOTHING_RUNS, Explained, explained
from apps.cases.terms import Extension, Pause, Term, day_words, last_day
from apps.points.rules import closed_days_of

from .models import Project, ProjectStage, StagePause
from .states import StageState

TOGETHER = (
    "统一办理、联合办理、集中办理的，办理的时间不超过四十五日，经批准可以延长十五日",
    "行政许可法第四十二条",
)
PROMISED = ("承诺的天数按套餐公布的承诺", "办事指南")


@dataclass(frozen=True, slots=True)
class StageTold:
    """One stage: both its clocks once it is accepted; before that, what it waits for, in a sentence."""

    stage: ProjectStage
    clocks: tuple[Explained, ...]
    words: str


def told(project: Project, calendar: WorkCalendar, today: date) -> list[StageTold]:
    """All stages of a project; three statements."""
    in_order = Prefetch("pauses", StagePause.objects.order_by("from_on", "id"))
    stages = project.stages.select_related("lead").prefetch_related(in_order).order_by("number")
    closed = closed_days_of(project.path)
    return [StageTold(stage, _clocks(stage, calendar, closed, today), _words(stage)) for stage in stages]


def _clocks(
    stage: ProjectStage, calendar: WorkCalendar, closed: frozenset[date], today: date
) -> tuple[Explained, ...]:
    if stage.accepted_on is None:
        return ()
    facts = Facts(
        accepted_on=stage.accepted_on,
        committed=Term(stage.days),
        statutory=Term(stage.legal_days),
        pauses=tuple(Pause(pause.from_on, pause.to_on, True, NOTHING_RUNS) for pause in stage.pauses.all()),
        extension=Extension(stage.extension_days, stage.extended_on) if stage.extension_days else None,
    )
    both = (
        explained(
            facts, calendar, today=today, statutory=statutory, closed_days=closed,
            deemed=stage.is_deemed_accepted, also=(TOGETHER,) if statutory else (PROMISED,),
        )
        for statutory in (False, True)
    )  # fmt: skip
    return tuple(one for one in both if one is not None)


def _words(stage: ProjectStage) -> str:
    if stage.accepted_on is not None:
        return ""
    if stage.state == StageState.WAITING:
        return "还没有收件，期限没有起算。"
    if stage.state not in (StageState.RECEIVED, StageState.DISPATCHED):
        return f"{stage.get_state_display()}，没有受理过。"
    if stage.accept_by is None:
        return (
            f"{stage.get_state_display()}：等申请人补正，受理期限暂不计算；补正齐全以后重新起算五个工作日。"
        )
    return (
        f"答复是否受理的截止日是{last_day(stage.accept_by)}，从{day_words(stage.accept_since)}"
        "收到材料的第二天数五个工作日；到期没有答复的，自收到之日起视为受理（行政许可法第三十二条）。"
    )
