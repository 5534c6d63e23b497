"""What the API shows. Fields are named one by one: nothing is public by being in a table."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.accounts.identity import mask_name, mask_phone
from apps.cases.actions import Way, open_hearing_of
from apps.cases.models import Case, CaseEvent, CaseFile, CaseMaterial, Fault, Hearing
from apps.cases.naming import name_for
from apps.cases.states import RUNNING, Status, Verb
from apps.items.models import Item, ItemVersion, Material
from apps.points.models import ServicePoint

UNDER_REVIEW = RUNNING - {Status.ACCEPTED}
"""The states in which a hearing may be open: nobody is asked about one before the review."""


class PointRow(serializers.ModelSerializer):
    class Meta:
        model = ServicePoint
        fields = ["path", "code", "level", "region", "name", "is_built", "address", "phone", "opening_hours"]


class ItemRow(serializers.ModelSerializer):
    class Meta:
        model = Item
        fields = ["code", "name", "type", "level", "theme"]


class MaterialRow(serializers.ModelSerializer):
    class Meta:
        model = Material
        fields = [
            "seq",
            "name",
            "form",
            "originals",
            "copies",
            "source",
            "necessity",
            "situation",
            "has_template",
        ]


class Basis(serializers.Serializer):
    law = serializers.CharField()
    article = serializers.CharField(allow_blank=True, required=False)


class FormField(serializers.Serializer):
    name = serializers.CharField()
    label = serializers.CharField()
    kind = serializers.CharField(required=False)
    required = serializers.BooleanField(required=False)
    hint = serializers.CharField(required=False)
    max_length = serializers.IntegerField(required=False)
    choices = serializers.ListField(child=serializers.CharField(), required=False)


class Guide(serializers.ModelSerializer):
    """办事指南: the published version, the same that pages show."""

    version = serializers.IntegerField(source="number")
    basis = Basis(many=True)
    form_fields = FormField(many=True)
    materials = serializers.SerializerMethodField()

    class Meta:
        model = ItemVersion
        fields = [
            "version", "effective_on", "kind", "statutory_amount", "statutory_unit", "statutory_basis",
            "committed_amount", "committed_unit", "service_objects", "basis", "conditions", "fee", "fee_basis",
            "result_name", "result_validity", "online_depth", "visits", "visit_reason", "needs_originals",
            "delivery_ways", "form_fields", "materials",
        ]  # fmt: skip

    @extend_schema_field(MaterialRow(many=True))
    def get_materials(self, version):
        return MaterialRow(version.materials.order_by("seq"), many=True).data


class ItemDetail(ItemRow):
    guide = Guide(source="current")

    class Meta(ItemRow.Meta):
        fields = [*ItemRow.Meta.fields, "guide"]


class CalendarDay(serializers.Serializer):
    date = serializers.DateField()
    is_workday = serializers.BooleanField()
    why = serializers.CharField()


class YearOfDays(serializers.Serializer):
    """工作日历: one year, every day with its reason; `state` is published or forecast, or unknown."""

    year = serializers.IntegerField()
    state = serializers.ChoiceField(["published", "forecast", "unknown"])
    days = CalendarDay(many=True)


class ProgressQuestion(serializers.Serializer):
    """查进度: number and last four characters of the ID number; in the body, never in an address."""

    number = serializers.CharField(max_length=40)
    last4 = serializers.CharField(min_length=4, max_length=4)


class Progress(serializers.Serializer):
    """进度: no personal data but the masked name."""

    number = serializers.CharField()
    item = serializers.CharField(source="item.name")
    applicant = serializers.SerializerMethodField()
    status = serializers.CharField()
    status_words = serializers.CharField(source="get_status_display")
    received_on = serializers.DateField(allow_null=True)
    accepted_on = serializers.DateField(allow_null=True)
    due_on = serializers.DateField(allow_null=True)
    is_provisional = serializers.BooleanField(source="calendar_missing")
    provisional_due_on = serializers.DateField(allow_null=True)
    decided_on = serializers.DateField(allow_null=True)
    delivered_on = serializers.DateField(allow_null=True)

    def get_applicant(self, case) -> str:
        return mask_name(case.applicant_name) if case.applicant.is_person else case.applicant_name


class FileRow(serializers.ModelSerializer):
    class Meta:
        model = CaseFile
        fields = ["id", "number", "name", "content_type", "size", "sha256", "is_current", "uploaded_at"]


class CaseMaterialRow(serializers.ModelSerializer):
    files = FileRow(many=True)

    class Meta:
        model = CaseMaterial
        fields = ["seq", "name", "necessity", "state", "originals", "copies", "files"]


class FaultRow(serializers.ModelSerializer):
    material = serializers.IntegerField(source="material.seq", allow_null=True, default=None)

    class Meta:
        model = Fault
        fields = ["id", "material", "text", "remedy", "answer", "answered_at"]


class EventRow(serializers.ModelSerializer):
    verb = serializers.ChoiceField(Verb.choices)
    by = serializers.CharField(source="by.name", default="系统")
    role = serializers.CharField(source="assignment.get_role_display", default="")

    class Meta:
        model = CaseEvent
        fields = ["verb", "by", "role", "at", "before", "after", "reason"]


class CaseRow(serializers.ModelSerializer):
    item = serializers.CharField(source="item.code")
    item_name = serializers.CharField(source="item.name")
    point = serializers.CharField(source="point.path")
    department = serializers.CharField(source="department.name", default="")
    status_words = serializers.CharField(source="get_status_display")
    applicant_name = serializers.SerializerMethodField(help_text="不经办的人看到的是掩码")

    def get_applicant_name(self, case) -> str:
        """Staff read it by their role (the desk gives the request along), an owner reads the own name."""
        request = self.context.get("request")
        return name_for(case, request.user) if request else case.applicant_name

    class Meta:
        model = Case
        fields = [
            "key", "number", "item", "item_name", "point", "department", "kind", "channel", "applicant_name", "status",
            "status_words", "received_on", "notice_due_on", "accepted_on", "due_on", "statutory_due_on",
            "provisional_due_on", "calendar_missing", "paused_since", "pause_kind", "decided_on", "delivered_on",
        ]  # fmt: skip


class HearingRow(serializers.ModelSerializer):
    """听证: until when it may be asked for; when asked, until when it is held, and where."""

    class Meta:
        model = Hearing
        fields = [
            "subject",
            "offered_on",
            "ask_by_on",
            "asked_on",
            "hold_by_on",
            "held_on",
            "begins_at",
            "place",
        ]


class CaseDetail(CaseRow):
    """办件: with form, papers and open faults; the ID number is masked, the phone too."""

    contact_phone = serializers.SerializerMethodField()
    materials = CaseMaterialRow(many=True)
    faults = serializers.SerializerMethodField()
    hearing = serializers.SerializerMethodField()

    class Meta(CaseRow.Meta):
        fields = [
            *CaseRow.Meta.fields, "applicant_mask", "contact_name", "contact_phone", "form", "materials", "faults",
            "hearing", "review_opinion", "decision_reasons", "decision_remedies", "result_number", "is_deemed_accepted",
            "answered_on", "wait_until", "delivery_due_on",
        ]  # fmt: skip

    def get_contact_phone(self, case) -> str:
        return mask_phone(case.contact_phone)

    @extend_schema_field(HearingRow(allow_null=True))
    def get_hearing(self, case):
        hearing = open_hearing_of(case) if case.status in UNDER_REVIEW else None
        return HearingRow(hearing).data if hearing else None

    @extend_schema_field(FaultRow(many=True))
    def get_faults(self, case):
        if not case.notices_sent:
            return []
        faults = Fault.objects.filter(notice__case=case).select_related("material").order_by("id")
        return FaultRow(faults, many=True).data


class CaseWithoutPapers(CaseRow):
    """For roles that may follow a case but not read its papers (领导、中心管理员)."""


# what is sent in -------------------------------------------------------------------------------------------------


class Credentials(serializers.Serializer):
    username = serializers.CharField(max_length=60)
    password = serializers.CharField(max_length=200, trim_whitespace=False)


class Token(serializers.Serializer):
    token = serializers.CharField()


class Filing(serializers.Serializer):
    """申请: what a draft needs. `applicant` is an organisation's credit code; without it one files for oneself."""

    item = serializers.CharField(max_length=40)
    point = serializers.RegexField(r"^\d{4,12}$", max_length=12)
    applicant = serializers.CharField(max_length=40, required=False, allow_blank=True)
    form = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=5000), required=False
    )


