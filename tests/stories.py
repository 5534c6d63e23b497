"""办件 of the cast at every step of the way, each one step further than the one above it."""

import pytest

from apps.accounts import actions as accounts
from apps.accounts.models import Applicant
from apps.cases import actions
from apps.cases.models import Channel
from tests.cast import BEFORE, at, fill


@pytest.fixture
def draft(calendar, food_permit, county, citizen, privacy_notice):
    return actions.draft(
        food_permit,
        applicant=citizen.applicant,
        at_point=county,
        channel=Channel.ONLINE,
        by=citizen,
        at=at("2026-03-02"),
    )


@pytest.fixture
def submitted(draft, citizen):
    """Filed online on Monday 2 March 2026, waiting for pre-review."""
    fill(draft, by=citizen, at_=at("2026-03-02"))
    return actions.submit(draft, by=citizen, at=at("2026-03-02"), privacy_notice="2026-01")


@pytest.fixture
def accepted(submitted, clerk):
    """Passed and so accepted on Tuesday 3 March 2026; promised in three working days."""
    return actions.pass_pre_review(submitted, by=clerk, at=at("2026-03-03"))


@pytest.fixture
def in_review(accepted, colleague):
    """In the hands of a reviewer since Wednesday 4 March 2026."""
    return actions.start_review(accepted, by=colleague, at=at("2026-03-04"))


@pytest.fixture
def in_approval(accepted, colleague):
    actions.start_review(accepted, by=colleague, at=at("2026-03-04"))
    return actions.finish_review(
        accepted, opinion="符合条件，建议准予。", by=colleague, at=at("2026-03-04", "15:00")
    )


@pytest.fixture
def collected(calendar, village_item, village, village_agent, villager, privacy_notice):
    """Collected in the village on Monday 2 March 2026."""
    case = actions.draft(
        village_item,
        applicant=villager,
        at_point=village,
        channel=Channel.VILLAGE,
        by=village_agent,
        at=at("2026-03-02"),
    )
    return actions.collect(
        case,
        {1: (1, 0), 2: (1, 0), 3: (0, 1)},
        by=village_agent,
        at=at("2026-03-02"),
        privacy_notice="2026-01",
    )


@pytest.fixture
def at_the_counter(calendar, permit_with_originals, county, clerk, privacy_notice):
    """A walk-in's papers received at the county counter on Monday 2 March 2026."""
    walk_in = accounts.note_applicant(
        kind=Applicant.Kind.PERSON, name="罗大明", number="51999920080229123X", phone="13800000004", at=BEFORE
    )
    case = actions.draft(
        permit_with_originals,
        applicant=walk_in,
        at_point=county,
        channel=Channel.COUNTER,
        by=clerk,
        at=at("2026-03-02"),
    )
    actions.save_draft(
        case, form={"shop_name": "大明食品厂", "address": "雁江区城南路2号"}, at=at("2026-03-02")
    )
    return actions.receive(
        case, {1: (1, 0), 2: (1, 0), 3: (0, 1)}, by=clerk, at=at("2026-03-02"), privacy_notice="2026-01"
    )
