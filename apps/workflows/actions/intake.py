"""申报: one form and one package for a whole project; confirmed by the lead, received stage by stage."""

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.actions import may_act_for
from apps.accounts.models import Applicant, Mandate, User
from apps.cases import actions as cases
from apps.cases.answers import LONGEST_TEXT, wrong_answers
from apps.points.models import ServicePoint

from ..models import Bundle, BundleVersion, Project, ProjectFile, ProjectStage
from ..models.projects import national_code_is_well_formed
from ..one_form import asked_of
from ..places import hall_of
from ..reading import key_of, parts_of
from ..states import UNSTARTED, BranchState, ProjectState, StageState, Verb
from .dispatching import dispatch_within
from .editing import NotAllowed
from .joining import settle
from .laying_out import LEFT_OUT, brought_in, lay_matrix, lay_out
from .project_moves import (
    Incomplete,
    Work,
    begin_project,
    begin_stage,
    locked,
    must_lead,
    needs_words,
    takes_in,
)
from .reckoning import ACCEPTANCE_FIELDS, run_acceptance


@transaction.atomic
def draft_project(
    version: BundleVersion,
    *,
    name: str,
    applicant: Applicant,
    at_point: ServicePoint,
    channel: str,
    answers: dict[str, str],
    by: User,
    at: datetime,
    national_code: str = "",
    key: UUID | None = None,
    is_sample: bool = False,
) -> Project:
    """起草: the answers say which branches apply, the branches which papers. The same `key` twice gives the same draft."""
    if known := _drafted(key, version, by):
        return known
    today = timezone.localdate(at)
    if not BundleVersion.objects.in_force_on(today).filter(pk=version.pk).exists():
        raise NotAllowed(f"“{version.bundle}”的这一版现在不能申报，请从套餐页重新开始。")
    project = Project(
        **({"key": key} if key else {}),
        bundle=version.bundle,
        version=version,
        name=needs_words(name, "请填写项目名称。", 120),
        national_code=_code(national_code),
        point=hall_of(at_point),
        intake_point=at_point,
        channel=channel,
        applicant=applicant,
        applicant_name=applicant.name,
        applicant_mask=applicant.masked_number,
        contact_name=applicant.name,
        contact_phone=applicant.phone,
        mandate=_standing(by, applicant, on=today),
        filed_by=by,
        answers=_kept(answers),
        drafted_at=at,
        is_sample=is_sample,
    )
    project.path = project.point.path
    brought_in(parts_of(version).sheet(), project.answers)
    try:
        with transaction.atomic():
            project.save(force_insert=True)
    except IntegrityError:  # pressed twice at one moment, and the other press was first
        if known := _drafted(key, version, by):
            return known
        raise
    lay_out(project, on=today)
    project.save(update_fields=["lead"])
    return project


@transaction.atomic
def change_answers(project: Project, answers: dict[str, str], *, at: datetime) -> Project:
    """改答情形问卷: of a draft; what was uploaded stays with the paper it belongs to."""
    work = _draft(project)
    project, parts = work.project, parts_of(work.project.version)
    wanted = brought_in(parts.sheet(), _kept(answers))
    project.answers = _kept(answers)
    for branch in work.branches:
        is_needed = branch.code in wanted
        branch.state = BranchState.WAITING if is_needed else BranchState.NOT_NEEDED
        branch.reason = "" if is_needed else LEFT_OUT
        branch.save(update_fields=["state", "reason"])
    project.save(update_fields=["answers"])
    lay_matrix(work, parts)
    return project


@transaction.atomic
def save_project(
    project: Project,
    *,
    form: dict,
    at: datetime,
    name: str | None = None,
    phone: str | None = None,
    contact: str | None = None,
    handing: str | None = None,
    national_code: str | None = None,
) -> Project:
    """保存草稿: what was typed is kept as typed, complete or not; checks come with the filing."""
    project = _draft(project).project
    known = {field["name"] for field in asked_of(project)}
    typed = {
        field: str(value).replace("\x00", "")[:LONGEST_TEXT]
        for field, value in form.items()
        if field in known
    }
    project.form = {**project.form, **typed}
    if name is not None and name.strip():
        project.name = name.strip()[:120]
    if phone is not None:
        project.contact_phone = phone[:20]
    if contact is not None:
        project.contact_name = contact[:60]
    if handing in Project.Handing.values:
        project.handing = handing
    if national_code is not None:
        project.national_code = _code(national_code)
    project.save(update_fields=["form", "name", "contact_phone", "contact_name", "handing", "national_code"])
    return project


@transaction.atomic
def discard_project(project: Project) -> None:
    """删除草稿: a draft is its owner's and leaves nothing behind."""
    work = _draft(project)
    work.project.materials.all().delete()
    work.project.branches.all().delete()
    work.project.stages.all().delete()
    work.project.delete()