class FormEntry(serializers.Serializer):
    form = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=5000))


class Upload(serializers.Serializer):
    file = serializers.FileField(allow_empty_file=True)


class Submission(serializers.Serializer):
    privacy_notice = serializers.CharField(max_length=20)


class Answer(serializers.Serializer):
    """补正: fault id → what was done about it; a fault whose paper was uploaded anew needs no words."""

    answers = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=5000), required=False
    )


class Reason(serializers.Serializer):
    reason = serializers.CharField(max_length=2000)


class Waiver(serializers.Serializer):
    understood = serializers.BooleanField(help_text="我知道放弃后不能再申请听证")


class Note(serializers.Serializer):
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)


class FaultFound(serializers.Serializer):
    material = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=999)
    text = serializers.CharField(max_length=2000)
    remedy = serializers.CharField(max_length=300, required=False, allow_blank=True)


class NoticeToSend(serializers.Serializer):
    faults = FaultFound(many=True)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True)


class Opinion(serializers.Serializer):
    opinion = serializers.CharField(max_length=5000)


class NonAcceptance(serializers.Serializer):
    reason = serializers.CharField(max_length=2000)
    where_to_go = serializers.CharField(max_length=200)


class Decision(serializers.Serializer):
    result = serializers.ChoiceField(["grant", "refuse"])
    opinion = serializers.CharField(max_length=500, required=False, allow_blank=True)
    result_number = serializers.CharField(max_length=60, required=False, allow_blank=True)
    reasons = serializers.CharField(max_length=5000, required=False, allow_blank=True)
    remedies = serializers.CharField(max_length=2000, required=False, allow_blank=True)


