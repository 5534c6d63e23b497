"""办件: one matter brought by one applicant, from draft to archive."""

import uuid
from datetime import date

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Right

from apps.accounts.models import Applicant, Mandate
from apps.items.models import CaseKind, CjkGrams, Item, ItemVersion, Unit
from apps.points.models import Department, ServicePoint
from apps.windows.models import Window

from ..querysets import CaseQuerySet
from ..states import DECIDED, ENDED, ON_DESK, OPEN, RUNNING, UNANSWERED, WAITING, Status, values_of

NO_DATE = date(9999, 12, 31)
"""`desk_due_on` of a case that nothing is due on: it sorts last without being null."""

_STARTED = values_of(set(Status) - {Status.DRAFT, Status.COLLECTED})


class Channel(models.TextChoices):
    """来源: how the matter came in (办理形式, GB/T 39046 A.7)."""

    COUNTER = "1", "窗口"
    ONLINE = "2", "网上"
    MOBILE = "3", "手机"
    POST = "4", "邮寄"
    VILLAGE = "5", "村代办"
    EXCHANGE = "9", "接口"


class Case(models.Model):
    """办件. Every change is made in `apps.cases.actions` and leaves an event; dates are stored, never counted down.

    `intake_point` is where it was handed in (收件地), `point` where it is handled (办理地), `path` that point's path.
    `received_on` begins the five days of art. 32; after an answered notice they run anew from `answered_on`.
    `due_on` is the committed date (承诺), `statutory_due_on` the legal one; null with `paused_since` while an open pause
    stops the clock, null with `calendar_missing` when the days needed are not published yet (R21).
    """

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField("办件编号", max_length=20, unique=True, null=True, blank=True, db_collation="C")
    item = models.ForeignKey(Item, models.PROTECT, related_name="cases")
    version = models.ForeignKey(ItemVersion, models.PROTECT, related_name="cases")
    kind = models.CharField("办件类型", max_length=10, choices=CaseKind)
    intake_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="cases_taken_in")
    intake_path = models.CharField(max_length=12, db_collation="C")
    point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="cases")
    path = models.CharField(max_length=12, db_collation="C")
    department = models.ForeignKey(Department, models.PROTECT, null=True, blank=True, related_name="cases")
    window = models.ForeignKey(Window, models.PROTECT, null=True, blank=True, related_name="cases")
    channel = models.CharField("来源", max_length=1, choices=Channel)

    applicant = models.ForeignKey(Applicant, models.PROTECT, related_name="cases")
    applicant_name = models.CharField("申请人", max_length=120)
    applicant_mask = models.CharField("证件号码（掩码）", max_length=18)
    contact_name = models.CharField("联系人", max_length=60, blank=True)
    contact_phone = models.CharField("联系电话", max_length=20, blank=True)
    mandate = models.ForeignKey(Mandate, models.PROTECT, null=True, blank=True, related_name="cases")
    filed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="cases_filed")
    summary = models.CharField("申请内容", max_length=200, blank=True)
    form = models.JSONField("申请表", default=dict, blank=True)
    privacy_notice = models.CharField("已告知的隐私条款版本", max_length=20, blank=True)

    status = models.CharField("状态", max_length=14, choices=Status, default=Status.DRAFT)
    created_at = models.DateTimeField("起草时间")
    saved_at = models.DateTimeField("上次保存")
    submitted_at = models.DateTimeField("提交时间", null=True, blank=True)
    collected_on = models.DateField("代收日", null=True, blank=True)
    collected_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="cases_collected"
    )
    hand_up_due_on = models.DateField("上交期限", null=True, blank=True)
    received_on = models.DateField("收件日", null=True, blank=True)
    pre_review_due_on = models.DateField("预审答复目标", null=True, blank=True)
    notice_due_on = models.DateField("一次告知期限", null=True, blank=True)
    notices_sent = models.PositiveSmallIntegerField("一次告知次数", default=0)
    answered_on = models.DateField("补正日", null=True, blank=True)
    wait_until = models.DateField("等候期限", null=True, blank=True)
    accepted_on = models.DateField("受理日", null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="cases_accepted"
    )
    is_deemed_accepted = models.BooleanField("逾期视为受理", default=False)

    committed_amount = models.PositiveIntegerField("承诺时限", null=True, blank=True)
    committed_unit = models.CharField(max_length=12, choices=Unit, blank=True)
    statutory_amount = models.PositiveIntegerField("法定时限", null=True, blank=True)
    statutory_unit = models.CharField(max_length=12, choices=Unit, blank=True)
    extension_amount = models.PositiveSmallIntegerField("延期天数", default=0)
    extended_on = models.DateField("延期批准日", null=True, blank=True)
    due_on = models.DateField("承诺办结日", null=True, blank=True)
    statutory_due_on = models.DateField("法定办结日", null=True, blank=True)
    provisional_due_on = models.DateField("暂估承诺办结日", null=True, blank=True)
    provisional_statutory_on = models.DateField("暂估法定办结日", null=True, blank=True)
    calendar_missing = models.BooleanField("日历未公布", default=False)
    yellow_on = models.DateField("黄牌起始日", null=True, blank=True)
    paused_since = models.DateField("暂停自", null=True, blank=True)
    pause_kind = models.CharField("暂停事由", max_length=20, blank=True)
    stops_statutory = models.BooleanField("暂停法定期限", default=False)

    is_tolerated = models.BooleanField("容缺受理", default=False)
    tolerated_until = models.DateField("容缺材料补交期限", null=True, blank=True)
    has_promise = models.BooleanField("告知承诺办理", default=False)
    forward_due_on = models.DateField("上报期限", null=True, blank=True)
    forwarded_on = models.DateField("上报日", null=True, blank=True)
    forwarded_to = models.ForeignKey(
        Department, models.PROTECT, null=True, blank=True, related_name="cases_forwarded"
    )
    upper_due_on = models.DateField("上级答复期限", null=True, blank=True)

    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="cases_reviewed"
    )
    review_opinion = models.TextField("审查意见", blank=True)
    decided_on = models.DateField("决定日", null=True, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="cases_decided"
    )
    used_days = models.PositiveIntegerField("办理用时（工作日）", null=True, blank=True)
    decision_reasons = models.TextField("理由", blank=True)
    decision_remedies = models.TextField("救济途径", blank=True)
    result_number = models.CharField("结果文号", max_length=60, blank=True)
    delivery_due_on = models.DateField("送达期限", null=True, blank=True)
    delivered_on = models.DateField("送达日", null=True, blank=True)
    delivered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="cases_delivered"
    )
    delivery_way = models.CharField("送达方式", max_length=20, blank=True)
    delivery_proof = models.CharField("送达凭证", max_length=120, blank=True)
    archive_number = models.CharField("档号", max_length=40, blank=True)
    archive_box = models.CharField("盒号", max_length=20, blank=True)
    closed_on = models.DateField("终结日", null=True, blank=True)
    fees_due = models.BooleanField("有费用未缴", default=False)
    visits = models.PositiveSmallIntegerField("到场次数", default=0)
    desk_due_on = models.DateField("案头期限", default=NO_DATE)
    is_joint = models.BooleanField(
        "并联审批分项", default=False, db_default=False
    )  # set from above, like `fees_due`
    is_sample = models.BooleanField("演示数据", default=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        permissions = [
            ("intake_case", "可在窗口收件"),
            ("pre_review_case", "可预审"),
            ("receive_case", "可接收原件"),
            ("accept_case", "可受理办件"),
            ("return_case", "可告知补正、退件、不予受理"),
            ("review_case", "可审查"),
            ("pause_case", "可申请和结束特别程序"),
            ("approve_step", "可批准特别程序、延期，可终止办理和批准再次告知"),
            ("survey_case", "可安排和签署踏勘"),
            ("hear_case", "可组织听证"),
            ("forward_case", "可上报和登记上级结果"),
            ("hand_over_case", "可移交经办人"),
            ("dispatch_case", "可分派给审查人员"),
            ("decide_case", "可作出决定"),
            ("deliver_case", "可送达"),
            ("withdraw_case", "可代申请人登记撤回"),
            ("archive_case", "可归档"),
            ("collect_case", "可代收"),
            ("hand_up_case", "可签收代收材料"),
            ("view_names", "可查看申请人全名"),
            ("view_papers", "可查看申请人证件和材料"),
            ("reveal_id", "可查看完整证件号码"),
            ("view_history", "可查看办件日志"),
            ("export_case", "可导出办件"),
        ]
        constraints = [
            models.CheckConstraint(
                name="only_a_draft_has_no_number", condition=Q(status=Status.DRAFT) | Q(number__isnull=False)
            ),
            models.CheckConstraint(
                name="a_case_before_the_authority_has_a_day_of_receipt",
                condition=~Q(status__in=_STARTED) | Q(received_on__isnull=False) | Q(status=Status.SENT_BACK),
            ),
            models.CheckConstraint(
                name="case_has_a_date_or_says_why_not",
                condition=~Q(status__in=values_of(RUNNING))
                | Q(due_on__isnull=False)
                | Q(paused_since__isnull=False)
                | Q(calendar_missing=True),
            ),
            models.CheckConstraint(
                name="a_missing_calendar_still_gives_a_provisional_date",
                condition=Q(calendar_missing=False)
                | Q(provisional_due_on__isnull=False)
                | Q(provisional_statutory_on__isnull=False)
                | Q(paused_since__isnull=False),
            ),
            models.CheckConstraint(
                name="a_refusal_states_reasons_and_remedies",
                condition=~Q(status=Status.REFUSED) | (~Q(decision_reasons="") & ~Q(decision_remedies="")),
            ),
            models.CheckConstraint(
                name="received_then_accepted_then_decided_then_delivered",
                condition=(Q(accepted_on=None) | Q(accepted_on__gte=F("received_on")))
                & (Q(decided_on=None) | Q(decided_on__gte=F("accepted_on")))
                & (Q(delivered_on=None) | Q(delivered_on__gte=F("decided_on"))),
            ),
            models.CheckConstraint(
                name="a_decision_follows_an_acceptance",
                condition=Q(decided_on=None) | Q(accepted_on__isnull=False),
            ),
            models.CheckConstraint(
                name="a_decision_is_made_by_somebody",
                condition=Q(decided_on=None, status__in=values_of(set(Status) - DECIDED))
                | Q(decided_on__isnull=False, decided_by__isnull=False),
            ),
            models.CheckConstraint(
                name="a_special_procedure_pauses_the_clock",
                condition=~Q(status=Status.SPECIAL) | Q(paused_since__isnull=False),
            ),
            models.CheckConstraint(
                name="a_tolerated_case_says_until_when",
                condition=Q(is_tolerated=False) | Q(tolerated_until__isnull=False),
            ),
            models.CheckConstraint(
                name="an_extension_has_its_day_of_approval",
                condition=Q(extension_amount=0) | Q(extended_on__isnull=False),
            ),
            models.CheckConstraint(
                name="a_forwarded_case_says_to_whom",
                condition=~Q(status=Status.FORWARDED)
                | Q(forwarded_to__isnull=False, forwarded_on__isnull=False),
            ),
            models.CheckConstraint(
                name="a_hearing_stops_the_clock",
                condition=~Q(status=Status.HEARING) | Q(paused_since__isnull=False),
            ),
            models.CheckConstraint(
                name="an_archived_case_has_its_number",
                condition=~Q(status=Status.ARCHIVED) | ~Q(archive_number=""),
            ),
            models.UniqueConstraint(
                fields=["department", "archive_number"],
                condition=~Q(archive_number=""),
                name="archive_number_unique_per_department",
            ),
            models.CheckConstraint(
                name="an_ended_case_has_a_last_day",
                condition=~Q(status__in=values_of(ENDED)) | Q(closed_on__isnull=False),
            ),
        ]
        indexes = [
            models.Index(
                fields=["department", "desk_due_on", "id"],
                name="case_desk_of_department",
                condition=Q(status__in=values_of(OPEN)),
            ),
            models.Index(
                fields=["point", "desk_due_on", "id"],
                name="case_desk_of_point",
                condition=Q(status__in=values_of(OPEN)),
            ),
            models.Index(
                fields=["desk_due_on", "id"],
                name="case_desk_of_all",
                condition=Q(status__in=values_of(OPEN)),
            ),
            models.Index(fields=["applicant", "-id"], name="case_of_applicant"),
            models.Index(fields=["filed_by", "-id"], name="case_filed_by"),
            models.Index(fields=["filed_by"], name="case_draft_of", condition=Q(status=Status.DRAFT)),
            models.Index(
                fields=["collected_by", "-id"],
                name="case_collected_by",
                condition=Q(collected_by__isnull=False),
            ),
            models.Index(fields=["intake_point", "-id"], name="case_taken_in"),
            models.Index(fields=["path", "received_on"], name="case_received_by_place"),
            models.Index(fields=["path", "decided_on"], name="case_decided_by_place"),
            models.Index(fields=["intake_path", "received_on"], name="case_taken_in_by_place"),
            models.Index(
                fields=["notice_due_on", "id"],
                name="case_unanswered_by_due",
                condition=Q(status__in=values_of(UNANSWERED)),
            ),
            models.Index(
                fields=["yellow_on", "id"],
                name="case_running_by_yellow",
                condition=Q(status__in=values_of(RUNNING)),
            ),
            models.Index(
                fields=["due_on", "id"],
                name="case_running_by_due",
                condition=Q(status__in=values_of(RUNNING)),
            ),
            models.Index(
                fields=["statutory_due_on", "id"],
                name="case_running_by_statute",
                condition=Q(status__in=values_of(RUNNING)),
            ),
            models.Index(
                fields=["forward_due_on", "id"],
                name="case_running_by_forwarding",
                condition=Q(status__in=values_of(RUNNING), forward_due_on__isnull=False),
            ),
            models.Index(
                fields=["pre_review_due_on", "id"],
                name="case_pre_review_by_due",
                condition=Q(status=Status.PRE_SUBMITTED),
            ),
            models.Index(
                fields=["hand_up_due_on", "id"],
                name="case_collected_by_due",
                condition=Q(status=Status.COLLECTED),
            ),
            models.Index(
                fields=["wait_until", "id"],
                name="case_waiting_by_due",
                condition=Q(status__in=values_of(WAITING)),
            ),
            models.Index(
                fields=["tolerated_until", "id"],
                name="case_tolerated_by_due",
                condition=Q(is_tolerated=True, status__in=values_of(RUNNING)),
            ),
            models.Index(fields=["applicant_mask"], name="case_by_mask"),
            models.Index(Right("applicant_mask", 4), name="case_by_last_four"),
            GinIndex(CjkGrams(F("applicant_name")), name="case_by_applicant_grams"),
        ]

    def __str__(self):
        return self.number or f"草稿{str(self.key)[:8]}"

    def get_absolute_url(self):
        return f"/console/cases/{self.number}/"

    @property
    def clock_from_on(self) -> date | None:
        """The day the complete papers came in: the answer to a notice, else the receipt (R4)."""
        return self.answered_on or self.received_on

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_running(self) -> bool:
        return self.status in RUNNING

    @property
    def is_unanswered(self) -> bool:
        return self.status in UNANSWERED

    @property
    def awaits_applicant(self) -> bool:
        return self.status in WAITING

    @property
    def awaits_staff(self) -> bool:
        return self.status in ON_DESK

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED

    @property
    def shown_due_on(self) -> date | None:
        """The promised date to show; provisional where the calendar is not published (then say so)."""
        return self.due_on or self.provisional_due_on

    @property
    def was_on_time(self) -> bool | None:
        if self.decided_on is None or self.due_on is None:
            return None
        return self.decided_on <= self.due_on
