"""套餐 in a real browser: readable in every display, and put together without a line of script."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from apps.workflows import actions
from apps.workflows.models import Bundle
from config.sampling.bundles import load_bundles
from config.sampling.catalogue import load_catalogue
from tests.browser import DESKTOP, PHONE, faults_of
from tests.workflows.bundles import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def project(db):
    """A draft of the investment project of the sample, beside its published version."""
    load_catalogue()
    load_bundles()
    return actions.draft_version(Bundle.objects.get(code="BL-QYTZ-BA"), by=None, at=NOW)


def places(project):
    detail = reverse("console:bundle-detail", args=[project.bundle.code, project.number])
    return [
        reverse("console:bundle-list"),
        reverse("console:bundle-entry"),
        reverse("console:bundle-detail", args=[project.bundle.code, 1]),
        detail,
        f"{detail}?form=stage&number=2",
        f"{detail}?form=question&number=7",
        f"{detail}?form=material",
        f"{detail}branches/sg/",
    ]


@pytest.mark.parametrize(
    ("width", "theme"), [(DESKTOP, ""), (DESKTOP, "dark"), (PHONE, ""), (PHONE, "contrast"), (320, "")]
)
def test_the_pages_are_accessible(open_page, centre_admin, project, width, theme):
    page = open_page("/console/bundles/", width=width, theme=theme, user=centre_admin)

    assert faults_of(page, places(project)) == {}


def test_a_circle_is_refused_and_mended_without_script(open_page, centre_admin, project):
    page = open_page(places(project)[3], script=False, user=centre_admin)

    page.get_by_text("连接分项", exact=True).click()
    page.get_by_label("分项", exact=True).select_option("ba")
    page.get_by_label("等哪个分项，或听取、取用谁的").select_option("yg")
    page.get_by_role("button", name="连接", exact=True).click()
    refused = page.locator("#edgeform-needs_error").inner_text()
    page.get_by_label("分项", exact=True).select_option("rf")
    page.get_by_label("等哪个分项，或听取、取用谁的").select_option("yd")
    page.get_by_role("button", name="连接", exact=True).click()

    assert "ba 企业投资项目备案 → yg 建设用地规划许可证核发 → ba 企业投资项目备案" in refused
    expect(page.get_by_role("row", name="应建防空地下室").get_by_text("等 yd")).to_be_visible()
    assert project.edges.filter(branch__code="rf", needs__code="yd").count() == 1
