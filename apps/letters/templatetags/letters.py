"""文书 in templates: `{% letters_of case as letters %}`, newest first, one query whatever their number."""

from django import template

from apps.letters.models import Letter

register = template.Library()


@register.simple_tag
def letters_of_project(project) -> list[Letter]:
    return list(Letter.objects.filter(project=project).for_list())


@register.simple_tag
def letters_of(case) -> list[Letter]:
    return list(Letter.objects.of(case).for_list())