class PauseToOpen(serializers.Serializer):
    kind = serializers.CharField(max_length=20)
    days_needed = serializers.IntegerField(min_value=1, max_value=250)
    reason = serializers.CharField(max_length=2000)


class ResultOfPause(serializers.Serializer):
    result = serializers.CharField(max_length=2000)
    kind = serializers.CharField(max_length=20, required=False, help_text="几项同时进行时，结束哪一项")


class Extension(serializers.Serializer):
    amount = serializers.IntegerField(min_value=1, max_value=250)
    reason = serializers.CharField(max_length=2000)


class StepAnswer(serializers.Serializer):
    request = serializers.IntegerField(min_value=1, max_value=2**63 - 1)
    approve = serializers.BooleanField()
    why = serializers.CharField(max_length=2000, required=False, help_text="不批准的理由")


class TolerancePromise(serializers.Serializer):
    promised_by = serializers.CharField(max_length=60)


class PaperNumbers(serializers.Serializer):
    seqs = serializers.ListField(
        child=serializers.IntegerField(min_value=1, max_value=32767), min_length=1, max_length=200
    )


class Handover(serializers.Serializer):
    to = serializers.CharField(max_length=150, help_text="接手人的用户名")
    note = serializers.CharField(max_length=2000)


class Delivery(serializers.Serializer):
    way = serializers.ChoiceField(Way.choices)
    proof = serializers.CharField(max_length=120)


class ArchiveNumber(serializers.Serializer):
    archive_number = serializers.CharField(max_length=40)
    box = serializers.CharField(max_length=20, required=False)
