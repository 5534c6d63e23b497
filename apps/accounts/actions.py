"""What can be done to accounts, applicants and mandates. Every write leaves an audit entry where the law wants one."""

from datetime import date, datetime

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.utils import timezone

from .fields import blind_index
from .identity import clean_credit_code, clean_id_number
from .models import Applicant, Assignment, AuditEntry, CreditRecord, Mandate, PastPassword, User
from .roles import Role


class NotAllowed(Exception):
    """It cannot be done; the text is fit to show."""


@transaction.atomic
def register_person(
    *, username: str, password: str, name: str, number: str, phone: str, at: datetime
) -> User:
    """实名注册: an account and its applicant, one per ID number. Raises BadNumber or NotAllowed."""
    number = clean_id_number(number, on=timezone.localdate(at))
    user = _open_account(username=username, password=password, name=name, phone=phone, at=at)
    known = Applicant.objects.select_for_update().with_number(number).first()
    if known is None:
        _make_applicant(kind=Applicant.Kind.PERSON, name=name, number=number, phone=phone, at=at, user=user)
    elif known.user_id or known.name != name.strip() or known.phone != phone:
        # one sentence for all three: it must not tell a stranger what the hall has on record
        raise NotAllowed(
            "该身份证号已注册，或与窗口登记的姓名、手机号不一致。请直接登录，或带身份证到窗口核实。"
        )
    else:  # a walk-in of earlier days now opens an account: the cases brought then are found again
        known.user = user
        known.save(update_fields=["user"])
    return user


@transaction.atomic
def register_enterprise(
    *, kind: str, name: str, code: str, phone: str, address: str, by: User, at: datetime, on: date
) -> Applicant:
    """企业登记: the organisation, with the registering person as its administrator. Raises BadNumber or NotAllowed."""
    code = clean_credit_code(code)
    if kind == Applicant.Kind.PERSON:
        raise NotAllowed("请选择单位类型。")
    if Applicant.objects.with_number(code).exists():
        raise NotAllowed("该统一社会信用代码已登记。请联系本单位的企业管理员授权您为经办人。")
    organisation = _make_applicant(kind=kind, name=name, number=code, phone=phone, at=at, address=address)
    Mandate.objects.create(
        principal=organisation,
        agent=by,
        kind=Mandate.Kind.REPRESENTATIVE,
        is_company_admin=True,
        valid_from=on,
        given_at=at,
    )
    return organisation


@transaction.atomic
def note_applicant(
    *, kind: str, name: str, number: str, phone: str, address: str = "", at: datetime
) -> Applicant:
    """窗口登记: the applicant of a walk-in, found by number or entered; the name on record is not overwritten."""
    person = kind == Applicant.Kind.PERSON
    number = clean_id_number(number, on=timezone.localdate(at)) if person else clean_credit_code(number)
    on_record = Applicant.objects.select_for_update().with_number(number)
    known = on_record.first()
    if known is None:
        try:
            return _make_applicant(kind=kind, name=name, number=number, phone=phone, at=at, address=address)
        except NotAllowed:  # entered at another counter at this moment
            known = on_record.get()
    if known.name != name.strip():
        raise NotAllowed("证件号码已登记在另一个名称下，请核对姓名或名称与号码。")
    if phone and known.user_id is None and known.phone != phone:
        known.phone = phone
        known.save(update_fields=["phone"])
    return known


@transaction.atomic
def give_mandate(
    principal: Applicant,
    *,
    agent: User,
    kind: str,
    on: date,
    until: date | None,
    at: datetime,
    by: User,
    item_codes: list[str] | None = None,
    is_company_admin: bool = False,
    note: str = "",
) -> Mandate:
    """委托: the principal, a company's administrator, or an agent who holds the signed paper enters it."""
    may = (
        principal.user_id == by.pk
        or administers(by, principal, on=on)
        or (kind == Mandate.Kind.AGENT and agent.pk == by.pk and by.has_perm("cases.collect_case"))
    )
    if not may:
        raise NotAllowed("只有委托人本人、企业管理员，或持书面委托书的代办员可以登记委托。")
    if until is not None and until < on:
        raise NotAllowed("委托的截止日不能早于起始日。")
    if principal.user_id == agent.pk:
        raise NotAllowed("不能委托给自己。")
    return Mandate.objects.create(
        principal=principal,
        agent=agent,
        kind=kind,
        item_codes=item_codes or [],
        is_company_admin=is_company_admin,
        valid_from=on,
        valid_to=until,
        given_at=at,
        note=note,
    )


