"""Everybody walks through every door: nobody sees, counts, finds, exports or changes a case outside their scope."""

import re

import pytest
from django.core.cache import cache
from rest_framework.authtoken.models import Token
from rest_framework.test import APIClient
from rest_framework.throttling import SimpleRateThrottle

from apps.accounts import actions as accounts
from apps.accounts.models import Applicant
from apps.accounts.roles import Role
from apps.cases import actions
from apps.cases.models import CaseFile, CaseMaterial, Channel
from apps.items import actions as items
from apps.items.models import Offering
from apps.letters.models import Letter
from apps.points.models import Level
from apps.supervision.models import Card
from tests.cast import BEFORE, a_scan, at, make_user

from .addresses import addresses

NAME = "贾远客"  # the applicant of the foreign case, found nowhere else
FILE = "远客的平面图.png"
OUTSIDE = ("clerk", "colleague", "approver", "window_head", "department_leader", "township_clerk", "township_director",
           "village_agent", "system_admin", "citizen", "company_agent")  # fmt: skip
CITY_WIDE = ("supervisor", "auditor", "leader", "centre_admin")
NEVER = re.compile(r"^/(logout|session|display)/")  # these change the walker's own session, and show no case


@pytest.fixture
def foreign(calendar, food_permit, other_county, other_bureau, clerk_of_another_county, privacy_notice):
    """A case of another county, brought by somebody else, with a file, a notice, a card and a pause behind it."""
    items.offer(
        food_permit,
        scope=other_county,
        level=Level.COUNTY,
        authority=Offering.Authority.DECIDE,
        department=other_bureau,
    )
    applicant = accounts.note_applicant(
        kind=Applicant.Kind.PERSON, name=NAME, number="519999199003030038", phone="13800000009", at=BEFORE
    )
    clerk = clerk_of_another_county
    case = actions.draft(
        food_permit,
        applicant=applicant,
        at_point=other_county,
        channel=Channel.COUNTER,
        by=clerk,
        at=at("2026-03-02"),
    )
    actions.save_draft(case, form={"shop_name": "远客小吃", "address": "安岳县正街1号"}, at=at("2026-03-02"))
    actions.attach(CaseMaterial.objects.get(case=case, seq=2), a_scan(FILE), by=clerk, at=at("2026-03-02"))
    case = actions.receive(case, {1: (1, 0)}, by=clerk, at=at("2026-03-02"), privacy_notice="2026-01")
    case = actions.ask_supplement(case, [actions.Found("图不清", seq=2)], by=clerk, at=at("2026-03-03"))
    Card.objects.create(
        case=case, rule="overdue", clock="committed", colour="red", due_on=at("2026-03-05").date(),
        issued_at=at("2026-03-09"), issued_on=at("2026-03-09").date(), department=other_bureau,
    )  # fmt: skip
    return case


@pytest.fixture
def walker(request, county, market_bureau, company, other_citizen):
    """The person of this walk; those whom the cast does not hold are made here."""
    made = {
        "window_head": lambda: make_user(
            "head", "龙飞", Role.WINDOW_HEAD, point=county, department=market_bureau
        ),
        "department_leader": lambda: make_user(
            "boss", "蒋宏", Role.DEPARTMENT_LEADER, point=county, department=market_bureau
        ),
        "company_agent": lambda: other_citizen,
    }
    return made[request.param]() if request.param in made else request.getfixturevalue(request.param)


def _filled(foreign) -> dict:
    return {
        "number": foreign.number,
        "key": foreign.key,
        "pk": CaseFile.objects.get(material__case=foreign).pk,
        "seq": 2,
        "code": foreign.item.code,
        "path": foreign.point.path,
        "year": 2026,
        "token": Letter.objects.filter(case=foreign).first().token,
    }


