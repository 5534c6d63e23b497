"""村级代办: what a village agent collects, hands up, gives back and delivers."""

import uuid

import pytest
from django.test import Client

from apps.accounts.models import Applicant, Mandate
from apps.cases import actions
from apps.cases.models import Case, Status
from tests.cast import at
from tests.races import at_once

pytestmark = pytest.mark.django_db


# ── the village agent ────────────────────────────────────────────────────────────────────────────────
VILLAGER = {
    "name": "罗桂英",
    "number": "519999194909300089",
    "phone": "13800000003",
    "signed": "on",
    "until": "",
}


@pytest.fixture
def agent(client, village_agent):
    client.force_login(village_agent)
    return client


@pytest.mark.django_db(transaction=True)
def test_three_presses_at_one_moment_enter_one_villager_one_mandate_and_one_draft(
    calendar, village_item, village_agent
):
    key, phones = uuid.uuid4(), [Client(), Client(), Client()]
    for phone in phones:
        phone.force_login(village_agent)
    entered = VILLAGER | {"item": village_item.pk, "key": key}

    answers = at_once(3, lambda which: phones[which].post("/agent/collection/", entered))

    assert [answer.status_code for answer in answers] == [302, 302, 302]
    assert [case.key for case in Case.objects.all()] == [key]
    assert Applicant.objects.filter(name="罗桂英").count() == Mandate.objects.count() == 1


def test_an_agent_collects_under_a_mandate(agent, calendar, village_item, village_agent, privacy_notice):
    key = "11111111-1111-4111-8111-111111111111"
    started = agent.post("/agent/collection/", VILLAGER | {"item": village_item.pk, "key": key})
    page = agent.get(f"/agent/drafts/{key}/collection/").content.decode()
    collected = agent.post(
        f"/agent/drafts/{key}/collection/", {"o-1": "1", "o-2": "1", "c-3": "", "agreed": "on"}
    )
    again = agent.post(f"/agent/drafts/{key}/collection/", {"o-1": "1", "agreed": "on"})

    case = Case.objects.get(key=key)
    slip = agent.get(f"/agent/cases/{case.number}/").content.decode()
    assert started.url == f"/drafts/{key}/"
    assert "收到几份" in page
    assert collected.url == again.url == f"/agent/cases/{case.number}/"
    assert (case.status, case.collected_by) == (Status.COLLECTED, village_agent)
    assert Mandate.objects.get(agent=village_agent).item_codes == [village_item.code]
    assert "代收凭证" in slip
    assert "519999194909300089" not in slip


def test_an_agents_draft_leads_on_to_the_papers(agent, calendar, village_item, village_agent):
    key = "11111111-1111-4111-8111-111111111112"
    agent.post("/agent/collection/", VILLAGER | {"item": village_item.pk, "key": key})

    answer = agent.post(f"/drafts/{key}/", {"contact_phone": "13800000003", "next": "check"})

    assert answer.url == f"/agent/drafts/{key}/collection/"


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"signed": ""}, "没有签字的委托书不能代收"),
        ({"number": "519999194909300080"}, "校验位不对"),
        ({"item": ""}, "要办的事"),
    ],
)
def test_a_collection_with_a_fault_keeps_what_was_typed(agent, village_item, wrong, sentence):
    body = VILLAGER | {"item": village_item.pk, "key": "11111111-1111-4111-8111-111111111113"} | wrong

    answer = agent.post("/agent/collection/", body)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert 'value="罗桂英"' in answer.content.decode()
    assert not Applicant.objects.exists()


def test_papers_are_counted_and_the_notice_is_told(agent, calendar, village_item, privacy_notice):
    key = "11111111-1111-4111-8111-111111111114"
    agent.post("/agent/collection/", VILLAGER | {"item": village_item.pk, "key": key})

    silent = agent.post(f"/agent/drafts/{key}/collection/", {"o-1": "1"})
    mistyped = agent.post(f"/agent/drafts/{key}/collection/", {"o-1": "-3", "agreed": "on"})

    assert (silent.status_code, mistyped.status_code) == (422, 422)
    assert "请先向村民说明" in silent.content.decode()
    assert "份数不能是负数" in mistyped.content.decode()


def test_late_papers_raise_an_alarm(agent, collected):
    page = agent.get("/agent/").content.decode()

    assert "超过 3 个工作日没有上交" in page
    assert "该上交了，已超期" in page


def test_an_agent_gives_papers_back_with_a_reason(agent, collected):
    without = agent.post(f"/agent/cases/{collected.number}/return/", {"reason": ""})
    done = agent.post(f"/agent/cases/{collected.number}/return/", {"reason": "村民不办了"})

    collected.refresh_from_db()
    assert (without.status_code, done.status_code) == (422, 302)
    assert collected.status == Status.SENT_BACK


def test_an_agent_delivers_the_result(agent, collected, township_clerk, township_director):
    actions.hand_up(collected, by=township_clerk, at=at("2026-03-04"))
    actions.accept(collected, by=township_clerk, at=at("2026-03-04"))
    actions.start_review(collected, by=township_clerk, at=at("2026-03-04"))
    actions.finish_review(collected, opinion="符合。", by=township_clerk, at=at("2026-03-04"))
    actions.grant(collected, by=township_director, at=at("2026-03-05"), result_number="养〔2026〕1号")

    page = agent.get(f"/agent/cases/{collected.number}/").content.decode()
    without = agent.post(f"/agent/cases/{collected.number}/delivery/", {"proof": ""})
    done = agent.post(f"/agent/cases/{collected.number}/delivery/", {"proof": "罗桂英本人"})

    collected.refresh_from_db()
    assert "送达结果" in page
    assert (without.status_code, done.status_code) == (422, 302)
    assert (collected.status, collected.delivery_way) == (Status.DELIVERED, "agent")


def test_an_agent_sees_only_what_was_collected_by_the_agent(agent, submitted):
    assert agent.get(f"/agent/cases/{submitted.number}/").status_code == 404


def test_the_agents_pages_are_closed_to_others(client, citizen):
    client.force_login(citizen)

    assert [client.get(path).status_code for path in ("/agent/", "/agent/collection/")] == [403, 403]


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("/progress/", ["请填写办件编号。", "请填写证件号码后四位。"]),
        (
            "/agent/collection/",
            ["请填写村民姓名。", "请填写身份证号。", "请填写联系电话。", "请选择要办的事。"],
        ),
    ],
)
def test_an_empty_field_says_which_it_is(client, village_agent, village_item, calendar, address, names):
    client.force_login(village_agent)

    page = client.post(address, {"key": uuid.uuid4()}).content.decode()

    assert [name for name in names if name not in page] == []
    assert "必填项" not in page


def test_on_a_phone_the_agent_finds_the_own_pages_in_the_bar_below(client, village_agent, citizen):
    bars = {}
    for user in (village_agent, citizen):
        client.force_login(user)
        page = client.get("/items/").content.decode()
        bars[user.username] = "村级代办" in page.split('<nav class="tabbar"')[1].split("</nav>")[0]

    assert bars == {"agent": True, "wangxm": False}