@transaction.atomic
def revoke_mandate(mandate: Mandate, *, by: User, at: datetime, on: date) -> Mandate:
    """撤销委托: works at once; a company keeps at least one administrator."""
    mandate = Mandate.objects.select_for_update().select_related("principal").get(pk=mandate.pk)
    if (
        mandate.principal.user_id != by.pk
        and mandate.agent_id != by.pk
        and not administers(by, mandate.principal, on=on)
    ):
        raise NotAllowed("只有委托人或被委托人可以撤销委托。")
    if mandate.revoked_at:
        raise NotAllowed("这份委托已经撤销。")
    others = Mandate.objects.valid_on(on).filter(principal=mandate.principal, is_company_admin=True)
    if mandate.is_company_admin and not others.exclude(pk=mandate.pk).exists():
        raise NotAllowed("企业至少要保留一名企业管理员。请先授权另一名管理员。")
    mandate.revoked_at = at
    mandate.save(update_fields=["revoked_at"])
    return mandate


def administers(user: User, organisation: Applicant, *, on: date) -> bool:
    """Whether the user is a 企业管理员 of the organisation on that day."""
    return Mandate.objects.valid_on(on).between(organisation, user).filter(is_company_admin=True).exists()


def may_act_for(user: User, principal: Applicant, item_code: str, *, on: date) -> Mandate | None:
    """The mandate under which the user may bring this item for the principal on that day, if there is one."""
    held = Mandate.objects.valid_on(on).between(principal, user).order_by("id")
    return next((mandate for mandate in held if mandate.covers(item_code, on=on)), None)


@transaction.atomic
def change_password(user: User, password: str, *, at: datetime) -> User:
    """修改密码: the old hash is kept so that none of the last five comes back. Validation is the form's."""
    user = User.objects.select_for_update().get(pk=user.pk)
    PastPassword.objects.create(user=user, encoded=user.password, at=at)
    user.set_password(password)
    user.password_changed_at = at
    user.save(update_fields=["password", "password_changed_at"])
    audit(AuditEntry.Kind.PASSWORD_CHANGED, by=user, at=at)
    return user


def choose_single_keys(user: User, on: bool) -> User:
    """单键快捷键: letters as shortcuts can be switched off (WCAG 2.1.4)."""
    user.single_keys = on
    user.save(update_fields=["single_keys"])
    return user


@transaction.atomic
def assign(
    user: User,
    role: str,
    *,
    point=None,
    department=None,
    on: date,
    until: date | None = None,
    by: User | None,
    at: datetime,
) -> Assignment:
    """任职: gives a role at a place for a time; the same role at the same place only once at a time."""
    try:
        with transaction.atomic():
            assignment = Assignment.objects.create(
                user=user, role=role, point=point, department=department, valid_from=on, valid_to=until
            )
    except IntegrityError as error:
        raise NotAllowed(f"{user.name}在这段时间已经担任{Role(role).label}。") from error
    if not user.is_staff:
        user.is_staff = True
        user.save(update_fields=["is_staff"])
    audit(
        AuditEntry.Kind.RIGHTS_CHANGED, by=by, at=at, subject=user.username, detail={"given": str(assignment)}
    )
    return assignment


