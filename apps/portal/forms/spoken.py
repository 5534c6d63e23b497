"""说清楚是哪一栏: an empty field says which it is, not 该字段是必填项."""

from django import forms

_OF_DJANGO = forms.Field.default_error_messages["required"]


class SpokenForm(forms.Form):
    """Every required field without a sentence of its own asks for itself by its label."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if field.error_messages.get("required") == _OF_DJANGO:
                verb = "选择" if isinstance(field, forms.ChoiceField) else "填写"
                field.error_messages["required"] = f"请{verb}{field.label}。"
