"""登录时长: a session ends after thirty idle minutes, for administrators and supervisors after fifteen (等保).

Reading a page is not idle; a list that refreshes itself is.
"""

import time

from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.utils import timezone

EXTENDED_AT = "extended_at"
POLLING = "X-Polling"  # sent by what refreshes itself: nobody need be there
SHORT_AGE = 15 * 60  # seconds, for those who can change or see most
GRAIN = 60  # seconds: a session is written at most once a minute


def extend_session(get_response):
    """Push the end of a session ahead while its owner works; a visitor without one gets none."""

    def middleware(request):
        response = get_response(request)
        session = request.session
        if POLLING in request.headers:
            return response
        if session.accessed and not session.is_empty():
            now = int(time.time())
            if now - session.get(EXTENDED_AT, 0) >= GRAIN:
                session[EXTENDED_AT] = now
        return response

    return middleware


@receiver(user_logged_in)
def begin_session(request, **kwargs):
    """A session begins extended: the first page after the login need not write it again."""
    request.session[EXTENDED_AT] = int(time.time())
    user = kwargs["user"]
    if any(held.needs_two_factors for held in user.assignments_on(timezone.localdate())):
        request.session.set_expiry(SHORT_AGE)