@transaction.atomic
def renew_project(project: Project, *, at: datetime, answers: dict[str, str] | None = None) -> Project:
    """套餐更新: a draft moves to the version in force, with what was typed and uploaded for papers of the same name.

    `answers` are those to the questions of the new version; without them, what was answered to questions of the same
    words holds.
    """
    work, today = _draft(project), timezone.localdate(at)
    project = work.project
    version = BundleVersion.objects.in_force_on(today).filter(bundle=project.bundle).first()
    if version is None:
        raise NotAllowed(f"“{project.bundle}”暂停申报，您填写的内容都为您保留。")
    if version.pk == project.version_id:
        return project
    asked = {question.text: question for question in parts_of(project.version).questions}
    texts = {text: project.answers.get(str(question.number), "") for text, question in asked.items()}
    kept = [
        (material.name, material.state, list(material.files.order_by("number")))
        for material in project.materials.order_by("seq")
    ]
    for _, _, files in kept:
        for file in files:
            file.pk = None
    project.materials.all().delete()
    project.branches.all().delete()
    project.stages.all().delete()
    project.version = version
    parts = parts_of(version)
    same = {str(one.number): texts.get(one.text, "") for one in parts.questions}
    project.answers = same | _kept(answers or {})
    try:
        brought_in(parts.sheet(), project.answers)
    except Incomplete as open_ones:
        raise Incomplete("套餐更新了，情形问题有变化，请重新回答。", open_ones.faults) from open_ones
    lay_out(project, on=today)
    project.save(update_fields=["version", "answers", "lead"])
    _put_back(project, kept)
    return project


@transaction.atomic
def file_project(
    project: Project, *, by: User, at: datetime, privacy_notice: str, also: dict[str, str] | None = None
) -> Project:
    """申报 (4.2 step 1): with its number. What citizens and companies file is confirmed by their own answers, received and
    dispatched in the same moment; an investment project waits for its lead. Raises Incomplete with all faults at once.
    """
    work = begin_project(project, Verb.FILED)
    project, today = work.project, timezone.localdate(at)
    project.mandate = _standing(by, project.applicant, on=today)
    if not BundleVersion.objects.in_force_on(today).filter(pk=project.version_id).exists():
        raise NotAllowed("这个套餐刚刚更新。您填写的内容和材料都在，请先更新到新版本，核对清单后再提交。")
    if not privacy_notice:
        raise Incomplete(
            "请先阅读个人信息处理告知。", {"privacy_notice": "请阅读并确认个人信息处理告知后再提交。"}
        )
    first = next(stage for stage in work.stages if _applies(work, stage))
    faults = dict(also or {}) | missing_from(project, first, on=today)
    if faults:
        raise Incomplete(f"还有{len(faults)}处没有填好，改好后再提交。", faults)
    project.state, project.filed_at, project.privacy_notice = ProjectState.FILED, at, privacy_notice
    project.number = cases.take_number(project.point.code[:6], today)
    try:
        with transaction.atomic():
            project.save(update_fields=["state", "filed_at", "privacy_notice", "number", "mandate"])
    except IntegrityError as error:
        sentence = "这个项目代码已有在办的申报，请核对，或在“我的项目”里继续办理。"
        raise Incomplete(sentence, {"national_code": sentence}) from error
    counts = {
        "number": project.number,
        "branches": [one.code for one in work.branches if one.state != BranchState.NOT_NEEDED],
    }
    work.note(Verb.FILED, by=by, at=at, before=ProjectState.DRAFT, after=project.state, facts=counts)
    if project.bundle.audience != Bundle.Audience.INVESTMENT:
        _confirm(work, {}, by=None, at=at, why="按情形问卷自动确认")
        _receive(work, first, by=None, at=at)
        dispatch_within(work, first, by=None, at=at)
    work.tell()
    return project


@transaction.atomic
def confirm(
    project: Project,
    *,
    left_out: dict[int, str],
    by: User | None,
    at: datetime,
    taken_in: tuple[int, ...] = (),
) -> Project:
    """确认事项清单 (4.2 step 1): by the lead; each branch left out has a reason, and one that was not asked for can be taken in."""
    work = begin_project(project, Verb.CONFIRMED)
    must_lead(by, work.project)
    for branch in work.branches:
        if branch.pk in taken_in and branch.state == BranchState.NOT_NEEDED:
            branch.state, branch.reason = BranchState.WAITING, ""
            branch.save(update_fields=["state", "reason"])
    _confirm(work, left_out, by=by, at=at)
    lay_matrix(work)
    settle(work, at=at)
    work.tell()
    return work.project


@transaction.atomic
def receive(stage: ProjectStage, *, by: User, at: datetime) -> ProjectStage:
    """阶段收件 (4.2 step 2): one package for all its branches; the five days of art. 32(4) begin."""
    work, stage = begin_stage(stage, Verb.RECEIVED)
    if work.project.state not in (ProjectState.CONFIRMED, ProjectState.RUNNING):
        raise NotAllowed("牵头部门还没有确认事项清单，不能收件。")
    if not takes_in(by, work.project, stage):
        raise NotAllowed("由综合窗口或牵头部门收件。")
    if not _applies(work, stage):
        raise NotAllowed(f"{stage}没有要办的分项。")
    faults = missing_from(work.project, stage, on=timezone.localdate(at), form=False)
    if faults:
        names = "、".join(sentence for sentence in list(faults.values())[:3])
        raise Incomplete(f"这一阶段还缺{len(faults)}份必要材料：{names}", faults)
    _receive(work, stage, by=by, at=at)
    work.tell()
    return stage


