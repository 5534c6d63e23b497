"""一站出件 (4.2 step 10): everything of a stage that was decided, handed over with one list."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.cases import actions as cases
from apps.cases.models import Case
from apps.cases.states import DECIDED

from ..models import ProjectStage
from ..states import STAGE_OVER, BranchState, ProjectState, StageState, Verb
from .editing import NotAllowed
from .joining import end_of, end_rounds, settle
from .project_moves import Incomplete, must_lead, needs_words, with_decided


@transaction.atomic
def hand_over(stage: ProjectStage, *, way: str, proof: str, by: User, at: datetime) -> ProjectStage:
    """一站出件: the lead checks that all has ended, delivers what is still to be delivered, and lists all of it."""
    work, waiting = with_decided(stage)
    stage = work.stage(stage.pk)
    must_lead(by, work.project, stage)
    if stage.state != StageState.CLOSING:
        raise NotAllowed(f"{stage}现在是“{stage.get_state_display()}”，不能出件。")
    if way not in cases.Way.values:
        raise Incomplete("请选择送达方式。", {"way": "请选择送达方式。"})
    proof = needs_words(proof, "请填写送达凭证：签收人，或邮件号。", 120)
    handed = []
    for case in waiting:
        if case.status in DECIDED:
            cases.deliver(case, way, proof=proof, by=by, at=at)
    numbers = dict(Case.objects.filter(branch__stage=stage).values_list("pk", "result_number"))
    for branch in work.of_stage(stage):
        if branch.state == BranchState.GRANTED:
            handed.append(
                {"code": branch.code, "name": branch.name, "result": numbers.get(branch.case_id, "")}
            )
    stage.state, stage.closed_on = StageState.CLOSED, timezone.localdate(at)
    stage.save(update_fields=["state", "closed_on"])
    work.note(
        Verb.HANDED_OVER, by=by, at=at, stage=stage, before=StageState.CLOSING, after=stage.state,
        facts={"way": way, "proof": proof, "results": handed},
    )  # fmt: skip
    _close(work, by=by, at=at)
    settle(work, at=at)
    work.tell()
    return stage


def _close(work, *, by: User, at: datetime) -> None:
    """The project is closed with the last of its stages."""
    project = work.project
    if project.state == ProjectState.CLOSING and not any(
        one.state == StageState.CLOSING for one in work.stages
    ):
        over = [one for one in work.stages if one.state in STAGE_OVER]
        project.state, project.closed_on = end_of(over), timezone.localdate(at)
        project.save(update_fields=["state", "closed_on"])
        end_rounds(work, at=at)
        work.note(Verb.PROJECT_CLOSED, by=by, at=at, before=ProjectState.CLOSING, after=project.state)
