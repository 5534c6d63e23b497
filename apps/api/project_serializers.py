"""What the API shows of 一件事 and projects, and what is sent in. Fields are named one by one."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.accounts.identity import mask_name, mask_phone
from apps.workflows.models import (
    BundleVersion,
    Project,
    ProjectBranch,
    ProjectFile,
    ProjectMaterial,
    SupplementWish,
)
from apps.workflows.one_form import asked_of

from .serializers import FormField


class Answers(serializers.DictField):
    """情形答案: number of the question → answer."""

    child = serializers.CharField(max_length=60, allow_blank=True)


class BundleRow(serializers.ModelSerializer):
    """一件事: the version in force."""

    code = serializers.CharField(source="bundle.code")
    name = serializers.CharField(source="bundle.name")
    audience = serializers.CharField(source="bundle.audience")
    audience_words = serializers.CharField(source="bundle.get_audience_display")
    lead = serializers.CharField(source="bundle.lead")
    version = serializers.IntegerField(source="number")

    class Meta:
        model = BundleVersion
        fields = ["code", "name", "audience", "audience_words", "lead", "version", "effective_on"]


class QuestionRow(serializers.Serializer):
    """情形问题: the answers it offers, the one given, and what is wrong with that one."""

    number = serializers.CharField()
    text = serializers.CharField()
    hint = serializers.CharField(allow_blank=True)
    answers = serializers.ListField(child=serializers.CharField())
    given = serializers.CharField(allow_blank=True)
    fault = serializers.CharField(allow_blank=True)


class MatterRow(serializers.Serializer):
    """要办的一件事 and which results it waits for."""

    code = serializers.CharField(source="branch.code")
    name = serializers.CharField(source="branch.name")
    department = serializers.CharField()
    days = serializers.IntegerField(source="branch.days", help_text="承诺时限（工作日）")
    result = serializers.CharField()
    waits_for = serializers.ListField(child=serializers.CharField())


class PaperRow(serializers.Serializer):
    name = serializers.CharField()
    necessity = serializers.CharField()
    used_by = serializers.ListField(child=serializers.CharField())
    source = serializers.CharField(allow_blank=True, help_text="由哪件事产生；空的由申请人提交")


class BundleDetail(serializers.Serializer):
    """一件事指南: what the answers so far come to."""

    bundle = BundleRow(source="version")
    is_complete = serializers.BooleanField(help_text="情形问题是否都已回答；没有的，清单可能变长")
    questions = serializers.SerializerMethodField()
    matters = MatterRow(many=True)
    papers = PaperRow(many=True, help_text="每份只交一次")
    produced = PaperRow(many=True, help_text="办理中产生，不用交")
    form_fields = serializers.IntegerField(source="fields", help_text="一张表有几项")
    fields_one_by_one = serializers.IntegerField(help_text="分开办一共要填几项")
    days = serializers.IntegerField(help_text="一起办要几个工作日")
    days_in_a_row = serializers.IntegerField(help_text="一件一件办要几个工作日")

    @extend_schema_field(QuestionRow(many=True))
    def get_questions(self, guide):
        rows = [
            {
                "number": str(question.number),
                "text": question.text,
                "hint": question.hint,
                "answers": labels,
                "given": given,
                "fault": fault,
            }
            for question, labels, given, fault in guide.questions
        ]
        return QuestionRow(rows, many=True).data


class ProjectFileRow(serializers.ModelSerializer):
    class Meta:
        model = ProjectFile
        fields = ["number", "name", "content_type", "size", "sha256", "is_current", "uploaded_at"]


class ProjectPaperRow(serializers.ModelSerializer):
    """一套材料里的一份: handed in once, for all who use it."""

    stage = serializers.IntegerField(source="stage.number")
    used_by = serializers.SerializerMethodField()
    source = serializers.CharField(source="source.name", default="")
    files = ProjectFileRow(many=True)

    class Meta:
        model = ProjectMaterial
        fields = ["seq", "name", "stage", "necessity", "state", "used_by", "source", "files"]

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_used_by(self, material):
        return [use.branch.code for use in material.uses.all()]


class BranchRow(serializers.ModelSerializer):
    """分项: its state in a word, and its case once it is open."""

    department = serializers.CharField(source="department.name", default="")
    state_words = serializers.CharField(source="get_state_display")
    case = serializers.CharField(source="case.number", default=None, allow_null=True)
    due_on = serializers.DateField(source="case.due_on", default=None, allow_null=True)
    result_number = serializers.CharField(source="case.result_number", default="")

    class Meta:
        model = ProjectBranch
        fields = [
            "code", "name", "department", "days", "state", "state_words", "answer", "answer_by", "opened_on",
            "finished_on", "reason", "case", "due_on", "result_number",
        ]  # fmt: skip


class WishRow(serializers.ModelSerializer):
    """补正意见 of one department; all of one notice are answered at once."""

    branch = serializers.CharField(source="branch.code")
    material = serializers.IntegerField(source="material.seq", default=None, allow_null=True)
    answer_by = serializers.DateField(source="notice.answer_by")

    class Meta:
        model = SupplementWish
        fields = ["id", "notice", "branch", "material", "text", "remedy", "answer_by"]


class ProjectRow(serializers.ModelSerializer):
    bundle = serializers.CharField(source="bundle.code")
    point = serializers.CharField(source="point.path")
    state_words = serializers.CharField(source="get_state_display")

    class Meta:
        model = Project
        fields = [
            "key", "number", "bundle", "name", "point", "applicant_name", "state", "state_words", "drafted_at",
            "filed_at", "closed_on",
        ]  # fmt: skip


class ProjectDetail(ProjectRow):
    """项目: its one form, its papers, its branches, and what is asked of the applicant now."""

    contact_phone = serializers.SerializerMethodField()
    form_fields = serializers.SerializerMethodField()
    branches = BranchRow(many=True)
    papers = serializers.SerializerMethodField()
    wishes = serializers.SerializerMethodField()

    class Meta(ProjectRow.Meta):
        fields = [
            *ProjectRow.Meta.fields, "national_code", "applicant_mask", "contact_phone", "handing", "answers",
            "form_fields", "form", "branches", "papers", "wishes",
        ]  # fmt: skip

    def get_contact_phone(self, project) -> str:
        return mask_phone(project.contact_phone)

    @extend_schema_field(FormField(many=True))
    def get_form_fields(self, project):
        return FormField(asked_of(project), many=True).data

    @extend_schema_field(ProjectPaperRow(many=True))
    def get_papers(self, project):
        rows = project.materials.exclude(uses=None).select_related("stage", "source")
        rows = rows.prefetch_related("files", "uses__branch").order_by("seq")
        return ProjectPaperRow(rows, many=True).data

    @extend_schema_field(WishRow(many=True))
    def get_wishes(self, project):
        return WishRow(SupplementWish.objects.open_of(project), many=True).data


class ProjectProgress(serializers.Serializer):
    """整件事的进度: no personal data but the masked name."""

    number = serializers.CharField(source="project.number")
    bundle = serializers.CharField(source="project.bundle.name")
    applicant = serializers.SerializerMethodField()
    state = serializers.CharField(source="project.state")
    state_words = serializers.CharField(source="project.get_state_display")
    branches = serializers.SerializerMethodField()

    def get_applicant(self, facts) -> str:
        project = facts["project"]
        return mask_name(project.applicant_name) if project.applicant.is_person else project.applicant_name

    @extend_schema_field(serializers.ListField(child=serializers.DictField(child=serializers.CharField())))
    def get_branches(self, facts):
        return [
            {
                "name": one.name,
                "state": one.state,
                "state_words": one.get_state_display(),
                "due_on": str(one.case.due_on) if one.case and one.case.due_on else "",
                "finished_on": str(one.finished_on or ""),
            }
            for one in facts["branches"]
        ]


# what is sent in -------------------------------------------------------------------------------------------------


class ProjectFiling(serializers.Serializer):
    """起草: `applicant` is an organisation's credit code; without it one files for oneself."""

    bundle = serializers.CharField(max_length=20)
    point = serializers.RegexField(r"^\d{4,12}$", max_length=12)
    applicant = serializers.CharField(max_length=40, required=False, allow_blank=True)
    name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    national_code = serializers.CharField(max_length=30, required=False, allow_blank=True)
    answers = Answers(required=False, help_text="问题序号 → 答案")


class ProjectEntry(serializers.Serializer):
    """修改草稿: what is not given stays."""

    answers = Answers(required=False)
    form = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=5000), required=False
    )
    name = serializers.CharField(max_length=120, required=False)
    phone = serializers.CharField(max_length=20, required=False, allow_blank=True)
    handing = serializers.ChoiceField(Project.Handing.choices, required=False)
    national_code = serializers.CharField(max_length=30, required=False, allow_blank=True)


class Renewal(serializers.Serializer):
    answers = Answers(required=False, help_text="新版本里有变化的问题的答案")


class ProjectWithdrawal(serializers.Serializer):
    reason = serializers.CharField(max_length=500)
    branch = serializers.CharField(max_length=20, required=False, help_text="只撤回这个分项；不填是全部撤回")