def _doors(foreign) -> list[str]:
    known = _filled(foreign)
    card = str(Card.objects.get(case=foreign).pk)
    letter = str(Letter.objects.filter(case=foreign).first().pk)
    doors = []
    for address in addresses():
        path = address.path(**known)
        if "/cards/" in path:
            path = re.sub(r"/cards/\d+/", f"/cards/{card}/", path)
        path = re.sub(r"/letters/\d+/", f"/letters/{letter}/", path)
        if not NEVER.match(path):
            doors.append(path)
    words = [f"?q={NAME}", f"?q={foreign.number}", "?q=519999199003030038", f"?item={foreign.item.code}",
             "?measure=received&first=2026-03-01&last=2026-03-31", "?under=512021", "?intake_under=512021",
             f"?place={foreign.point.path}", "?state=open"]  # fmt: skip
    lists = [
        door
        for door in doors
        if re.search(r"(cases|search|export|cards|dashboard|desk|departments|windows)/$", door)
    ]
    return doors + [door + word for door in lists for word in words]


def _walk_of(user):
    """Asks as the user: pages with a session, the API with a token."""
    page, api = APIClient(), APIClient()
    page.force_login(user)
    api.credentials(HTTP_AUTHORIZATION=f"Token {Token.objects.get_or_create(user=user)[0].key}")
    return lambda method, door, *sent: getattr(api if door.startswith("/api/") else page, method)(door, *sent)


def _shows(answer, foreign) -> bool:
    if answer.status_code >= 400 or answer.status_code == 302:
        return False
    text = b"".join(answer) if answer.streaming else answer.content
    if answer.headers.get("Content-Type") == "application/pdf":
        return True
    marks = (NAME, FILE, foreign.number, "5199**********0038", "519999199003030038", "远客小吃")
    return any(mark.encode() in text for mark in marks)


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    cache.clear()
    for scope in ("anon", "user", "progress", "sign_in"):
        monkeypatch.setitem(SimpleRateThrottle.THROTTLE_RATES, scope, None)


@pytest.mark.parametrize("walker", OUTSIDE, indirect=True)
def test_nobody_outside_the_scope_sees_the_case_through_any_door(walker, foreign):
    shown, ask = [], _walk_of(walker)
    for door in _doors(foreign):
        answer = ask("get", door)
        own_words = f"?q={NAME}" in door or f"?q={foreign.number}" in door or "?q=5199991990" in door
        if own_words and answer.status_code == 200 and not answer.streaming:
            # the words one has typed oneself stand in the search box again: they are no find
            text = (
                answer.content.decode()
                .replace(f'value="{NAME}"', "")
                .replace(f'value="{foreign.number}"', "")
            )
            text = text.replace(f"“{NAME}”", "").replace('value="519999199003030038"', "")
            if "远客小吃" in text or "5199**********0038" in text or f"/cases/{foreign.number}/" in text:
                shown.append(door)
        elif _shows(answer, foreign):
            shown.append(door)

    assert shown == []


@pytest.mark.parametrize("walker", CITY_WIDE, indirect=True)
def test_the_walk_would_notice_for_those_who_may_see_do(walker, foreign):
    ask = _walk_of(walker)
    seen = {door for door in _doors(foreign) if _shows(ask("get", door), foreign)}

    assert f"/console/cases/{foreign.number}/" in seen
    assert any(door.startswith("/dashboard/cases/") for door in seen)
    assert any(door.startswith("/api/v1/cases/") for door in seen)


@pytest.mark.parametrize("walker", [*OUTSIDE, *CITY_WIDE], indirect=True)
def test_nobody_outside_the_handling_scope_changes_the_case(walker, foreign):
    before = foreign.events.count(), foreign.status, list(Card.objects.filter(case=foreign).values())
    ask = _walk_of(walker)
    for door in _doors(foreign):
        if "?" not in door:
            answer = ask("post", door, {"reason": "x", "text": "x", "opinion": "x", "result": "grant"})
            assert answer.status_code < 500, door

    foreign.refresh_from_db()
    after = foreign.events.count(), foreign.status, list(Card.objects.filter(case=foreign).values())
    if walker.username == "supervisor":  # may revoke a card: that is its office, and no change of the case
        before, after = before[:2], after[:2]
    assert after == before
