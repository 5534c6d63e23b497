"""A calendar that is arranged anew, for the tests of what that moves."""

from datetime import date

from apps.calendars import notices
from apps.calendars.workdays import Special
from apps.cases import actions
from tests.cast import at

SOURCE = "国务院办公厅关于2026年部分节假日安排调整的通知（国办发明电〔2026〕3号）"
THURSDAY = date(2026, 3, 5)
SIGNED_AT = at("2026-03-04", "16:00")


def days_of_2026(*more: Special) -> list[Special]:
    own = next(notice for notice in notices.carried() if notice.year == 2026).days
    return [*own, *more]


DAY_OFF = Special(THURSDAY, False, "临时放假")


def apply(moment=SIGNED_AT) -> None:
    while actions.recompute_next(at=moment):
        pass
