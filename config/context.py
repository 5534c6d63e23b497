"""What every page is told: how it is to be displayed, what the site is called, when the session ends."""

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from apps.points.models import HallRules, Level

THEMES = ("dark", "contrast")
MODES = ("elder",)
FACTS_LIVE_FOR = 60  # seconds: the hotline and the sample mark change rarely


def look(request) -> dict:
    """显示设置 from the cookies (`?mode=elder` for kiosks and QR codes), and the facts of the site."""
    theme = request.COOKIES.get("theme", "")
    mode = request.GET.get("mode") or request.COOKIES.get("mode", "")
    return {
        "theme": theme if theme in THEMES else "",
        "mode": mode if mode in MODES else "",
        "site": SimpleLazyObject(site),
        "assignments": SimpleLazyObject(lambda: _assignments(request)),
        "session_seconds": SimpleLazyObject(lambda: _seconds_left(request)),
    }


def site() -> dict:
    """The names on the door, and of the hall's rules what a footer shows."""
    return site_names() | cache.get_or_set("site-facts", _facts, FACTS_LIVE_FOR)


def site_names() -> dict:
    """What is known without a database: enough for the page that says that something is broken."""
    return {
        "name": getattr(settings, "SITE_NAME", "资阳市政务服务网"),
        "motto": getattr(settings, "SITE_MOTTO", "市 · 县 · 乡 · 村 四级便民服务"),
        "organiser": getattr(settings, "SITE_ORGANISER", "资阳市政务服务中心"),
        "hotline": "96196",
    }


def _facts() -> dict:
    rules = HallRules.objects.filter(point__level=Level.CITY).order_by("id").first()
    return {"hotline": rules.hotline, "is_historic_sample": rules.is_historic_sample} if rules else {}


def _assignments(request) -> list:
    user = getattr(request, "user", None)
    staff = user is not None and user.is_authenticated and user.is_staff
    return user.assignments_on(timezone.localdate()) if staff else []


def _seconds_left(request) -> int:
    user = getattr(request, "user", None)
    return request.session.get_expiry_age() if user is not None and user.is_authenticated else 0
