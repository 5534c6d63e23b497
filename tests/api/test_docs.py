"""接口文档 in a browser: served from this machine, under the same content policy as every page."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.django_db(transaction=True)


def test_the_documentation_is_browsable_without_the_internet(open_page):
    asked = []
    page = open_page("/api/v1/progress/")
    page.on("request", lambda request: asked.append(request.url))
    page.faults.clear()

    page.goto("/api/v1/docs/")

    expect(page.get_by_text("凭编号查进度").first).to_be_visible()
    assert {url.split("/")[2] for url in asked if url.startswith("http")} == {page.url.split("/")[2]}
    assert [fault for fault in page.faults if "style" not in fault] == []
