"""说清楚是哪一栏: an empty field says which it is, not 该字段是必填项; so does one that is too long or unreadable."""

from django import forms
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator

_OF_DJANGO = forms.Field.default_error_messages["required"]


class SpokenForm(forms.Form):
    """Every required field without a sentence of its own asks for itself by its label."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            for validator in field.validators:
                if isinstance(validator, MaxLengthValidator):
                    validator.message = (
                        f"{field.label}最多 %(limit_value)d 字，现在有 %(show_value)d 字，请删减。"
                    )
                elif isinstance(validator, ProhibitNullCharactersValidator):
                    validator.message = f"{field.label}里有看不见的字符，请删掉重新填写。"
            if field.error_messages.get("required") == _OF_DJANGO:
                verb = "选择" if isinstance(field, forms.ChoiceField) else "填写"
                field.error_messages["required"] = f"请{verb}{field.label}。"
