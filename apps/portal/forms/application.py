"""What an application begins with, how it is withdrawn, and how it is looked up. The form itself is `apps.cases.forms`."""

from django import forms
from django.core.exceptions import ValidationError

from apps.accounts.models import Applicant
from apps.points.models import ServicePoint

from .spoken import SpokenForm


class StartForm(SpokenForm):
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


class WithdrawalForm(SpokenForm):
    reason = forms.CharField(
        label="为什么撤回", help_text="例如：不开店了、要换一个地方办", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明撤回的原因。"},
    )  # fmt: skip


class ProgressForm(SpokenForm):
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
