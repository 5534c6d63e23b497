"""待我答复: how many projects wait for an answer of one's department. Asked once for a page, by the rail or by the list."""

from django.http import HttpRequest

from apps.workflows.models import Project

MOST = 99  # the badge says 99+ beyond


def projects_waiting(request: HttpRequest) -> int:
    held = getattr(request, "_projects_waiting", None)
    if held is None:
        waiting = Project.objects.awaiting_answer_of(request.user)
        held = request._projects_waiting = waiting.order_by()[: MOST + 1].count()
    return held
