"""失信记录的表单: what whoever keeps the register types, read into the words of the actions."""

from django import forms

from apps.accounts.identity import BadNumber, clean_credit_code, clean_id_number
from apps.accounts.models import Applicant

from .amendment_forms import day_field, source_field


class CreditForm(forms.Form):
    """录入: the number is typed whole and kept as its keyed hash only."""

    kind = forms.ChoiceField(label="主体类型", choices=[("person", "自然人"), ("organisation", "单位")])
    name = forms.CharField(
        label="姓名或名称",
        max_length=Applicant._meta.get_field("name").max_length,
        error_messages={"required": "请填写姓名或名称。"},
    )
    number = forms.CharField(
        label="证件号码",
        help_text="自然人填身份证号，单位填统一社会信用代码；存下来的只有加密索引和后四位",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请填写证件号码。"},
    )
    source = source_field("认定机关和文书", help_text="例如：雁江区人民法院（2026）川2002执12号")
    reason = forms.CharField(
        label="失信事由",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请填写失信事由。", "max_length": "失信事由最多500个字。"},
    )
    valid_from = day_field("起始日", help_text="从这一天起不适用容缺受理和告知承诺")
    valid_to = day_field("截止日（含当天）", required=False, help_text="没有期限的不填，到解除为止")

    def clean(self):
        facts = super().clean()
        if facts.get("number") and facts.get("kind"):
            check = clean_id_number if facts["kind"] == "person" else clean_credit_code
            try:
                facts["number"] = check(facts["number"])
            except BadNumber as error:
                self.add_error("number", str(error))
        if facts.get("valid_from") and facts.get("valid_to") and facts["valid_to"] < facts["valid_from"]:
            self.add_error("valid_to", "截止日不能早于起始日。")
        return facts

    def entered(self) -> dict:
        facts = {name: value for name, value in self.cleaned_data.items() if name != "kind"}
        return {**facts, "is_person": self.cleaned_data["kind"] == "person"}


class LiftingForm(forms.Form):
    why = forms.CharField(
        label="解除的理由",
        help_text="例如：信用修复决定书的文号；录入有误的，写明错在哪里",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明解除的理由。", "max_length": "理由最多500个字。"},
    )
