"""Every page of one matter, wide and narrow, in every display: accessible, and nothing scrolls sideways."""

import pytest
from django.utils import timezone

from tests.browser import DESKTOP, PHONE, SMALL_PHONE, assert_accessible, assert_fits, faults_of

pytestmark = pytest.mark.django_db(transaction=True)
PUBLIC = ["/", "/bundles/", "/bundles/CANYIN/", "/bundles/CANYIN/?a1=要", "/items/?q=开餐馆", "/items/CY-sp/"]
MINE = [
    "/", "/cases/", "/projects/", "/bundles/CANYIN/application/", "/projects/{draft}/", "/projects/{draft}/situation/",
    "/projects/{draft}/check/", "/projects/{draft}/renewal/", "/projects/{told}/", "/projects/{running}/",
    "/projects/{running}/withdrawal/", "/projects/{running}/branches/zz/withdrawal/", "/cases/{case}/",
]  # fmt: skip


@pytest.fixture
def world(street):
    """A draft, a project that waits for its applicant, and one of which the first matter is done; of today."""
    now = timezone.now()
    told = street.told(moment=now)
    running = street.running(moment=now)
    street.grant(running, "zz", moment=now)
    facts = {"draft": street.draft(moment=now).key, "told": told.number, "running": running.number}
    return facts | {"case": street.branch(running, "zz").case.number}


def addresses(paths, world):
    return [path.format(**world) for path in paths]


@pytest.mark.parametrize("width", [DESKTOP, PHONE, SMALL_PHONE])
def test_public_pages_are_accessible(open_page, street, width):
    assert faults_of(open_page("/", width=width), PUBLIC) == {}


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_own_pages_are_accessible(open_page, world, citizen, width):
    page = open_page("/", width=width, user=citizen)

    assert faults_of(page, addresses(MINE, world)) == {}


@pytest.mark.parametrize(("theme", "mode"), [("dark", ""), ("contrast", ""), ("", "elder")])
def test_own_pages_are_accessible_in_every_display(open_page, world, citizen, theme, mode):
    page = open_page("/", width=PHONE, user=citizen, theme=theme, mode=mode)

    assert faults_of(page, addresses(MINE, world)) == {}


def test_pages_fit_the_smallest_telephone_without_script(open_page, world, citizen):
    page = open_page("/", width=SMALL_PHONE, user=citizen, script=False)

    assert faults_of(page, addresses(PUBLIC + MINE, world), assert_fits) == {}


def test_the_answers_change_the_list_at_once(open_page, street):
    page = open_page("/bundles/CANYIN/")
    page.get_by_label("要", exact=True).check()
    page.get_by_text("要办的 3 件事").wait_for()
    page.get_by_label("不要", exact=True).check()
    page.get_by_text("要办的 2 件事").wait_for()

    assert_accessible(page)
