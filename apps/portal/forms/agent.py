"""村级代办: the villager, the mandate that was signed, the papers that were handed over, and the delivery."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from apps.accounts.identity import BadNumber, clean_id_number
from apps.items.models import Item, Necessity

from .people import clean_person_name, clean_phone
from .spoken import SpokenForm

MOST_COPIES = 99


class CollectionForm(SpokenForm):
    """代收: who asks, for what, and that the mandate is on paper."""

    name = forms.CharField(label="村民姓名", help_text="与身份证一致", max_length=60)
    number = forms.CharField(
        label="身份证号", max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    phone = forms.CharField(
        label="联系电话", max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"})
    )
    item = forms.ModelChoiceField(label="要办的事", queryset=Item.objects.none(), empty_label="请选择")
    until = forms.DateField(
        label="委托到哪天为止",
        help_text="空着表示办完这件事为止",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    signed = forms.BooleanField(
        label="村民已在委托书上签字，我留了一份",
        error_messages={"required": "没有签字的委托书不能代收。请先让村民在委托书上签字。"},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args, items, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = items

    def clean_name(self):
        return clean_person_name(self.cleaned_data["name"])

    def clean_number(self):
        try:
            return clean_id_number(self.cleaned_data["number"], on=timezone.localdate())
        except BadNumber as error:
            raise ValidationError(str(error)) from error

    def clean_phone(self):
        return clean_phone(self.cleaned_data["phone"])


class PapersForm(SpokenForm):
    """代收凭证: for each line of the check list the originals and copies that changed hands."""

    agreed = forms.BooleanField(
        label="已向村民说明个人信息处理告知",
        error_messages={"required": "请先向村民说明个人信息处理告知。"},
    )

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            asked = row.material if row.necessity != Necessity.SHARED else None
            self.fields[f"o-{row.seq}"] = _count(f"{row.name}：原件份数", asked and asked.originals)
            self.fields[f"c-{row.seq}"] = _count(f"{row.name}：复印件份数", asked and asked.copies)

    def papers(self) -> dict[int, tuple[int, int]]:
        facts = self.cleaned_data
        return {
            row.seq: (facts.get(f"o-{row.seq}") or 0, facts.get(f"c-{row.seq}") or 0) for row in self.rows
        }

    def by_row(self) -> list[dict]:
        return [
            {"row": row, "counts": [("原件", self[f"o-{row.seq}"]), ("复印件", self[f"c-{row.seq}"])]}
            for row in self.rows
        ]


class DeliveryForm(SpokenForm):
    """代办员送达: the villager signs for the result."""

    proof = forms.CharField(
        label="谁签收的",
        help_text="写签收人姓名；家属代收的写明关系",
        max_length=120,
        error_messages={"required": "请写明签收人。"},
    )


class GiveBackForm(SpokenForm):
    reason = forms.CharField(
        label="为什么退还",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "请写明退还的原因。"},
    )


def _count(label: str, asked: int | None) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=MOST_COPIES,
        required=False,
        initial=asked or None,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "invalid": "请填份数，例如 1。",
            "max_value": f"最多 {MOST_COPIES} 份。",
            "min_value": "份数不能是负数。",
        },
    )
