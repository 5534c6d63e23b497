"""并联审批 in the rail: `{% waiting_projects as waiting %}`, the badge of what waits for an answer."""

from django import template

from ..waiting import MOST, projects_waiting

register = template.Library()


@register.simple_tag(takes_context=True)
def waiting_projects(context) -> str:
    """Empty where nothing waits, and on a page without a request."""
    request = context.get("request")
    number = projects_waiting(request) if request is not None else 0
    return f"{MOST}+" if number > MOST else str(number or "")
