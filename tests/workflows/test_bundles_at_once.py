"""套餐: two people at one version at one moment, with real threads."""

from datetime import date

import pytest

from apps.workflows import actions
from apps.workflows.checking import EdgeFacts
from apps.workflows.models import BundleEdge, BundleVersion
from tests.races import at_once

from .bundles import NOW, branch

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def by(centre_admin):
    return {"by": centre_admin, "at": NOW}


def test_of_two_edges_that_make_a_circle_added_at_once_one_is_refused(bundle_draft, catalogue, by):
    actions.add_branch(bundle_draft, branch("jn", "XK4"), **by)
    actions.disconnect(bundle_draft, branch="yd", needs="ba", **by)
    halves = [EdgeFacts("yd", "jn"), EdgeFacts("jn", "yd")]

    results = at_once(2, lambda which: actions.connect(bundle_draft, halves[which], **by))

    refusals = [result for result in results if isinstance(result, actions.Broken)]
    assert len(refusals) == 1 and [fault.code for fault in refusals[0].faults] == ["CIRCLE"]
    assert BundleEdge.objects.filter(version=bundle_draft, branch__code__in=["yd", "jn"]).count() == 1


def test_eight_people_publishing_at_once_publish_once(bundle_draft, by):
    results = at_once(8, lambda _: actions.publish(bundle_draft, on=date(2026, 3, 2), **by))

    assert sum(isinstance(result, BundleVersion) for result in results) == 1
    assert bundle_draft.events.filter(verb="published").count() == 1


def test_eight_people_drafting_at_once_make_one_draft(bundle_draft, by):
    actions.publish(bundle_draft, on=date(2026, 3, 2), **by)

    results = at_once(8, lambda _: actions.draft_version(bundle_draft.bundle, **by))

    assert sum(isinstance(result, BundleVersion) for result in results) == 1
    assert sum(isinstance(result, actions.NotAllowed) for result in results) == 7


def test_who_publishes_beside_somebody_who_edits_waits_and_nobody_for_good(bundle_draft, by):
    def publish(version):
        return actions.publish(version, on=date(2026, 3, 2), **by)

    def change(version):
        return actions.change_branch(version, branch("ba", "XK1", days=2), **by)

    for _ in range(6):
        results = at_once(3, lambda which, version=bundle_draft: [publish, change, change][which](version))

        errors = [one for one in results if isinstance(one, Exception)]
        assert [one for one in errors if not isinstance(one, actions.NotAllowed)] == []
        bundle_draft = actions.draft_version(bundle_draft.bundle, **by)
