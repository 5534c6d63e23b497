"""并联窗口收件的表单: who brings a project, its situation, and the one form, as the counter types them."""

from uuid import UUID, uuid4, uuid5

from django import forms

from apps.accounts.models import Applicant
from apps.workflows.models import Bundle, Project
from apps.workflows.models.projects import national_code_is_well_formed

from .bundle_forms import choice
from .bundle_forms import words as line
from .forms import check_applicant, phone_of
from .project_forms import ActForm


class QuestionsForm(ActForm):
    """情形问卷: the questions of a bundle, as the portal asks them; alone where a draft moves to a new version."""

    def __init__(self, *args, questions: list[tuple[int, str, str, list[str]]], **kwargs):
        super().__init__(*args, **kwargs)
        self.numbers = [number for number, *_ in questions]
        for number, text, hint, labels in questions:
            sentence = f"请回答“{text}”。"
            self.fields[f"question-{number}"] = forms.ChoiceField(
                label=text, help_text=hint, choices=[(label, label) for label in labels], widget=forms.RadioSelect,
                error_messages={"required": sentence, "invalid_choice": sentence},
            )  # fmt: skip

    @property
    def answers(self) -> dict[str, str]:
        return {str(number): self.cleaned_data[f"question-{number}"] for number in self.numbers}


class ProjectIntakeForm(QuestionsForm):
    """窗口登记项目: who brings it, and what is to be built. `key` is of the page: pressed twice, it is one draft."""

    key = forms.UUIDField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid"), "这一页不完整，请重新选套餐。"),
    )
    name = line("项目名称", 120)
    national_code = line(
        "项目代码",
        30,
        required=False,
        validators=[national_code_is_well_formed],
        help_text="全国投资项目在线审批监管平台赋码，例如 2603-512002-04-01-123456。",
    )
    kind = choice("申请人类型", choices=Applicant.Kind.choices)
    applicant_name = line("姓名或名称", 120)
    number = line(
        "证件号码", 40, help_text="自然人填身份证号，单位填统一社会信用代码",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    phone = line("联系电话", 20, widget=forms.TextInput(attrs={"inputmode": "tel"}))

    def __init__(self, *args, bundle: Bundle, **kwargs):
        is_person = bundle.audience == Bundle.Audience.CITIZEN
        kind = Applicant.Kind.PERSON if is_person else Applicant.Kind.ENTERPRISE
        super().__init__(*args, initial={"key": uuid4(), "kind": kind}, **kwargs)
        self.bundle = bundle
        if bundle.audience != Bundle.Audience.INVESTMENT:
            del self.fields["national_code"]  # given to investment projects alone

    def clean_phone(self) -> str:
        return phone_of(self.cleaned_data["phone"])

    def clean(self):
        return check_applicant(self, super().clean(), name="applicant_name")

    @property
    def draft_key(self) -> UUID:
        """Of the page and of all that was typed: who goes back and types something else begins another draft."""
        typed = sorted((name, str(said)) for name, said in self.cleaned_data.items() if name != "key")
        return uuid5(self.cleaned_data["key"], repr((self.bundle.code, typed)))


class OneForm(ActForm):
    """一张表单 of a project at the counter: what is required is marked, and missed when it is filed, not when it is kept."""

    def __init__(self, *args, fields: list[dict], project: Project, **kwargs):
        super().__init__(*args, **kwargs)
        for field in fields:
            self.fields[field["name"]] = _asked(field, project.form.get(field["name"], ""))
        self.needed = [field["name"] for field in fields if field.get("required")]
        self._mark(True)
        self.fields["handing"] = choice(
            "出件方式", choices=Project.Handing.choices, initial=project.handing, widget=forms.RadioSelect
        )

    def full_clean(self):
        self._mark(False)
        super().full_clean()
        self._mark(True)

    def _mark(self, is_required: bool) -> None:
        for name in self.needed:
            self.fields[name].required = is_required


def _asked(field: dict, kept: str) -> forms.Field:
    facts = {"label": field["label"], "required": False, "initial": kept, "help_text": field.get("hint", "")}
    if field.get("choices"):
        return forms.ChoiceField(choices=[("", "请选择"), *((one, one) for one in field["choices"])], **facts)
    if field.get("kind") == "textarea":
        return forms.CharField(widget=forms.Textarea(attrs={"rows": 3}), **facts)
    return forms.CharField(**facts)
