"""The current role: staff act under one assignment at a time, chosen in the session and shown on every page."""

from django.utils import timezone

SESSION_KEY = "assignment"


class CurrentAssignment:
    """Puts the session's assignment on `request.user.acting`; the first valid one where none was chosen yet."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated and request.user.is_staff:
            held = request.user.assignments_on(timezone.localdate())
            chosen = request.session.get(SESSION_KEY)
            request.user.acting = next((a for a in held if a.pk == chosen), held[0] if held else None)
        return self.get_response(request)
