"""申请: the draft and its papers, until it is handed in online, at the counter, or to a village agent."""

from datetime import date, datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from apps.accounts.actions import may_act_for
from apps.accounts.models import Applicant, Mandate, User
from apps.items.models import Item, ItemVersion, Material, Necessity
from apps.points.models import ServicePoint

from ..answers import LONGEST_TEXT, wrong_answers
from ..models import Case, CaseFile, CaseMaterial, Channel
from ..routing import Route, route
from ..states import RUNNING, Status, Verb
from ..uploads import Checked, check
from .clocks import HallClock, open_notice_period, set_desk_due
from .moves import Incomplete, NotAllowed, begin, locked, record, take_number

S = CaseMaterial.State


@transaction.atomic
def draft(
    item: Item,
    *,
    applicant: Applicant,
    at_point: ServicePoint,
    channel: str,
    by: User,
    at: datetime,
    key: UUID | None = None,
    is_sample: bool = False,
) -> Case:
    """起草: a draft writes no event and has no number. The same `key` twice gives the same draft."""
    if known := _drafted(key, item, by):
        return known
    version, way = _open_to_applications(item, at_point)
    mandate = _standing(by, applicant, item, on=timezone.localdate(at))
    case = Case(
        **({"key": key} if key else {}),
        item=item,
        version=version,
        kind=version.kind,
        intake_point=at_point,
        intake_path=at_point.path,
        point=way.point,
        path=way.point.path,
        department=way.department,
        channel=channel,
        applicant=applicant,
        applicant_name=applicant.name,
        applicant_mask=applicant.masked_number,
        contact_name=by.name if channel in (Channel.ONLINE, Channel.MOBILE) else applicant.name,
        contact_phone=applicant.phone,
        mandate=mandate,
        filed_by=by,
        created_at=at,
        saved_at=at,
        is_sample=is_sample,
    )
    try:
        with transaction.atomic():
            case.save(force_insert=True)
    except IntegrityError:  # pressed twice at one moment, and the other press was first
        if known := _drafted(key, item, by):
            return known
        raise
    _list_materials(case, version)
    return case


@transaction.atomic
def save_draft(case: Case, *, form: dict, at: datetime, summary: str = "", phone: str | None = None) -> Case:
    """保存草稿: what was typed is kept as typed, complete or not; checks come with submission."""
    case = locked(case)
    if case.status not in (Status.DRAFT, Status.PRE_RETURNED, Status.SUPPLEMENT):
        raise NotAllowed(f"办件{case}现在是“{case.get_status_display()}”，不能再修改申请内容。")
    known = {
        field["name"]: str(form.get(field["name"], ""))[:LONGEST_TEXT] for field in case.version.form_fields
    }
    case.form = {**case.form, **{name: value for name, value in known.items() if name in form}}
    case.summary = (summary or case.summary)[:200]
    if phone is not None:
        case.contact_phone = phone[:20]
    case.saved_at = at
    case.save(update_fields=["form", "summary", "contact_phone", "saved_at"])
    return case


@transaction.atomic
def attach(material: CaseMaterial, file: UploadedFile, *, by: User, at: datetime) -> CaseFile:
    """上传材料: the content is checked and hashed; a new upload is a new version, the old one is kept. Raises BadFile."""
    checked = check(file)
    case = locked(material.case)
    _papers_may_change(case, material)
    return _store(material, file, checked, by=by, at=at)


@transaction.atomic
def mark_material(material: CaseMaterial, state: str, *, at: datetime) -> CaseMaterial:
    """材料声明: shared from the authorities, promised, or not needed this time; only where the guide allows it."""
    case = locked(material.case)
    if case.status in RUNNING:
        raise NotAllowed(f"办件{case}现在是“{case.get_status_display()}”，不能再改材料声明。")
    _papers_may_change(case, material)
    allowed = {
        S.SHARED: Necessity.SHARED,
        S.PROMISED: Necessity.BY_PROMISE,
        S.NOT_NEEDED: Necessity.SITUATIONAL,
    }
    if state != S.ABSENT and allowed.get(state) != material.necessity:
        raise NotAllowed(
            f"“{material.name}”是{material.get_necessity_display()}材料，不能标为{S(state).label}。"
        )
    material.state = state
    material.save(update_fields=["state"])
    return material


@transaction.atomic
def discard_draft(case: Case) -> None:
    """删除草稿: a draft is its owner's and leaves nothing behind."""
    case = locked(case)
    if case.status != Status.DRAFT:
        raise NotAllowed(f"办件{case}已提交，不能删除；需要时可以撤回申请。")
    case.delete()


@transaction.atomic
def renew_draft(case: Case, *, at: datetime) -> Case:
    """The guide changed while a draft was open: it moves to the version in force, and keeps what was entered."""
    case = locked(case)
    if case.status != Status.DRAFT or case.item.current_id in (None, case.version_id):
        return case
    version = ItemVersion.objects.get(pk=case.item.current_id)
    kept = {material.name: material for material in case.materials.all()}
    wanted = {material.name: material for material in version.materials.all()}
    CaseMaterial.objects.filter(case=case).exclude(name__in=wanted).delete()
    CaseMaterial.objects.filter(case=case).update(seq=F("seq") + 1000)  # out of the way of the new order
    for name, material in wanted.items():
        row = kept.get(name) or CaseMaterial(case=case, state=S.ABSENT)
        row.material, row.seq, row.name, row.necessity = material, material.seq, name, material.necessity
        row.save()
    case.version, case.kind, case.saved_at = version, version.kind, at
    case.save(update_fields=["version", "kind", "saved_at"])
    return case


