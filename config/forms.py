"""How a form is drawn: every field in the order label, hint, error, control."""

from django.forms.renderers import TemplatesSetting


class FieldByField(TemplatesSetting):
    form_template_name = "components/form.html"
    field_template_name = "components/field.html"
