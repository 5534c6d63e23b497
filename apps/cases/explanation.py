"""这个日期怎么来的: the days of one term week by week, each with its reason, and the rules behind them. Pure.

What is explained is read from the events of the case, so that it says what the stored date must say.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from apps.calendars.workdays import DayNote, WorkCalendar

from .evidence import CLOCK_VERBS, Facts, read
from .terms import ART_45_KINDS, Reckoning, Term, explain, lengthened, reckon

LONGEST = 800  # dates drawn: a longer term is told by its first and last weeks only
NOTHING_RUNS = "没有分项在办，"
"""The kind of pause of a joint stage: the strip reads it in front of 暂停."""

DAY_AFTER = ("开始的当天不算，从第二天数起", "民法典第二百零一条")
WORKDAYS = ("只数工作日，法定节假日和休息日不算", "行政许可法第八十二条")
ARRANGED = ("放假和调休上班按国务院办公厅的通知", "全国年节及纪念日放假办法")
CALENDAR_DAYS = ("按自然日数；最后一天是休息日的，顺延到下一个工作日", "民法典第二百零三条")
HALF_DAYS = ("按半个工作日数：12:00 前受理的当天 17:00 到期，之后受理的次个工作日 12:00 到期", "办事指南")
MONTHS = ("按月数到对应的那天；最后一天是休息日的，顺延到下一个工作日", "民法典第二百零二条、第二百零三条")
SPECIAL = ("听证、检验、检测、鉴定、专家评审等所需时间不计算在期限内，已书面告知", "行政许可法第四十五条")
STOOD_STILL = ("联合办理的各项都停着的日子不算；只要有一项在办，就照常计算", "并联审批办理规则")
GUIDED = ("办事指南列明的程序所需时间不计入承诺期限，法定期限照算", "办事指南")
EXTENDED = ("经负责人批准延长，已告知理由", "行政许可法第四十二条")
ANSWERED = ("补正的，自补齐材料之日起算", "行政许可法第三十二条")
DEEMED = ("五个工作日内没有答复，自收到材料之日起视为受理", "行政许可法第三十二条")
UNPUBLISHED = ("有的年份放假安排还没有公布，日期是暂估的，以国务院放假通知为准", "本中心办事规则")
CLOSED = ("本中心公告停办、声明不计入时限的日子不算", "本中心公告")


@dataclass(frozen=True, slots=True)
class Cell:
    """One date of the strip. `number` is which counted day it is; `kind` one word for the style sheet."""

    day: date
    kind: str
    why: str = ""
    number: int | None = None
    is_due: bool = False


@dataclass(frozen=True, slots=True)
class Explained:
    clock: str
    term: Term
    start: date
    due_on: date | None
    provisional_on: date | None
    is_paused: bool
    weeks: tuple[tuple[Cell | None, ...], ...]
    rules: tuple[tuple[str, str], ...]
    counted: int
    is_cut: bool

    @property
    def shown_on(self) -> date | None:
        return self.due_on or self.provisional_on


def explained(
    facts: Facts,
    calendar: WorkCalendar,
    *,
    today: date,
    statutory: bool,
    closed_days: Collection[date] = frozenset(),
    answered: bool = False,
    deemed: bool = False,
    also: tuple[tuple[str, str], ...] = (),
) -> Explained | None:
    """The whole story of one clock; None before acceptance, and where the law sets no term. `also` are rules of its own."""
    term = facts.statutory if statutory else facts.committed
    if facts.accepted_on is None or term is None:
        return None
    closed = frozenset(closed_days)
    reckoning = _reckoned(facts, term, calendar, statutory=statutory, closed_days=closed)
    due = reckoning.due
    last = due.likely_on if due else max(today, facts.accepted_on)
    is_cut = (last - facts.accepted_on).days > LONGEST
    until = facts.accepted_on + timedelta(days=LONGEST) if is_cut else last
    notes = _notes(facts, term, calendar, until, statutory=statutory, closed_days=closed)
    cells, number = [Cell(facts.accepted_on, "start", "受理，不算")], 0
    for note in notes:
        number += note.counts
        cells.append(
            Cell(
                note.date,
                _kind(note, calendar, closed),
                note.why,
                number if note.counts else None,
                is_due=due is not None and note.date == due.likely_on,
            )
        )
    return Explained(
        clock="法定办结期限" if statutory else "承诺办结期限",
        term=term,
        start=facts.accepted_on,
        due_on=due.on if due else None,
        provisional_on=due.provisional_on if due else None,
        is_paused=reckoning.is_paused,
        weeks=_weeks(cells),
        rules=(
            *_rules(facts, term, cells, due, statutory=statutory, answered=answered, deemed=deemed),
            *also,
        ),
        counted=number,
        is_cut=is_cut,
    )


def both(case, calendar: WorkCalendar, closed_days: Collection[date], today: date) -> list[Explained]:
    """The promised and the legal term of a case, as far as it has them."""
    facts = read(case.events.filter(verb__in=CLOCK_VERBS))
    found = (
        explained(
            facts, calendar, today=today, statutory=statutory, closed_days=closed_days,
            answered=case.answered_on is not None, deemed=case.is_deemed_accepted,
        )
        for statutory in (False, True)
    )  # fmt: skip
    return [one for one in found if one is not None]


def _added(facts: Facts) -> Term:
    """Once given, an extension stands, as the stored date; it is told in the unit of the promise."""
    return Term(facts.amount_added, facts.committed.unit if facts.committed else "workday")


def _reckoned(facts: Facts, term: Term, calendar: WorkCalendar, *, statutory, closed_days) -> Reckoning:
    return lengthened(
        calendar, facts.accepted_on, term, _added(facts), pauses=facts.pauses, statutory=statutory,
        closed_days=closed_days, started_at=facts.accepted_at,
    )  # fmt: skip


def _notes(
    facts: Facts, term: Term, calendar: WorkCalendar, until: date, *, statutory, closed_days
) -> list[DayNote]:
    """Every date of the strip. An extension in another unit begins behind the day the term itself was due."""
    added, told = _added(facts), {"statutory": statutory, "closed_days": closed_days, "pauses": facts.pauses}
    if not added.amount or added.unit == term.unit:
        return explain(calendar, facts.accepted_on, term, until, extension=facts.extension, **told)
    plain = reckon(calendar, facts.accepted_on, term, started_at=facts.accepted_at, **told)
    if plain.due is None or plain.due.likely_on is None or plain.due.likely_on >= until:
        return explain(calendar, facts.accepted_on, term, until, **told)
    ended = plain.due.likely_on
    longer = explain(calendar, ended, added, until, **told)
    return explain(calendar, facts.accepted_on, term, ended, **told) + [
        DayNote(note.date, note.counts, f"{note.why}，延长期限" if note.counts else note.why)
        for note in longer
    ]


def _kind(note, calendar: WorkCalendar, closed: frozenset[date]) -> str:
    if note.date in closed:
        return "closed"
    if "暂停" in note.why:
        return "paused"
    if note.counts and "延长" in note.why:
        return "extended"
    if note.counts:
        return "makeup" if "调休" in note.why else "counted"
    if calendar.is_workday(note.date):
        return "rolled"
    return "weekend" if note.why.startswith("周") else "holiday"


def _weeks(cells: list[Cell]) -> tuple[tuple[Cell | None, ...], ...]:
    """Monday to Sunday, the first and the last week filled up with nothing."""
    padded = [None] * cells[0].day.weekday() + cells
    padded += [None] * (-len(padded) % 7)
    return tuple(tuple(padded[n : n + 7]) for n in range(0, len(padded), 7))


def _rules(
    facts: Facts, term: Term, cells: list[Cell], due, *, statutory: bool, answered: bool, deemed: bool
):
    """Only the rules that this strip needed, in the order in which they are met."""
    yield DAY_AFTER
    if deemed:
        yield DEEMED
    elif answered:
        yield ANSWERED
    yield {"workday": WORKDAYS, "calendar_day": CALENDAR_DAYS, "month": MONTHS}.get(term.unit, HALF_DAYS)
    kinds = {cell.kind for cell in cells}
    if kinds & {"holiday", "makeup"}:
        yield ARRANGED
    if "closed" in kinds:
        yield CLOSED
    stopping = [pause for pause in facts.pauses if pause.stops(statutory=statutory)]
    if any(pause.kind in ART_45_KINDS for pause in stopping):
        yield SPECIAL
    if any(pause.kind == NOTHING_RUNS for pause in stopping):
        yield STOOD_STILL
    if any(not pause.stops_statutory for pause in facts.pauses):
        yield GUIDED
    if facts.extension:
        yield EXTENDED
    if due is not None and due.on is None:
        yield UNPUBLISHED
