"""申请表: drawn from the guide's field list. Drafts are kept as typed; faults come from the actions."""

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import ErrorDict

from apps.accounts.models import Applicant
from apps.cases.models import Case
from apps.points.models import ServicePoint

LONGEST_TEXT = 5_000  # what a draft keeps of one answer
LONGEST_PHONE = 20


class StartForm(forms.Form):
    """For whom and where: what a draft needs to exist."""

    applicant = forms.ModelChoiceField(
        label="替谁办", queryset=Applicant.objects.none(), empty_label=None, widget=forms.RadioSelect,
        error_messages={"required": "请选替谁办。", "invalid_choice": "您没有替这位申请人办理的有效委托。"},
    )  # fmt: skip
    point = forms.ModelChoiceField(
        queryset=ServicePoint.objects.none(), widget=forms.HiddenInput,
        error_messages={"required": "请选在哪里办。", "invalid_choice": "这个服务点不办理这个事项，请另选一个。"},
    )  # fmt: skip
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, applicants, points, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["applicant"].queryset = applicants
        self.fields["point"].queryset = points


class ApplicationForm(forms.Form):
    """The fields of one item version. It shows what is kept and what is wrong; it accepts anything that can be kept."""

    def __init__(self, case: Case, typed: dict[str, str] | None = None, faults: dict[str, str] | None = None):
        shown = {**case.form, "contact_phone": case.contact_phone, **(typed or {})}
        super().__init__(shown, auto_id="f-%s")
        self.case = case
        for described in case.version.form_fields:
            self.fields[described["name"]] = _field(described)
        self.fields["contact_phone"] = forms.CharField(
            label="联系电话",
            help_text="窗口有事会打这个号码",
            required=False,
            widget=forms.TextInput(attrs={"inputmode": "tel"}),
        )
        self._errors, self.cleaned_data = ErrorDict(renderer=self.renderer), {}
        for name, sentence in (faults or {}).items():
            if name in self.fields:
                self.add_error(name, sentence)

    @staticmethod
    def typed_in(case: Case, posted) -> dict[str, str]:
        """What was typed, as it was typed; NUL characters cannot be kept by any database."""
        names = [described["name"] for described in case.version.form_fields] + ["contact_phone"]
        return {name: posted[name].replace("\x00", "") for name in names if name in posted}

    @staticmethod
    def too_long(case: Case, typed: dict[str, str]) -> dict[str, str]:
        """Answers that cannot be kept whole: they are refused aloud, never cut in silence."""
        labels = {described["name"]: described["label"] for described in case.version.form_fields}
        faults = {
            name: f"{labels[name]}最多 {LONGEST_TEXT:,} 字，现在有 {len(value):,} 字，请删减后再保存。"
            for name, value in typed.items()
            if name in labels and len(value) > LONGEST_TEXT
        }
        if len(typed.get("contact_phone", "")) > LONGEST_PHONE:
            faults["contact_phone"] = f"联系电话最多 {LONGEST_PHONE} 位，请改短。"
        return faults


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label="为什么撤回", help_text="例如：不开店了、要换一个地方办", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明撤回的原因。"},
    )  # fmt: skip


class ProgressForm(forms.Form):
    """凭编号查进度: the number, and the last four characters of the applicant's ID number or credit code."""

    number = forms.CharField(
        label="办件编号",
        help_text="收件回执上的 20 位数字",
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    last4 = forms.CharField(
        label="证件号码后四位",
        help_text="身份证号或统一社会信用代码的最后四位",
        max_length=8,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_number(self):
        number = "".join(self.cleaned_data["number"].split())
        if len(number) != 20 or not number.isdigit():
            raise ValidationError(f"办件编号是 20 位数字，现在填了 {len(number)} 位，请核对回执。")
        return number

    def clean_last4(self):
        last4 = "".join(self.cleaned_data["last4"].split()).upper()
        if len(last4) != 4:
            raise ValidationError("请填最后四位，例如 0017 或 231X。")
        return last4


def _field(described: dict) -> forms.Field:
    facts = {
        "label": described["label"],
        "required": bool(described.get("required")),
        "help_text": described.get("hint", ""),
    }
    kind = described.get("kind", "text")
    if described.get("choices"):
        choices = [("", "请选择"), *((choice, choice) for choice in described["choices"])]
        return forms.ChoiceField(choices=choices, **facts)
    widget = {
        "textarea": lambda: forms.Textarea(attrs={"rows": 4}),
        "number": lambda: forms.TextInput(attrs={"inputmode": "decimal"}),
        "date": lambda: forms.TextInput(attrs={"placeholder": "2026-01-31"}),
    }.get(kind, forms.TextInput)
    return forms.CharField(widget=widget(), **facts)
