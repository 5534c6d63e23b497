"""登录时长: a session ends after thirty idle minutes. Reading a page is not idle."""

import time

EXTENDED_AT = "extended_at"
GRAIN = 60  # seconds: a session is written at most once a minute


def extend_session(get_response):
    """Push the end of a session ahead while its owner works; a visitor without one gets none."""

    def middleware(request):
        response = get_response(request)
        session = request.session
        if session.accessed and not session.is_empty():
            now = int(time.time())
            if now - session.get(EXTENDED_AT, 0) >= GRAIN:
                session[EXTENDED_AT] = now
        return response

    return middleware
