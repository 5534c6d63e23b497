"""申请人 in templates of staff: `{% applicant case %}`, in full or masked by who looks."""

from django import template

from apps.cases.naming import name_for

register = template.Library()


@register.simple_tag(takes_context=True)
def applicant(context, case) -> str:
    return name_for(case, context["user"])
