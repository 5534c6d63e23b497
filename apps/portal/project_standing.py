"""整件事办到哪一步了: a project in the words of the applicant: one headline, a row for each matter, what happened.

Pure: facts in, words out.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from apps.calendars.workdays import WorkCalendar
from apps.workflows.models import Project, ProjectBranch, ProjectEvent
from apps.workflows.states import (
    DONE_WITH,
    FALLEN,
    Answer,
    BranchState,
    ProjectState,
    StageState,
    Verb,
)

from .standing import Chip, Step, chip_of, short

B, P, S, V = BranchState, ProjectState, StageState, Verb

CHIPS: dict[str, tuple[str, str]] = {
    P.DRAFT: ("new", "草稿"),
    P.FILED: ("info", "等牵头部门确认"),
    P.CONFIRMED: ("info", "等窗口收件"),
    P.RUNNING: ("ok", "办理中"),
    P.CLOSING: ("ok", "办好了，等取件"),
    P.CLOSED: ("done", "全部办好"),
    P.WITHDRAWN: ("done", "已撤回"),
    P.REFUSED: ("bad", "已终止"),
}
NAMED = 3  # matters that one line names
SHORT = 8  # letters of a name that a chip has room for
WITHDRAWABLE = frozenset({B.WAITING, B.OPEN, B.BLOCKED})

TOLD: dict[str, str] = {  # what happened, as it is told to the applicant; verbs that are missing are not told
    V.FILED: "您提交了申请",
    V.CONFIRMED: "要办哪几件事定下来了",
    V.RECEIVED: "收到了您的材料",
    V.DISPATCHED: "材料同时分给各部门",
    V.NOTICE_SENT: "一次告知：请补正",
    V.SUPPLEMENTED: "您提交了补正",
    V.STAGE_ACCEPTED: "受理了",
    V.STAGE_DEEMED: "部门未按期答复，依法视为受理",
    V.BRANCH_OPENED: "开始办",
    V.BRANCH_REOPENED: "调整方案，重新办",
    V.BRANCH_WITHDRAWN: "撤回",
    V.STAGE_PAUSED: "计时暂停",
    V.STAGE_RESUMED: "恢复计时",
    V.STAGE_EXTENDED: "办理期限依法延长",
    V.RECOMPUTED: "日历有变，日期重新计算",
    V.STAGE_ENDED: "办理终止",
    V.HANDED_OVER: "结果交给了您",
    V.PROJECT_FINISHED: "全部办完，等取件",
    V.PROJECT_CLOSED: "整件事办完",
    V.WITHDRAWN: "整件事已撤回",
}
ENDED = {
    B.GRANTED: "办好了",
    B.REFUSED: "没有批准",
    B.RETURNED: "退回了",
    B.WITHDRAWN: "撤回了",
}
WITH_REASON = frozenset({
    V.BRANCH_WITHDRAWN, V.BRANCH_REOPENED, V.STAGE_EXTENDED, V.STAGE_ENDED, V.STAGE_DEEMED, V.WITHDRAWN, V.RECOMPUTED,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """要办的一件事, as one line of the page."""

    branch: ProjectBranch
    chip: Chip
    note: str = ""
    reasons: str = ""
    letters: tuple = ()

    @property
    def who(self) -> str:
        return str(self.branch.department or f"{self.branch.point}综合窗口")

    @property
    def result_name(self) -> str:
        return self.branch.item_version.result_name or self.branch.name

    @property
    def is_done(self) -> bool:
        return self.branch.state == B.GRANTED

    @property
    def may_be_withdrawn(self) -> bool:
        return self.branch.state in WITHDRAWABLE


def rows_of(
    branches: Sequence[ProjectBranch],
    *,
    needs: Mapping[int, Sequence[int]],
    letters: Mapping[int, Sequence],
    calendar: WorkCalendar,
    today: date,
) -> list[Row]:
    """`needs` are the prerequisites by branch of the bundle, `letters` the letters by case."""
    by_branch = {one.branch_id: one for one in branches}
    rows = []
    for branch in branches:
        if branch.state == B.NOT_NEEDED:
            continue
        outstanding = [by_branch[need] for need in needs.get(branch.branch_id, ()) if need in by_branch]
        waits = [one for one in outstanding if one.state not in DONE_WITH]
        chip, note = _said_of(branch, waits, calendar, today)
        reasons = branch.case.decision_reasons if branch.state == B.REFUSED and branch.case else ""
        rows.append(Row(branch, chip, note, reasons, tuple(letters.get(branch.case_id, ()))))
    return rows


def headline_of(project: Project, rows: Sequence[Row], *, has_notice: bool) -> str:
    """一句话: how much is done, and by when all of it will be."""
    done, total = sum(row.is_done for row in rows), len(rows)
    if project.state == P.FILED:
        return f"已提交，等{project.lead or '牵头部门'}确认要办哪几件事"
    if project.state == P.CONFIRMED:
        return f"要办 {total} 件事，等窗口收件"
    if project.state == P.WITHDRAWN:
        return f"已撤回，撤回前办好 {done} 件" if done else "已撤回"
    if project.state == P.REFUSED:
        return f"办理已终止，{total} 件事办好 {done} 件"
    if project.state in (P.CLOSING, P.CLOSED):
        return _finished(project, rows, done)
    counted = f"{total} 件事办好 {done} 件"
    if not done and not any(row.branch.stage.accepted_on for row in rows):
        counted = f"{total} 件事都交上去了"
    if has_notice:
        return f"{counted}，现在等您补正"
    fallen = [row for row in rows if row.branch.state in FALLEN - {B.WITHDRAWN}]
    if fallen:
        return f"{counted}，{len(fallen)} 件没有办成，牵头部门正在看下一步怎么办"
    return f"{counted}，{_until_when(rows)}"


def timeline_of(
    project: Project, events: Iterable[ProjectEvent], rows: Sequence[Row], *, has_notice: bool
) -> list[Step]:
    """经过和现在. Staff are not named; what several departments say among themselves stays with them."""
    steps = [step for event in events if (step := _told(event)) is not None]
    if project.state in (P.FILED, P.CONFIRMED, P.RUNNING, P.CLOSING):
        steps.append(Step("now", "等您补正" if has_notice else _now(project, rows), "现在在这一步"))
    return steps


def _now(project: Project, rows: Sequence[Row]) -> str:
    going = [f"“{row.branch.name}”" for row in rows if row.branch.state == B.OPEN]
    if going:
        return f"正在办{'、'.join(going[:NAMED])}{f'等 {len(going)} 件' if len(going) > NAMED else ''}"
    if any(row.branch.awaits_answer for row in rows if row.branch.state == B.WAITING):
        return "等各部门答复是否受理"
    return CHIPS[project.state][1]


def chip_of_project(project: Project, *, has_notice: bool) -> Chip:
    if has_notice and project.is_living:
        return Chip("warn", "请补正")
    return Chip(*CHIPS[project.state])


def _finished(project: Project, rows: Sequence[Row], done: int) -> str:
    others = len(rows) - done
    words = f"{len(rows)} 件事全部办好了" if not others else f"办好 {done} 件，另外 {others} 件没有办成"
    if project.state == P.CLOSED:
        return words
    together = project.handing == Project.Handing.TOGETHER
    return f"{words}，{'可以一起取件了' if together else '还有结果等您取'}"


def _until_when(rows: Sequence[Row]) -> str:
    """The committed day of the stages at work; before the acceptance the day by which there is an answer."""
    stages = {row.branch.stage.pk: row.branch.stage for row in rows}
    running = [stage for stage in stages.values() if stage.state == S.RUNNING]
    is_last = not any(stage.state == S.WAITING for stage in stages.values())
    days = [stage.due_on for stage in running if stage.due_on]
    if days:
        return f"最迟 {short(max(days))}{'全部办好' if is_last else '办完这一阶段'}"
    if any(stage.paused_since for stage in running):
        return "计时暂停中，恢复后告诉您哪天办好"
    if running:
        return "办结日要等国务院公布放假安排后确定"
    answer_by = [
        row.branch.answer_by
        for row in rows
        if row.branch.awaits_answer and row.branch.stage.state in (S.RECEIVED, S.DISPATCHED)
    ]
    if answer_by:
        return f"各部门最迟 {short(max(answer_by))}答复是否受理"
    accept_by = [stage.accept_by for stage in stages.values() if stage.accept_by]
    return f"最迟 {short(max(accept_by))}答复是否受理" if accept_by else "正在办"


def _said_of(
    branch: ProjectBranch, waits: Sequence[ProjectBranch], calendar: WorkCalendar, today: date
) -> tuple[Chip, str]:
    if branch.state == B.WAITING:
        return _waiting(branch, waits)
    if branch.state == B.OPEN:
        due = branch.case.due_on
        return chip_of(branch.case, calendar, today), f"最迟 {short(due)}办好（含当天）" if due else ""
    if branch.state == B.GRANTED:
        return Chip("done", "办好了"), f"{short(branch.finished_on)}办好"
    if branch.state == B.REFUSED:
        return Chip("bad", "没有批准"), f"{short(branch.finished_on)}决定"
    if branch.state == B.RETURNED:
        return Chip("bad", "退回了"), branch.reason
    if branch.state == B.WITHDRAWN:
        return Chip("done", "已撤回"), branch.reason
    return Chip("bad", "办不下去"), f"{branch.reason}，要等它有结果"


def _waiting(branch: ProjectBranch, waits: Sequence[ProjectBranch]) -> tuple[Chip, str]:
    """Why it has not begun: its stage, its papers, its department's answer, or the results it waits for."""
    term = f"开始后 {branch.days} 个工作日办好" if branch.days else "开始后当天办好"
    if branch.stage.state == S.WAITING:
        return Chip("pause", "还没开始"), f"属于{branch.stage}，前面的办完再交材料"
    if branch.answer == Answer.SUPPLEMENT:
        if branch.is_told:
            return Chip("warn", "等您补正"), "补正的时间不算在办理时限里"
        return Chip("info", "部门要求补正"), "等各部门的意见汇总后一次告诉您"
    if branch.awaits_answer:
        return Chip("info", "等部门答复"), f"最迟 {short(branch.answer_by)}答复是否受理"
    if waits:
        names = [one.item_version.result_name or one.name for one in waits]
        if len(names) == 1 and len(names[0]) <= SHORT:
            return Chip("pause", f"等{names[0]}"), f"前面的办好就自动开始，{term}"
        return Chip("pause", f"等前面 {len(names)} 件"), f"{'、'.join(names)}办好就自动开始，{term}"
    return Chip("info", "等受理"), term


def _told(event: ProjectEvent) -> Step | None:
    if event.verb == V.BRANCH_ENDED:
        title = f"“{event.branch.name}”{ENDED.get(event.after, '结束了')}"
        return Step("done", title, _moment(event.at), event.reason if event.after != B.GRANTED else "")
    if event.verb not in TOLD:
        return None
    title = TOLD[event.verb]
    if event.branch is not None:
        title = f"{title}“{event.branch.name}”"
    return Step("done", title, _moment(event.at), _note(event))


def _note(event: ProjectEvent) -> str:
    if event.verb in WITH_REASON:
        return event.reason
    facts = event.facts
    if event.verb == V.NOTICE_SENT:
        return f"{facts['departments']} 个部门共 {facts['faults']} 处，一次告知，补齐后不再要别的"
    if event.verb in (V.DISPATCHED,):
        return f"{len(facts['branches'])} 件事，最迟 {_short_of(facts['answer_by'])}答复"
    if event.verb in (V.STAGE_ACCEPTED, V.BRANCH_OPENED) and facts.get("due_on"):
        return f"最迟 {_short_of(facts['due_on'])}办好（含当天）"
    return ""


def _moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def _short_of(text: str) -> str:
    return short(date.fromisoformat(text))
