"""办理面板 of a project: which acts its page offers to whom, each with the form it asks for."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, Exists, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.workflows import actions
from apps.workflows.models import (
    MaterialUse,
    Project,
    ProjectBranch,
    ProjectMaterial,
    ProjectNotice,
    ProjectStage,
    SupplementWish,
)
from apps.workflows.states import BEFORE_WORK, UNDER_WAY, UNSTARTED, BranchState, ProjectState, StageState

from .project_forms import (
    ActForm,
    AnswerForm,
    ConfirmForm,
    ExtensionForm,
    HandOverForm,
    Paper,
    PlainForm,
    why,
)

B, P, S = BranchState, ProjectState, StageState


@dataclass
class Seen:
    """What deciding about panels takes: the rows of the project, read once."""

    project: Project
    user: User
    stages: list[ProjectStage]
    branches: list[ProjectBranch]
    wished: set[int]
    papers: dict[int, list[Paper]]  # by branch, what its department has to answer for
    lacking: dict[int, int]  # stage → how many necessary papers of it are not there
    notices: list[tuple[ProjectNotice, list[SupplementWish]]]  # not answered yet, with what they ask for
    today: date

    def may(self, permission: str) -> bool:
        return self.user.has_perm(f"workflows.{permission}")

    def leads(self, stage: ProjectStage | None = None) -> bool:
        return actions.leads(self.user, self.project, stage)

    def of(self, stage: ProjectStage) -> list[ProjectBranch]:
        return [branch for branch in self.branches if branch.stage_id == stage.pk]

    def takes_in(self, stage: ProjectStage | None = None) -> bool:
        return actions.takes_in(self.user, self.project, stage)

    def has_asked(self, stage: ProjectStage) -> bool:
        """Whether a notice of it waits for the applicant."""
        return any(notice.stage_id == stage.pk for notice, _ in self.notices)

    def thinking(self, stage: ProjectStage) -> list[ProjectBranch]:
        """What its departments have not answered yet, and still may."""
        return [one for one in self.of(stage) if one.awaits_answer and self.today <= one.answer_by]

    @property
    def is_at_the_counter(self) -> bool:
        """Whether somebody takes papers in, for the project or one of its stages: a department that only takes part does not."""
        return any(self.takes_in(stage) for stage in [None, *self.stages])


def always(seen: Seen, subject: Any) -> bool:
    return True


def never(seen: Seen, subject: Any) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Act:
    """One act on a project, a stage or a branch: who may see it, and the form it asks for.

    `is_daily` says whether it is what is to be done now; else it lies in the drawer of what is done now and then.
    """

    name: str
    title: str
    fits: Callable[[Seen, Any], bool]
    form: Callable[..., ActForm] = PlainForm
    facts: Callable[[Seen, Any], dict] = field(default=lambda seen, subject: {})
    note: str = ""
    is_daily: Callable[[Seen, Any], bool] = never
    is_grave: bool = False


def _confirms(seen: Seen, project: Project) -> bool:
    return project.state == P.FILED and seen.leads()


def _receives(seen: Seen, stage: ProjectStage) -> bool:
    if stage.state != S.WAITING or seen.project.state not in UNDER_WAY or not seen.takes_in(stage):
        return False
    return any(branch.state in UNSTARTED for branch in seen.of(stage))


def _comes_next(seen: Seen, stage: ProjectStage) -> bool:
    """Whether a stage waits for nothing before it: no stage on its way to acceptance, none that waits for the applicant."""
    before = [one for one in seen.stages if one.number < stage.number]
    on_its_way = [
        one for one in before if one.state in BEFORE_WORK and any(b.state in UNSTARTED for b in seen.of(one))
    ]
    return not on_its_way and not any(seen.has_asked(one) for one in before)


def _is_complete(seen: Seen, stage: ProjectStage) -> bool:
    return _comes_next(seen, stage) and stage.pk not in seen.lacking


def _all_have_answered(seen: Seen, stage: ProjectStage) -> bool:
    return not seen.thinking(stage)


def _nothing_is_asked(seen: Seen, stage: ProjectStage) -> bool:
    """Neither of a department that still has time, nor of the applicant, told already or still to be told."""
    told = seen.has_asked(stage) or stage.pk in seen.wished
    return _all_have_answered(seen, stage) and not told


def _is_to_decide(seen: Seen, branch: ProjectBranch) -> bool:
    """What an applicant took back is settled; what a department refused or returned waits for the lead."""
    return branch.state in (B.REFUSED, B.RETURNED)


def _reopens(seen: Seen, branch: ProjectBranch) -> bool:
    fell = branch.state in (B.REFUSED, B.RETURNED, B.WITHDRAWN)
    return fell and branch.stage.state in (S.DISPATCHED, S.RUNNING) and seen.leads(branch.stage)


def _leaves_out(seen: Seen, branch: ProjectBranch) -> bool:
    can_go = branch.state in (B.WAITING, B.BLOCKED, B.WITHDRAWN, B.RETURNED) and not branch.was_refused
    return can_go and seen.project.state in UNDER_WAY and seen.leads(branch.stage)


def _ends(seen: Seen, stage: ProjectStage) -> bool:
    at_work = stage.state in (S.DISPATCHED, S.RUNNING)
    return at_work and seen.leads(stage) and bool(actions.has_to_be_settled(seen.of(stage)))


PROJECT_ACTS = (
    Act(
        "confirmation", "确认事项清单", _confirms, ConfirmForm, lambda seen, one: {"branches": seen.branches}, is_daily=always,
        note="去掉打勾的分项要写理由；没有打勾的按情形问卷不需要办理，确需办理的打勾补列。",
    ),
    Act(
        "withdrawal", "撤回整个项目", lambda seen, one: one.state in UNDER_WAY | {P.FILED} and seen.takes_in(),
        why("撤回的原因（凭申请人的书面申请）"), is_grave=True,
    ),
)  # fmt: skip
STAGE_ACTS = (
    Act("receipt", "收件", _receives, is_daily=_is_complete,
        note="必要材料都在，才能收下整套材料；收下后五个工作日内须作出受理决定。"),
    Act("dispatch", "分发", lambda seen, one: one.state == S.RECEIVED and seen.leads(one), is_daily=always,
        note="各部门自分发起一个工作日内答复。"),
    Act("notice", "合并告知补正", lambda seen, one: one.pk in seen.wished and seen.leads(one), is_daily=_all_have_answered,
        note="各部门的补正意见合并成一份补正告知书，只告知这一次。"),
    Act("acceptance", "受理本阶段", lambda seen, one: one.state == S.DISPATCHED and seen.leads(one),
        is_daily=_nothing_is_asked, note="阶段时限从今天起算，不等前置的分项随即开办。"),
    Act("handover", "一站出件", lambda seen, one: one.state == S.CLOSING and seen.leads(one), HandOverForm, is_daily=always,
        note="还没有送达的结果一并送达，并列出清单。"),
    Act("extension", "批准延期", lambda seen, one: one.state == S.RUNNING and not one.extension_days and seen.may("extend_stage"),
        ExtensionForm, note="联合办理经本级人民政府负责人批准，可以延长十五个工作日（行政许可法第四十二条）。"),
    Act("termination", "终止本阶段", _ends, why("终止的理由"), is_grave=True,
        note="不予许可由原部门决定；其余在办分项终止办理，书面告知申请人。"),
)  # fmt: skip
BRANCH_ACTS = (
    Act("answer", "答复分发", lambda seen, one: one.awaits_answer and one.state in (B.WAITING, B.BLOCKED)
        and seen.may("answer_branch") and actions.answers_for(seen.user, one),
        AnswerForm, lambda seen, one: {"papers": seen.papers[one.pk]}, is_daily=always),
    Act("reopening", "调整方案重办", _reopens, why("方案作了哪些调整"), is_daily=_is_to_decide,
        note="原决定仍然有效；部门按新方案重新受理和决定。"),
    Act("removal", "不需要办", _leaves_out, why("不办的理由"), is_daily=_is_to_decide),
    Act("entry", "补列分项", lambda seen, one: one.state == B.NOT_NEEDED and one.stage.state == S.WAITING
        and seen.project.state in UNDER_WAY and seen.leads(one.stage), why("为什么要办")),
    Act("withdrawal", "撤回这个分项", lambda seen, one: one.state in (B.WAITING, B.BLOCKED, B.OPEN)
        and seen.project.state in UNDER_WAY and seen.takes_in(),
        why("撤回的原因（凭申请人的书面申请）"), is_grave=True),
)  # fmt: skip
ROUTES = {"project": PROJECT_ACTS, "stage": STAGE_ACTS, "branch": BRANCH_ACTS}


@dataclass(slots=True)
class Panel:
    """An act as it stands on the page: about what, where it is sent, and its form, filled in if it came back."""

    act: Act
    about: str
    address: str
    key: str
    form: ActForm
    is_open: bool
    is_daily: bool


def seen_by(project: Project, user: User) -> Seen:
    """Two statements, whatever the project is made of. Every stage of a published bundle has branches, which bring it along."""
    papers = MaterialUse.objects.filter(branch=OuterRef("pk")).order_by("material__seq")
    unsent = SupplementWish.objects.filter(branch=OuterRef("pk"), notice=None)
    missing = ProjectMaterial.objects.missing().filter(stage=OuterRef("stage")).values("stage")
    branches = list(
        project.branches.select_related("department", "stage__lead")
        .annotate(
            is_wishing=Exists(unsent),
            lacks=Subquery(missing.values(number=Count("pk"))),
            uses_papers=ArraySubquery(papers.values(json=JSONObject(pk="material", name="material__name"))),
        )
        .order_by("stage__number", "branch")  # as the bundle lists them
    )
    by_pk = {branch.stage_id: branch.stage for branch in branches}
    for branch in branches:
        branch.project, branch.stage = project, by_pk[branch.stage_id]
        branch.stage.project = project
    notices = _notices(project, branches)
    return Seen(
        project=project,
        user=user,
        stages=sorted(by_pk.values(), key=lambda stage: stage.number),
        branches=branches,
        wished={one.stage_id for one in branches if one.is_wishing and one.state in UNSTARTED},
        lacking={one.stage_id: one.lacks for one in branches if one.lacks},
        papers={one.pk: [Paper(**paper) for paper in one.uses_papers] for one in branches},
        notices=notices,
        today=timezone.localdate(),
    )


def _notices(
    project: Project, branches: list[ProjectBranch]
) -> list[tuple[ProjectNotice, list[SupplementWish]]]:
    """What is due first stands first. A notice that nobody waits for any more asks for nothing."""
    by_pk = {branch.pk: branch for branch in branches}
    found: dict[int, tuple[ProjectNotice, list[SupplementWish]]] = {}
    for wish in SupplementWish.objects.open_of(project):
        wish.branch = by_pk[wish.branch_id]
        found.setdefault(wish.notice_id, (wish.notice, []))[1].append(wish)
    return list(found.values())


def facts_for(
    project: Project,
    user: User,
    *,
    opened: str = "",
    form: ActForm | None = None,
    faults: dict[str, str] | None = None,
    typed: dict | None = None,
) -> dict:
    """For the page: what one may do now, what one may do now and then; `opened` is a panel that was sent and refused."""
    seen = seen_by(project, user)
    panels = list(_panels(seen, opened, form))
    return {
        "is_told_in_place": any(panel.is_open for panel in panels),
        "is_seldom_open": any(panel.is_open and not panel.is_daily for panel in panels),
        "daily": [panel for panel in panels if panel.is_daily],
        "seldom": [panel for panel in panels if not panel.is_daily],
        "awaited": [
            (stage, seen.lacking[stage.pk])
            for stage in seen.stages
            if stage.pk in seen.lacking and _receives(seen, stage) and _comes_next(seen, stage)
        ],
        "thinking": [
            (stage, seen.thinking(stage))
            for stage in seen.stages
            if stage.state == S.DISPATCHED and seen.leads(stage) and seen.thinking(stage)
        ],
        "may_convene": project.state in UNDER_WAY | {P.FILED}
        and any(seen.leads(one) for one in [None, *seen.stages]),
        "open_notices": [
            (stage, notice, _wishes(wishes, faults or {}, typed or {}))
            for stage in seen.stages
            for notice, wishes in seen.notices
            if notice.stage_id == stage.pk
        ],
        "is_at_the_counter": seen.is_at_the_counter,
    }


def _panels(seen: Seen, opened: str, sent: ActForm | None):
    number = seen.project.number
    for act in PROJECT_ACTS:
        if act.fits(seen, seen.project):
            address = reverse(f"console:project-{act.name}", args=[number])
            yield _panel(act, seen, seen.project, "", address, f"project-{act.name}", opened, sent)
    for stage in seen.stages:
        for act in STAGE_ACTS:
            if act.fits(seen, stage):
                address = reverse(f"console:stage-{act.name}", args=[number, stage.number])
                yield _panel(
                    act, seen, stage, str(stage), address, f"stage-{stage.number}-{act.name}", opened, sent
                )
    for branch in seen.branches:
        for act in BRANCH_ACTS:
            if act.fits(seen, branch):
                address = reverse(f"console:branch-{act.name}", args=[number, branch.code])
                yield _panel(
                    act, seen, branch, branch.name, address, f"branch-{branch.code}-{act.name}", opened, sent
                )


def _wishes(wishes: list[SupplementWish], faults: dict[str, str], typed: dict) -> list[dict]:
    """Each wish of a notice with what was typed to it, and what is wrong with that."""
    found = []
    for wish in wishes:
        key = f"wish-{wish.pk}"
        found.append({"wish": wish, "key": key, "fault": faults.get(key, ""), "typed": typed.get(key, "")})
    return found


def _panel(act: Act, seen: Seen, subject, about: str, address: str, key: str, opened: str, sent) -> Panel:
    is_back = key == opened and sent is not None
    form = sent if is_back else act.form(name=key, **act.facts(seen, subject))
    return Panel(act, about, address, key, form, key == opened, act.is_daily(seen, subject))