def missing_from(project: Project, stage: ProjectStage, *, on: date, form: bool = True) -> dict[str, str]:
    """What stands in the way of handing a stage in: field or material key → sentence."""
    faults: dict[str, str] = {}
    if form:
        faults = wrong_answers(asked_of(project), project.form, phone=project.contact_phone, on=on)
        if project.is_investment and not project.national_code:
            faults["national_code"] = "请填写项目代码，在全国投资项目在线审批监管平台登记后取得。"
    for material in project.materials.filter(stage=stage).exclude(uses=None).order_by("seq"):
        if material.is_missing:
            faults[f"material-{material.seq}"] = f"请上传“{material.name}”。"
    return faults


def _confirm(work: Work, left_out: dict[int, str], *, by: User | None, at: datetime, why: str = "") -> None:
    project, dropped = work.project, []
    for branch in work.branches:
        if branch.pk in left_out and branch.state in UNSTARTED:
            branch.reason = needs_words(left_out[branch.pk], f"请写明不办“{branch.name}”的理由。")
            branch.state = BranchState.NOT_NEEDED
            branch.save(update_fields=["state", "reason"])
            dropped.append(branch)
    if not any(branch.state in UNSTARTED for branch in work.branches):
        raise NotAllowed("至少要留下一个分项；整个项目不办的，请撤回项目。")
    project.state, project.confirmed_at = ProjectState.CONFIRMED, at
    project.save(update_fields=["state", "confirmed_at"])
    for branch in dropped:
        work.note(Verb.DROPPED, by=by, at=at, branch=branch, reason=branch.reason)
    needed = [branch.code for branch in work.branches if branch.state != BranchState.NOT_NEEDED]
    work.note(
        Verb.CONFIRMED,
        by=by,
        at=at,
        before=ProjectState.FILED,
        after=project.state,
        reason=why,
        facts={"branches": needed},
    )


def _receive(work: Work, stage: ProjectStage, *, by: User | None, at: datetime) -> None:
    clock, today, project = work.clock, timezone.localdate(at), work.project
    stage.state, stage.received_on = StageState.RECEIVED, today
    run_acceptance(stage, clock, today)
    stage.save(update_fields=["state", "received_on", *ACCEPTANCE_FIELDS])
    if project.state == ProjectState.CONFIRMED:
        project.state = ProjectState.RUNNING
        project.save(update_fields=["state"])
    work.note(
        Verb.RECEIVED, by=by, at=at, stage=stage, before=StageState.WAITING, after=stage.state,
        facts={"accept_by": stage.accept_by.isoformat()},
    )  # fmt: skip


def _applies(work: Work, stage: ProjectStage) -> bool:
    """Whether anything of a stage is still to be done."""
    return any(branch.state in UNSTARTED for branch in work.of_stage(stage))


def _draft(project: Project) -> Work:
    work = locked(project)
    if work.project.state != ProjectState.DRAFT:
        raise NotAllowed("项目已经申报，不能再这样修改。")
    return work


def _drafted(key: UUID | None, version: BundleVersion, by: User) -> Project | None:
    known = Project.objects.filter(key=key).first() if key else None
    if known and (known.filed_by_id, known.bundle_id) != (by.pk, version.bundle_id):
        raise NotAllowed("这个请求编号已用于另一个项目，请换一个。")
    return known


def _standing(by: User, applicant: Applicant, *, on: date) -> Mandate | None:
    """Who may bring it: the applicant in person, somebody with a mandate for everything, or staff at the counter."""
    if applicant.user_id == by.pk:
        return None
    mandate = may_act_for(by, applicant, "", on=on)
    if mandate is not None and not mandate.item_codes:
        return mandate
    if by.acting is not None and by.has_perm("workflows.file_project"):
        return None
    raise NotAllowed(f"您没有{applicant}的全权委托，不能代为申报整个项目。")


def _put_back(project: Project, kept: list) -> None:
    """Files of a draft, laid under the papers of the same name that the new version asks for."""
    by_name = {key_of(name): (state, files) for name, state, files in kept}
    for material in project.materials.all():
        state, files = by_name.get(key_of(material.name), ("", []))
        if not state or material.source_id is not None:
            continue
        material.state = state
        material.save(update_fields=["state"])
        for file in files:
            file.material = material
        ProjectFile.objects.bulk_create(files)


def _kept(answers: dict[str, str]) -> dict[str, str]:
    return {str(number): str(answer)[:60] for number, answer in answers.items()}


def _code(text: str) -> str:
    text = text.strip()
    if text:
        try:
            national_code_is_well_formed(text)
        except ValidationError as error:
            raise Incomplete(error.messages[0], {"national_code": error.messages[0]}) from error
    return text
