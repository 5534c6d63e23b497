"""人员: everyone who signs in, the subjects they act for, and the proof that they may."""

from datetime import date

import pgtrigger
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q

from apps.points.models import Department, ServicePoint

from .fields import EncryptedTextField, blind_index
from .identity import mask_name, mask_number
from .roles import CENTRE_ROLES, TWO_FACTOR_ROLES, Role

_LIFTING = "'lifted_by_id' - 'lifted_at' - 'lifted_why'"


class DateRange(Func):
    function = "daterange"
    output_field = DateRangeField()


class UserManager(BaseUserManager):
    def get_by_natural_key(self, username):
        return self.get(username=username)


class User(AbstractBaseUser, PermissionsMixin):
    """账号: one person, one account; staff and citizens alike. What staff may do comes from their assignments."""

    username = models.CharField("用户名", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=60)
    phone = models.CharField("手机号", max_length=20, blank=True)
    is_staff = models.BooleanField("工作人员", default=False)
    is_active = models.BooleanField("启用", default=True)
    is_sample = models.BooleanField("演示人员", default=False)
    date_joined = models.DateTimeField("开通时间", null=True)
    password_changed_at = models.DateTimeField("上次改密", null=True)
    single_keys = models.BooleanField("单键快捷键", default=True)

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        permissions = [("manage_account", "可管理账号")]

    def __str__(self):
        return self.name

    def get_full_name(self):
        return self.name

    def assignments_on(self, day: date) -> list["Assignment"]:
        """Assignments valid on a day, fetched once per loaded user and day."""
        cache = self.__dict__.setdefault("_assignments_on", {})
        if day not in cache:
            held = self.assignments.valid_on(day).select_related("point", "department").order_by("id")
            cache[day] = list(held)
        return cache[day]

    @property
    def acting(self) -> "Assignment | None":
        """The one assignment under which this person acts now (chosen in the session), if any."""
        return self.__dict__.get("_acting")

    @acting.setter
    def acting(self, assignment: "Assignment | None"):
        self.__dict__["_acting"] = assignment


class PastPassword(models.Model):
    """A password once used, hashed: none of the last five may come back."""

    user = models.ForeignKey(User, models.CASCADE, related_name="past_passwords")
    encoded = models.CharField(max_length=128)
    at = models.DateTimeField()

    def __str__(self):
        return f"{self.user_id} {self.at}"


class AssignmentQuerySet(models.QuerySet):
    def valid_on(self, day: date):
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)


