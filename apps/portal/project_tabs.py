"""我的办件的四栏, for whole projects: what each tab holds."""

from django.db.models import Q

from apps.workflows.states import LIVING, ProjectState, values_of

_UNDER_WAY = Q(state__in=values_of(LIVING - {ProjectState.DRAFT}))
TABS: dict[str, Q] = {  # over `Project.objects.with_open_notice()`
    "todo": _UNDER_WAY & Q(has_open_notice=True),
    "running": _UNDER_WAY & Q(has_open_notice=False),
    "done": ~Q(state__in=values_of(LIVING)),
    "drafts": Q(state=ProjectState.DRAFT),
}