@transaction.atomic
def end_assignment(assignment: Assignment, *, on: date, by: User, at: datetime) -> Assignment:
    """离任: the role ends with that day."""
    assignment = Assignment.objects.select_for_update().get(pk=assignment.pk)
    if on < assignment.valid_from:
        raise NotAllowed("离任日不能早于任职日。")
    assignment.valid_to = on
    assignment.save(update_fields=["valid_to"])
    audit(
        AuditEntry.Kind.RIGHTS_CHANGED,
        by=by,
        at=at,
        subject=assignment.user.username,
        detail={"ended": str(assignment)},
    )
    return assignment


@transaction.atomic
def enter_credit_record(
    *,
    is_person: bool,
    name: str,
    number: str,
    source: str,
    reason: str,
    valid_from: date,
    valid_to: date | None,
    by: User,
    at: datetime,
) -> CreditRecord:
    """录入失信记录: what another authority found about a subject. Raises BadNumber or NotAllowed."""
    number = clean_id_number(number) if is_person else clean_credit_code(number)
    if valid_to is not None and valid_to < valid_from:
        raise NotAllowed("截止日不能早于起始日。")
    try:
        with transaction.atomic():
            entered = CreditRecord.objects.create(
                is_person=is_person,
                name=name.strip(),
                number_key=blind_index(number),
                number_last4=number[-4:],
                source=source.strip(),
                reason=reason.strip(),
                valid_from=valid_from,
                valid_to=valid_to,
                entered_by=by,
                entered_at=at,
            )
    except IntegrityError as error:
        raise NotAllowed("同一主体、同一文书、同一起始日的失信记录已经录入，不用再录。") from error
    audit(AuditEntry.Kind.CREDIT_ENTERED, by=by, at=at, subject=_record_of(entered))
    return entered


@transaction.atomic
def lift_credit_record(record: CreditRecord, *, why: str, by: User, at: datetime) -> CreditRecord:
    """解除失信记录: after 信用修复, or because it was wrong; once, with the reason."""
    record = CreditRecord.objects.select_for_update().get(pk=record.pk)
    why = why.strip()
    if record.lifted_at is not None:
        raise NotAllowed("这条失信记录已经解除。")
    if not why:
        raise NotAllowed("请写明解除的理由，例如信用修复的文书。")
    record.lifted_by, record.lifted_at, record.lifted_why = by, at, why[:500]
    record.save(update_fields=["lifted_by", "lifted_at", "lifted_why"])
    audit(
        AuditEntry.Kind.CREDIT_LIFTED,
        by=by,
        at=at,
        subject=_record_of(record),
        detail={"why": record.lifted_why},
    )
    return record


def _record_of(record: CreditRecord) -> str:
    """What an audit entry calls a record: its number in the register, nobody's name."""
    return f"失信记录{record.pk}"


def audit(
    kind: str,
    *,
    by: User | None,
    at: datetime,
    subject: str = "",
    detail: dict | None = None,
    address: str | None = None,
) -> AuditEntry:
    """安全审计: one entry; `subject` is a case number or username, never a personal number."""
    return AuditEntry.objects.create(
        kind=kind,
        user=by,
        assignment=by.acting if by else None,
        subject=subject,
        detail=detail or {},
        address=address,
        at=at,
    )


def _open_account(*, username: str, password: str, name: str, phone: str, at: datetime) -> User:
    try:
        with transaction.atomic():
            return User.objects.create(
                username=username.strip(),
                password=make_password(password),
                name=name.strip(),
                phone=phone,
                date_joined=at,
                password_changed_at=at,
            )
    except IntegrityError as error:
        raise NotAllowed("这个用户名已经有人使用，请换一个。") from error


def _make_applicant(*, kind, name, number, phone, at, user=None, address="") -> Applicant:
    try:
        with transaction.atomic():
            return Applicant.objects.create(
                kind=kind,
                name=name.strip(),
                number=number,
                number_key=blind_index(number),
                number_last4=number[-4:],
                phone=phone,
                address=address,
                user=user,
                registered_at=at,
            )
    except IntegrityError as error:
        raise NotAllowed("该证件号码刚刚已被登记，请重新查询。") from error
