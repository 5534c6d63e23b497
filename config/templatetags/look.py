"""What every template may say without loading anything: icons, chips, masks, Chinese dates and numbers, query strings.

Presentation only. A chip or badge whose meaning is a rule of the trade (a clock, a card) is a tag of the app that
owns the rule; it ends in `chip` below.
"""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

from django import forms, template
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from apps.accounts.identity import mask_name, mask_number, mask_phone

register = template.Library()

NOTHING = "—"  # shown wherever there is no value: an empty cell reads as a fault
WEEKDAYS = "一二三四五六日"

register.filter("mask_name", lambda text: mask_name(text) if text else NOTHING)
register.filter("mask_id", lambda text: mask_number(text) if text else NOTHING)
register.filter("mask_phone", lambda text: mask_phone(text) if text else NOTHING)


# ── icons and chips ──────────────────────────────────────────────────────────────────────────────────
@register.simple_tag
@cache
def icon(name: str, extra: str = "") -> SafeString:
    """An icon of the sprite, always beside words: `{% icon "search" %}`. `extra` adds a class.

    Drawn once a process: templates name their icons, so there are a few dozen, and a list shows each twenty times.
    """
    return format_html(
        '<svg class="i{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f" {extra}" if extra else "",
        static("icons.svg"),
        name,
    )


CHIP_ICONS = {
    "ok": "circle-check",
    "warn": "alert-triangle",
    "bad": "alert-octagon",
    "pause": "player-pause",
    "info": "info-circle",
    "new": "player-play",
    "done": "checks",
}


@register.simple_tag
def chip(kind: str, words: str, icon_name: str = "") -> SafeString:
    """A state in colour, shape and words at once: `{% chip "warn" "剩 1 天" %}`."""
    return format_html(
        '<span class="chip chip-{}">{}{}</span>', kind, icon(icon_name or CHIP_ICONS[kind]), words
    )


@register.simple_tag
def bar(value, maximum=100, kind: str = "") -> SafeString:
    """A horizontal bar drawn by the server. It says nothing by itself: the figure stands beside it."""
    share = min(max(float(value) / float(maximum), 0), 1) if maximum else 0
    return format_html(
        '<svg class="bar{}" width="100%" height="8" aria-hidden="true" focusable="false">'
        '<rect width="{}%" height="100%"></rect></svg>',
        f" bar-{kind}" if kind else "",
        f"{share * 100:.2f}",
    )


@register.inclusion_tag("components/clock.html")
def clock(drawn) -> dict:
    """办理计时: a drawn clock has `sentence`, `segments` (kind, start, width) and `marks` (kind, at, side, text).

    Places are percent of the width. Kinds of segments: run, pause, over; of marks: start, plain, warn, now, dead.
    """
    return {"clock": drawn}


# ── dates and numbers as people write them ───────────────────────────────────────────────────────────
@register.filter
def zh_date(value: date | datetime | None) -> str:
    """11月27日; with the year when it is not this one."""
    if not value:
        return NOTHING
    day = timezone.localdate(value) if isinstance(value, datetime) else value
    short = f"{day.month}月{day.day}日"
    return short if day.year == timezone.localdate().year else f"{day.year}年{short}"


@register.filter
def zh_full_date(value: date | datetime | None) -> str:
    """2026年11月27日."""
    if not value:
        return NOTHING
    day = timezone.localdate(value) if isinstance(value, datetime) else value
    return f"{day.year}年{day.month}月{day.day}日"


@register.filter
def zh_time(value: datetime | None) -> str:
    """11月27日 17:00, in the time of the hall."""
    return f"{zh_date(value)} {timezone.localtime(value):%H:%M}" if value else NOTHING


@register.filter
def weekday(value: date | datetime | None) -> str:
    """周五."""
    if not value:
        return NOTHING
    day = timezone.localdate(value) if isinstance(value, datetime) else value
    return f"周{WEEKDAYS[day.weekday()]}"


@register.filter
def dash(value) -> str:
    """A value, or — where there is none. Zero is a value."""
    return NOTHING if value is None or value == "" else value


@register.filter
def thousands(value) -> str:
    """18,462."""
    return NOTHING if value is None else f"{value:,}"


@register.filter
def percent_of(part, whole) -> str:
    """A share with two decimals, half up, without the sign: `{{ done|percent_of:all }}`. — where the whole is none."""
    if not whole or part is None:
        return NOTHING
    share = Decimal(part) * 100 / Decimal(whole)
    return str(share.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))


@register.filter
def file_size(size: int | None) -> str:
    """2.4 MB."""
    if size is None:
        return NOTHING
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(size / 1024, 0.1):.1f} KB"


# ── lists ────────────────────────────────────────────────────────────────────────────────────────────
@register.simple_tag(takes_context=True)
def query(context, **changes) -> str:
    """The query string of this page with some keys changed; None takes a key out: `{% query late=1 after=None %}`."""
    wanted = context["request"].GET.copy()
    for key, value in changes.items():
        if value is None or value == "":
            wanted.pop(key, None)
        else:
            wanted[key] = value
    return f"?{wanted.urlencode()}"


@register.inclusion_tag("components/pager.html", takes_context=True)
def pager(context, previous=None, following=None, noun: str = "办件") -> dict:
    """Keyset pages: two cursors, kept in `before` and `after`. There is no page number, since counting is dear."""
    return {"request": context["request"], "previous": previous, "following": following, "noun": noun}


# ── forms ────────────────────────────────────────────────────────────────────────────────────────────
@register.filter
def control(field: forms.BoundField) -> SafeString:
    """The widget of a field with the class that its kind of control has."""
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return field.as_widget()
    kinds = ((forms.Textarea, "area"), (forms.FileInput, "file-input"), (forms.Select, "select"))
    wanted = next((name for kind, name in kinds if isinstance(widget, kind)), "input")
    own = widget.attrs.get("class")
    return field.as_widget(attrs={"class": f"{wanted} {own}" if own else wanted})


@register.inclusion_tag("components/error_summary.html")
def error_summary(*filled: forms.BaseForm) -> dict:
    """What is wrong, on top of the page, each line a link to its field. Says nothing while nothing is wrong."""
    faults = []
    for form in filled:
        faults += [{"text": text} for text in form.non_field_errors()]
        for field in form:
            target = field.id_for_label or f"{field.auto_id}_0"
            faults += [{"text": text, "target": target} for text in field.errors]
    return {"faults": faults}


@register.simple_tag(takes_context=True)
def here(context, *names: str) -> SafeString | str:
    """Marks the link to where we are: `<a href="…"{% here "portal:item-list" "portal:item-detail" %}>`."""
    match = getattr(context.get("request"), "resolver_match", None)
    return mark_safe(' aria-current="page"') if match and match.view_name in names else ""