@transaction.atomic
def submit(case: Case, *, by: User, at: datetime, privacy_notice: str, has_mobile: bool = False) -> Case:
    """网上提交: receipt by the authority; the five days of art. 32(4) run from this day (R3, R4).

    Raises Incomplete with one sentence per field and material when something is missing.
    """
    case = begin(case, Verb.SUBMITTED)
    today = timezone.localdate(at)
    _still_open(case)
    case.mandate = _standing(by, case.applicant, case.item, on=today)
    if not privacy_notice:
        raise Incomplete(
            "请先阅读个人信息处理告知。", {"privacy_notice": "请阅读并确认个人信息处理告知后再提交。"}
        )
    _must_be_complete(case, on=today)
    clock = HallClock(case.path)
    case.status = Status.PRE_SUBMITTED
    case.number = _number(case, today)
    case.submitted_at, case.received_on = at, today
    case.privacy_notice = privacy_notice
    if has_mobile:
        case.channel = Channel.MOBILE
    case.pre_review_due_on = clock.workdays_after(today, clock.rules.pre_review_days)
    open_notice_period(case, clock, today)
    set_desk_due(case)
    case.save(
        update_fields=[
            "status", "number", "submitted_at", "received_on", "privacy_notice", "channel", "mandate",
            "pre_review_due_on", "notice_due_on", "desk_due_on",
        ]
    )  # fmt: skip
    record(
        case,
        Verb.SUBMITTED,
        by=by,
        at=at,
        before=Status.DRAFT,
        facts={"number": case.number, "notice_due_on": _iso(case.notice_due_on)},
    )
    return case


def is_complete(case: Case, *, on: date) -> dict[str, str]:
    """What is still missing or wrong for a submission on a day: field or material key → sentence. Empty when nothing is."""
    faults = wrong_answers(case.version.form_fields, case.form, phone=case.contact_phone, on=on)
    for material in case.materials.order_by("seq"):
        if material.is_missing:
            faults[f"material-{material.seq}"] = f"请上传“{material.name}”。"
    return faults


def _must_be_complete(case: Case, *, on: date) -> None:
    faults = is_complete(case, on=on)
    if faults:
        raise Incomplete(f"还有{len(faults)}处没有填好，改好后再提交。", faults)


def _still_open(case: Case) -> None:
    if case.item.state != Item.State.ACTIVE:
        raise NotAllowed(
            f"“{case.item}”已{case.item.get_state_display()}，暂时不能提交。您填写的内容和材料都为您保留；请拨打服务热线咨询。"
        )
    if case.version_id != case.item.current_id:
        raise NotAllowed("这个事项的办事指南刚刚更新。您填写的内容都在，请核对新的材料清单后再提交。")


def _open_to_applications(item: Item, at_point: ServicePoint) -> tuple[ItemVersion, Route]:
    if item.state != Item.State.ACTIVE or item.current_id is None:
        raise NotAllowed(f"“{item}”{item.get_state_display()}，现在不能申请。")
    way = route(item, at_point)
    if way is None:
        raise NotAllowed(f"{at_point}不办理“{item}”。请在办事指南中选择可以办理的服务点。")
    return item.current, way


def _standing(by: User, applicant: Applicant, item: Item, *, on) -> Mandate | None:
    """Who may bring it: the applicant in person, a mandated person, or staff who take it at the counter."""
    if applicant.user_id == by.pk:
        return None
    mandate = may_act_for(by, applicant, item.code, on=on)
    if mandate is not None:
        return mandate
    if by.acting is not None and by.has_perm("cases.intake_case"):
        return None
    raise NotAllowed(f"您没有{applicant}办理“{item}”的有效委托，不能代为申请。")


def _list_materials(case: Case, version: ItemVersion) -> None:
    CaseMaterial.objects.bulk_create(
        CaseMaterial(
            case=case,
            material=material,
            seq=material.seq,
            name=material.name,
            necessity=material.necessity,
            state=S.SHARED if material.necessity == Necessity.SHARED else S.ABSENT,
        )
        for material in Material.objects.filter(version=version).order_by("seq")
    )


def _papers_may_change(case: Case, material: CaseMaterial) -> None:
    if case.status == Status.DRAFT:
        return
    if case.status in (Status.PRE_RETURNED, Status.SUPPLEMENT):
        if material.faults.filter(notice__answered_at=None).exists():
            return
        raise NotAllowed(f"“{material.name}”没有被要求补正，不能更换。")
    if material.state == S.TOLERATED and case.status in RUNNING:
        return
    raise NotAllowed(f"办件{case}现在是“{case.get_status_display()}”，不能再换材料。")


def _store(
    material: CaseMaterial, file: UploadedFile, checked: Checked, *, by: User | None, at: datetime
) -> CaseFile:
    last = material.files.order_by("-number").values_list("number", flat=True).first() or 0
    material.files.filter(is_current=True).update(is_current=False)
    stored = CaseFile(
        material=material,
        number=last + 1,
        name=checked.name,
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        pages=checked.pages,
        uploaded_by=by,
        uploaded_at=at,
    )
    stored.content.save(checked.name, file, save=False)
    stored.save()
    if material.state != S.TOLERATED:  # what may come later is in when it is handed in (补交容缺材料)
        material.state = S.UPLOADED
        material.save(update_fields=["state"])
    return stored


def _number(case: Case, today) -> str:
    return take_number(case.point.code[:6], today)


def _iso(day) -> str | None:
    return day.isoformat() if day else None


def _drafted(key: UUID | None, item: Item, by: User) -> Case | None:
    """The draft of this key, once it is there; a key that belongs to another matter is refused."""
    known = Case.objects.filter(key=key).first() if key else None
    if known and (known.filed_by_id, known.item_id) != (by.pk, item.pk):
        raise NotAllowed("这个请求编号已用于另一份申请，请换一个。")
    return known
