"""A real browser for the tests: Chromium by Playwright, pages of any width and display, axe, and one without script.

    pytest_plugins names this module once (tests/conftest.py); a test then asks for `open_page`:

    def test_something(open_page, citizen):
        page = open_page("/cases/", width=390, user=citizen)
        assert_accessible(page)

Live servers write to the database for real, so such tests carry `transaction=True`; the fixture sees to it.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, expect, sync_playwright

os.environ.setdefault(
    "DJANGO_ALLOW_ASYNC_UNSAFE", "true"
)  # Playwright keeps a loop in this thread; we do not use it

AXE = Path(__file__).with_name("vendor") / "axe.min.js"
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
DESKTOP, PHONE, SMALL_PHONE = 1440, 390, 320
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PATIENCE = 15_000  # milliseconds: two cores may be busy


@pytest.fixture(scope="session")
def chromium():
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        installed = shutil.which("chromium") or shutil.which("chromium-browser")
        browser = playwright.chromium.launch(executable_path=installed, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium: Browser, live_server) -> Callable[..., Page]:
    """Opens an address in a context of its own: width, theme, mode, with or without script, signed in or not."""
    contexts = []

    def open_at(path="/", *, width=DESKTOP, height=900, theme="", mode="", script=True, user=None) -> Page:
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": height}, locale="zh-CN",
            timezone_id="Asia/Shanghai", reduced_motion="reduce", java_script_enabled=script,
            is_mobile=width < 700, has_touch=width < 700,
        )  # fmt: skip
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        cookies = {"theme": theme, "mode": mode, **(_session_of(user) if user else {})}
        context.add_cookies(
            [{"name": n, "value": v, "url": live_server.url} for n, v in cookies.items() if v]
        )
        page = context.new_page()
        page.faults = []
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("console", lambda message: _note(page, message))
        page.goto(path)
        return page

    yield open_at
    for context in contexts:
        context.close()


def assert_accessible(page: Page) -> None:
    """axe finds nothing, nothing scrolls sideways, and no script of the page failed."""
    page.wait_for_load_state()
    page.evaluate("document.fonts.ready")
    page.evaluate(AXE.read_text())  # not a script element: the content policy of the page stays as it is
    found = page.evaluate("rules => axe.run({runOnly: {type: 'tag', values: rules}})", RULES)
    faults = [
        f"{fault['id']}: {fault['help']} — {node['html'][:160]} {node['failureSummary'][:300]}"
        for fault in found["violations"]
        for node in fault["nodes"]
    ]
    assert faults == []
    assert_fits(page)
    assert page.faults == []


def faults_of(
    page: Page, addresses: list[str], check: Callable[[Page], None] = assert_accessible
) -> dict[str, str]:
    """Visits addresses one after another in the same window; what a check finds at each, by address."""
    faults = {}
    for address in addresses:
        page.goto(address)
        try:
            check(page)
        except AssertionError as error:
            faults[address] = str(error)[:800]
        page.faults.clear()
    return faults


WIDER = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll('body *')]
    .filter(each => each.getBoundingClientRect().right > width + 1)
    .map(each => `${each.tagName} ${each.className} ${each.textContent.trim().slice(0, 30)}`).slice(0, 8);
}"""


SQUEEZED = """() => {
  const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (words.nextNode()) {
    const text = words.currentNode.textContent.trim();
    const box = words.currentNode.parentElement;
    if (text.length < 4 || !box.checkVisibility() || box.closest('.vh, svg, [aria-hidden=true], option, .days')) continue;
    const range = document.createRange();
    range.selectNodeContents(words.currentNode);
    const place = range.getBoundingClientRect();
    const letter = parseFloat(getComputedStyle(box).fontSize);
    if (place.width > 0 && place.width < 2.5 * letter && place.height > 3 * letter)
      found.push(`${box.tagName} ${box.className} ${text.slice(0, 30)}`);
  }
  return found.slice(0, 8);
}"""
"""Words that stand one or two in a line because their column has no room. The days of a calendar are narrow by nature."""


def assert_fits(page: Page) -> None:
    """No sideways scroll, and no words squeezed into a column of single letters."""
    page.wait_for_load_state()
    assert page.evaluate(WIDER) == []
    assert page.evaluate(SQUEEZED) == []


def sign_in(page: Page, user) -> None:
    """Gives an open page the session of a person, without the sign-in form."""
    cookies = [{"name": n, "value": v, "url": page.url} for n, v in _session_of(user).items()]
    page.context.add_cookies(cookies)


def _session_of(user) -> dict[str, str]:
    client = Client()
    client.force_login(user, backend="apps.accounts.backends.RoleBackend")
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


def _note(page: Page, message) -> None:
    """Errors of the console are faults of the page; an answer of 4xx that a test provokes is not."""
    if message.type == "error" and "the server responded with a status of" not in message.text:
        page.faults.append(message.text)
