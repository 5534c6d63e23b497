"""时限标 in templates: `{% sla_chip case %}`; the page gives `calendar` and `today`, so that no row asks for them."""

from django import template
from django.utils.safestring import SafeString

from apps.cases.clockface import chip_of

register = template.Library()


@register.inclusion_tag("components/chip.html", takes_context=True)
def sla_chip(context, case) -> dict | SafeString:
    chip = chip_of(case, context["calendar"], context["today"])
    return {"kind": chip.kind, "words": chip.words}
