"""令牌登录: who sends a token, and under which role."""

from django.utils import timezone
from rest_framework.authentication import TokenAuthentication


class ActingToken(TokenAuthentication):
    """A token acts under one role too: the one named in `X-Assignment`, else the first that is valid today."""

    def authenticate(self, request):
        found = super().authenticate(request)
        if found is not None and found[0].is_staff:
            user, asked = found[0], request.headers.get("X-Assignment", "")
            held = user.assignments_on(timezone.localdate())
            user.acting = next((one for one in held if str(one.pk) == asked), held[0] if held else None)
        return found