class Assignment(models.Model):
    """任职: a role at a point, perhaps within a department, for a time. It is the scope of what is seen and done."""

    user = models.ForeignKey(User, models.PROTECT, related_name="assignments")
    role = models.CharField("角色", max_length=20, choices=Role)
    point = models.ForeignKey(ServicePoint, models.PROTECT, null=True, blank=True, related_name="assignments")
    department = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="assignments"
    )
    valid_from = models.DateField("自")
    valid_to = models.DateField("至", null=True, blank=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="only_a_system_administrator_has_no_point",
                condition=Q(point__isnull=False) | Q(role=Role.SYSTEM_ADMIN),
            ),
            models.CheckConstraint(
                name="assignment_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
            ExclusionConstraint(
                name="same_role_at_one_place_only_once_at_a_time",
                expressions=[
                    ("user", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("point", RangeOperators.EQUAL),
                    (
                        Func(F("department"), 0, function="coalesce", output_field=models.BigIntegerField()),
                        "=",
                    ),
                    (DateRange(F("valid_from"), F("valid_to"), models.Value("[]")), RangeOperators.OVERLAPS),
                ],
            ),
        ]

    def __str__(self):
        place = self.department or self.point or "全系统"
        return f"{place}{self.get_role_display()}"

    @property
    def is_of_the_centre(self) -> bool:
        return self.role in CENTRE_ROLES

    @property
    def needs_two_factors(self) -> bool:
        return self.role in TWO_FACTOR_ROLES


class ApplicantQuerySet(models.QuerySet):
    def with_number(self, number: str):
        return self.filter(number_key=blind_index(number))


class Applicant(models.Model):
    """申请人: a natural person or an organisation in whose name a matter is brought."""

    class Kind(models.TextChoices):
        PERSON = "1", "自然人"
        ENTERPRISE = "2", "企业法人"
        PUBLIC_BODY = "3", "事业法人"
        ASSOCIATION = "4", "社会组织法人"
        AUTHORITY = "5", "行政机关"
        OTHER = "6", "其他组织"

    kind = models.CharField("类型", max_length=1, choices=Kind, default=Kind.PERSON)
    name = models.CharField("姓名或名称", max_length=120)
    number = EncryptedTextField("证件号码")
    number_key = models.CharField("证件号码索引", max_length=64, unique=True)
    number_last4 = models.CharField("证件号码后四位", max_length=4)
    phone = models.CharField("联系电话", max_length=20, blank=True)
    address = models.CharField("地址", max_length=200, blank=True)
    user = models.OneToOneField(User, models.PROTECT, null=True, blank=True, related_name="applicant")
    registered_at = models.DateTimeField("登记时间")

    objects = ApplicantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="only_a_natural_person_signs_in", condition=Q(user=None) | Q(kind="1")
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def is_person(self) -> bool:
        return self.kind == self.Kind.PERSON

    @property
    def masked_number(self) -> str:
        return mask_number(self.number)


class MandateQuerySet(models.QuerySet):
    def valid_on(self, day: date):
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day, revoked_at=None)

    def between(self, principal: Applicant, agent: User):
        return self.filter(principal=principal, agent=agent)


class Mandate(models.Model):
    """委托书: a principal lets a person act. Empty `item_codes` covers everything; a revocation works at once (D-24)."""

    class Kind(models.TextChoices):
        REPRESENTATIVE = "representative", "企业经办"
        AGENT = "agent", "代办"

    principal = models.ForeignKey(Applicant, models.PROTECT, related_name="mandates_given")
    agent = models.ForeignKey(User, models.PROTECT, related_name="mandates_held")
    kind = models.CharField("种类", max_length=16, choices=Kind)
    item_codes = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    is_company_admin = models.BooleanField("企业管理员", default=False)
    valid_from = models.DateField("自")
    valid_to = models.DateField("至", null=True, blank=True)
    given_at = models.DateTimeField("委托时间")
    revoked_at = models.DateTimeField("撤销时间", null=True, blank=True)
    note = models.CharField("说明", max_length=200, blank=True)

    objects = MandateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="mandate_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
        ]
        indexes = [models.Index(fields=["agent", "principal"], name="mandate_by_agent")]

    def __str__(self):
        return f"{self.principal}委托{self.agent}"

    def covers(self, item_code: str, *, on: date) -> bool:
        """Whether the mandate lets its agent bring this item on that day."""
        in_time = self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
        return self.revoked_at is None and in_time and (not self.item_codes or item_code in self.item_codes)


class CreditRecordQuerySet(models.QuerySet):
    def in_force_on(self, day: date):
        return self.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day, lifted_at=None)

    def against(self, applicant: Applicant):
        """Of this subject, by the keyed hash of the number alone."""
        return self.filter(number_key=applicant.number_key)

    def for_list(self):
        return self.select_related("entered_by", "lifted_by").order_by("-id")


