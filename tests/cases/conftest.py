from datetime import date

import pytest

from apps.cases import actions
from tests.cast import at

from .rearranged import DAY_OFF, SIGNED_AT, SOURCE, days_of_2026


@pytest.fixture
def entered(calendar, centre_admin):
    """Somebody proposes that Thursday 5 March 2026 be a day off."""
    return actions.enter_notice(
        2026,
        days_of_2026(DAY_OFF),
        source=SOURCE,
        published_on=date(2026, 3, 3),
        by=centre_admin,
        at=at("2026-03-04"),
    )


@pytest.fixture
def signed(entered, leader):
    return actions.sign_amendment(entered, by=leader, at=SIGNED_AT)
