"""指标 of joint projects: one definition for a figure and for the list behind it. Pure: conditions, no query."""

from datetime import date

from django.db.models import F, Q

from apps.cases.measures import Period

from .states import LIVING, UNSTARTED, Answer, BranchState, ProjectState, StageState, values_of

PROJECTS = {
    "filed": "申报项目",
    "running": "在办项目",
    "closed": "办结项目",
    "given_up": "撤回和终止",
    "stage_overdue": "阶段超期在办",
}
BRANCHES = {
    "ended": "分项办结",
    "on_time": "按时办结",
    "late": "超期办结",
    "refused": "不予许可",
    "open": "在办分项",
    "overdue": "超期在办",
    "unanswered": "逾期未答复分发",
    "blocked": "受阻分项",
    "chased": "被催办",
}
STAGES = {"finished": "办结阶段"}
LABELS = {"projects": PROJECTS, "branches": BRANCHES, "stages": STAGES}
OF_THE_DAY = frozenset({"running", "stage_overdue", "open", "overdue", "unanswered", "blocked"})
"""How things stand today; the others are of a period."""
UNFINISHED = Q(state__in=[BranchState.WAITING, BranchState.OPEN, BranchState.BLOCKED])


def of_projects(name: str, period: Period, today: date) -> Q:
    """The projects a measure counts. A project counts once, however many branches, stages and cases it has."""
    return {
        "filed": Q(filed_at__date__gte=period.first, filed_at__date__lte=period.last),
        "running": Q(state__in=values_of(LIVING - {ProjectState.DRAFT})),
        "closed": Q(state=ProjectState.CLOSED, closed_on__gte=period.first, closed_on__lte=period.last),
        "given_up": Q(
            state__in=[ProjectState.WITHDRAWN, ProjectState.REFUSED],
            closed_on__gte=period.first,
            closed_on__lte=period.last,
        ),
        "stage_overdue": Q(stages__state=StageState.RUNNING, stages__due_on__lt=today),
    }[name]


def of_branches(name: str, period: Period, today: date) -> Q:
    """The branches a measure counts; on time is by the promised date of the branch's own case."""
    ended = Q(
        state__in=[BranchState.GRANTED, BranchState.REFUSED],
        finished_on__gte=period.first,
        finished_on__lte=period.last,
    )
    return {
        "ended": ended,
        "on_time": ended & Q(case__due_on__isnull=False, finished_on__lte=F("case__due_on")),
        "late": ended & Q(case__due_on__isnull=False, finished_on__gt=F("case__due_on")),
        "refused": ended & Q(state=BranchState.REFUSED),
        "open": Q(state=BranchState.OPEN),
        "overdue": Q(state=BranchState.OPEN, case__due_on__lt=today),
        "unanswered": Q(answer=Answer.NONE, answer_by__lt=today, state__in=values_of(UNSTARTED)),
        "blocked": Q(state=BranchState.BLOCKED),
        "chased": Q(
            events__verb="chased",
            events__at__date__gte=period.first,
            events__at__date__lte=period.last,
        ),
    }[name]


def of_stages(name: str, period: Period) -> Q:
    return {
        "finished": Q(
            state__in=[StageState.CLOSING, StageState.CLOSED],
            finished_on__gte=period.first,
            finished_on__lte=period.last,
        )
    }[name]