class CreditRecord(models.Model):
    """失信记录: whom 容缺受理 and 告知承诺 are closed to, until the record ends or is lifted (信用修复).

    The number is kept as its keyed hash with the last four characters, never plain: the subject need not be an applicant
    yet. A record holds in every hall, so whoever keeps the register sees all of it. It is entered, and lifted once.
    """

    is_person = models.BooleanField("自然人")
    name = models.CharField("姓名或名称", max_length=120)
    number_key = models.CharField("证件号码索引", max_length=64)
    number_last4 = models.CharField("证件号码后四位", max_length=4)
    source = models.CharField("认定机关和文书", max_length=120)
    reason = models.CharField("失信事由", max_length=500)
    valid_from = models.DateField("自")
    valid_to = models.DateField("至", null=True, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField("录入时间")
    lifted_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField("解除时间", null=True, blank=True)
    lifted_why = models.CharField("解除理由", max_length=500, blank=True)

    objects = CreditRecordQuerySet.as_manager()

    class Meta:
        permissions = [("keep_credit", "可维护失信记录")]
        constraints = [
            models.CheckConstraint(
                name="credit_record_ends_after_it_begins",
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
            ),
            models.CheckConstraint(
                name="a_lifted_record_says_by_whom_and_why",
                condition=Q(lifted_at=None, lifted_by=None, lifted_why="")
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_why="")),
            ),
            models.UniqueConstraint(
                fields=["number_key", "source", "valid_from"],
                condition=Q(lifted_at=None),
                name="one_finding_is_recorded_once",
            ),
        ]
        indexes = [models.Index(fields=["number_key"], name="credit_by_number")]
        triggers = [
            pgtrigger.Protect(name="credit_records_are_kept", operation=pgtrigger.Delete),
            pgtrigger.Trigger(
                name="a_credit_record_is_only_lifted",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                func=f"""
                    IF OLD.lifted_at IS NOT NULL OR to_jsonb(OLD) - {_LIFTING} <> to_jsonb(NEW) - {_LIFTING} THEN
                        RAISE EXCEPTION 'pgtrigger: a credit record is only lifted, once';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self):
        return f"{self.shown_name}（{self.source}）"

    @property
    def shown_name(self) -> str:
        return mask_name(self.name) if self.is_person else self.name

    def is_in_force_on(self, day: date) -> bool:
        ended = self.valid_to is not None and self.valid_to < day
        return self.lifted_at is None and self.valid_from <= day and not ended


class PrivacyNotice(models.Model):
    """个人信息处理告知: the text shown before submission (个人信息保护法 art. 17); cases record the version."""

    version = models.CharField("版本", max_length=20, unique=True)
    text = models.TextField("正文")
    published_on = models.DateField("发布日")

    def __str__(self):
        return self.version

    @classmethod
    def in_force(cls) -> "PrivacyNotice | None":
        """The latest one; None before any was published."""
        return cls.objects.order_by("-published_on", "-id").first()


class AuditEntry(models.Model):
    """安全审计: sign-ins, looks at full ID numbers, exports, changes of rights. Written once, kept over six months."""

    class Kind(models.TextChoices):
        SIGNED_IN = "signed_in", "登录"
        SIGN_IN_FAILED = "sign_in_failed", "登录失败"
        SIGNED_OUT = "signed_out", "退出"
        REVEALED = "revealed", "查看完整证件号码"
        EXPORTED = "exported", "导出"
        PASSWORD_CHANGED = "password_changed", "修改密码"
        RIGHTS_CHANGED = "rights_changed", "权限变更"
        CONFIGURED = "configured", "配置变更"
        SEARCHED = "searched", "检索个人信息"
        CREDIT_ENTERED = "credit_entered", "录入失信记录"
        CREDIT_LIFTED = "credit_lifted", "解除失信记录"

    kind = models.CharField("类别", max_length=20, choices=Kind)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="audit_entries"
    )
    assignment = models.ForeignKey(Assignment, models.PROTECT, null=True, related_name="+")
    subject = models.CharField("对象", max_length=200, blank=True)
    detail = models.JSONField("内容", default=dict)
    address = models.GenericIPAddressField("来源地址", null=True)
    at = models.DateTimeField("时间")

    class Meta:
        indexes = [models.Index(fields=["-at"], name="audit_by_time")]
        triggers = [
            pgtrigger.Protect(name="audit_is_append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.subject}"
