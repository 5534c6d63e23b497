"""申请表: drawn from the guide's field list, the same at the portal and at the counter."""

from django import forms
from django.forms.utils import ErrorDict

from .answers import LONGEST_TEXT, day_of
from .models import Case

LONGEST_PHONE = 20


class ApplicationForm(forms.Form):
    """The fields of one item version. It shows what is kept and what is wrong; it accepts anything that can be kept."""

    def __init__(self, case: Case, typed: dict[str, str] | None = None, faults: dict[str, str] | None = None):
        shown = {**case.form, "contact_phone": case.contact_phone, **(typed or {})}
        super().__init__(shown, auto_id="f-%s")
        self.case = case
        for described in case.version.form_fields:
            self.fields[described["name"]] = field_of(described, shown.get(described["name"], ""))
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


def field_of(described: dict, shown: str) -> forms.Field:
    """One question of a guide as a field, its control by its kind."""
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
        "date": lambda: _date_input(shown),
    }.get(kind, forms.TextInput)
    return forms.CharField(widget=widget(), **facts)


def _date_input(shown: str) -> forms.TextInput:
    """The browser's own calendar; what it could not show (明天) stays in a plain field, as it was typed."""
    if shown and day_of(shown) is None:
        return forms.TextInput(attrs={"placeholder": "2026-01-31"})
    return forms.TextInput(attrs={"type": "date"})
