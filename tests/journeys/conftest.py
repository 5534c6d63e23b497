import pytest
from celery.contrib.testing.worker import start_worker

from apps.items import actions as items
from apps.items.models import Offering
from apps.points.models import Level
from config.celery import app
from tests.cast import publish_item
from tests.workflows.projects import hall

__all__ = ["hall", "restaurant_permit", "worker"]


@pytest.fixture
def restaurant_permit(county, market_bureau, calendar, privacy_notice):
    """食品经营许可 as a county offers it: filed online, originals at the window, promised in ten working days."""
    item = publish_item(
        "XK920", "食品经营许可（新办）", level=Level.COUNTY, days=10, needs_originals=True, visits=1, online_depth=3,
        synonyms=["开小吃店", "开餐馆"],
    )  # fmt: skip
    items.offer(
        item, scope=county, level=Level.COUNTY, authority=Offering.Authority.DECIDE, department=market_bureau
    )
    return item


@pytest.fixture
def worker(transactional_db):
    """A real Celery worker on the real queue, in a thread of this process so that it shares the test's database."""
    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=30) as running:
        yield running
