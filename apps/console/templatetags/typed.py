"""What was typed, put back into its field: `{{ typed|field:name }}`, where the name is made in the template."""

from django import template

register = template.Library()


@register.filter
def field(posted, name: str) -> str:
    """The text posted under a name, or nothing: `{{ typed|field:"note" }}`."""
    return posted.get(name, "") if posted else ""
