"""重点项目代办: no act without a mandate; visits; hand-overs with two signatures and a list."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from apps.accounts import actions as accounts
from apps.accounts.models import Mandate
from apps.workflows.actions import key_projects as actions
from apps.workflows.actions.key_projects import NotAllowed, Paper
from apps.workflows.models import KeyAgent, KeyHandover, KeyVisit
from tests.cast import at
from tests.races import at_once

from .key_projects import NOW, enlist, mandate

pytestmark = pytest.mark.django_db

LATER = at("2026-03-10", "15:00")
VISIT = {
    "visited_on": date(2026, 3, 6),
    "place": "临空园工地",
    "done": "收齐材料",
    "next_step": "送自然资源局",
}
PAPERS = [Paper("营业执照", 0, 2), Paper("土地合同", 1, 1)]


def refused(sentence: str):
    return pytest.raises(NotAllowed, match=sentence)


@pytest.fixture
def keep(centre_admin):
    return {"by": centre_admin, "at": NOW}


# ── naming ───────────────────────────────────────────────────────────────────────────────────────────
def test_an_agent_is_named_under_the_mandate_of_the_investor(agent, mandated, clerk, key_project):
    assert (agent.user, agent.mandate, agent.ended_at) == (clerk, mandated, None)
    assert key_project.events.get(verb="agent_named").facts == {"agent": "clerk", "mandate": mandated.pk}


def test_without_a_mandate_nobody_is_named(key_project, clerk, keep):
    with refused("没有给周敏有效的委托书"):
        actions.name_agent(key_project, clerk, **keep)

    assert KeyAgent.objects.count() == 0


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"until": date(2026, 3, 5)}, "没有给周敏有效的委托书"),
        ({"on": date(2026, 3, 7)}, "没有给周敏有效的委托书"),
        ({"item_codes": ["XK900"]}, "只限部分事项"),
    ],
)
def test_a_mandate_that_does_not_hold_or_not_for_all_is_refused(
    key_project, company, citizen, clerk, keep, more, sentence
):
    mandate(company, citizen, clerk, **more)

    with refused(sentence):
        actions.name_agent(key_project, clerk, **keep)


def test_an_investor_without_a_record_has_given_nobody_a_mandate(calendar, city, centre_admin, clerk, keep):
    key_project = enlist(centre_admin, city)

    with refused("还没有对应的办事主体"):
        actions.name_agent(key_project, clerk, **keep)


def test_there_is_one_agent_at_a_time(key_project, agent, company, citizen, colleague, keep):
    mandate(company, citizen, colleague, kind=Mandate.Kind.REPRESENTATIVE)
    with refused("现在的代办员是周敏"):
        actions.name_agent(key_project, colleague, **keep)
    with refused("请写明终止代办的理由"):
        actions.end_agent(key_project, why="", **keep)

    actions.end_agent(key_project, why="岗位调整", **keep)
    actions.name_agent(key_project, colleague, **keep)

    assert key_project.agents.present().get().user == colleague
    with pytest.raises(IntegrityError, match="a_key_project_has_one_agent_at_a_time"):
        KeyAgent.objects.filter(pk=agent.pk).update(ended_at=None, ended_why="")


# ── visits ───────────────────────────────────────────────────────────────────────────────────────────
def test_a_visit_is_recorded_by_the_agent_and_by_the_centre(key_project, agent, clerk, centre_admin):
    for by in (clerk, centre_admin):
        actions.record_visit(key_project, **VISIT, by=by, at=LATER)

    assert list(key_project.visits.order_by("id").values_list("by__username", "done")) == [
        ("clerk", "收齐材料"), ("centre", "收齐材料"),
    ]  # fmt: skip


def test_nobody_else_records_a_visit(key_project, agent, colleague, supervisor):
    for by in (colleague, supervisor):
        with refused("您不是“临空装备产业园”现在的代办员"):
            actions.record_visit(key_project, **VISIT, by=by, at=LATER)


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"visited_on": date(2026, 3, 11)}, "还没有到"),
        ({"place": ""}, "请填写上门的地点"),
        ({"done": " "}, "请写明办了什么"),
        ({"next_step": ""}, "没有的，写“无”"),
        ({"next_on": date(2026, 3, 5)}, "不能早于上门日期"),
    ],
)
def test_a_visit_that_says_too_little_is_refused(key_project, agent, clerk, changed, sentence):
    with refused(sentence):
        actions.record_visit(key_project, **VISIT | changed, by=clerk, at=LATER)


def test_taking_the_mandate_back_stops_the_agent_at_once(
    key_project, agent, mandated, citizen, clerk, colleague, company
):
    mandate(company, citizen, colleague)
    accounts.revoke_mandate(mandated, by=citizen, at=LATER, on=LATER.date())

    with refused("委托书已经撤销或者到期，代办随即停止"):
        actions.record_visit(key_project, **VISIT, by=clerk, at=LATER)
    with refused("代办随即停止"):
        actions.give_papers(key_project, colleague, PAPERS, by=clerk, at=LATER)


def test_a_visit_is_never_changed(key_project, agent, clerk):
    actions.record_visit(key_project, **VISIT, by=clerk, at=LATER)

    with pytest.raises(DatabaseError), transaction.atomic():
        KeyVisit.objects.update(done="别的")


def test_after_delisting_nothing_is_served(key_project, agent, clerk, keep):
    actions.delist(key_project, why="项目终止", **keep)

    with refused("代办已经结束"):
        actions.record_visit(key_project, **VISIT, by=clerk, at=LATER)
    assert KeyAgent.objects.get().ended_why == "移出重点项目"


# ── hand-overs ───────────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def next_agent(company, citizen, colleague):
    mandate(company, citizen, colleague)
    return colleague


def test_two_sign_and_then_the_agent_is_the_other(key_project, agent, clerk, next_agent):
    handover = actions.give_papers(key_project, next_agent, PAPERS, by=clerk, at=NOW)
    before = key_project.agents.present().get().user
    actions.take_papers(handover, by=next_agent, at=LATER)

    handover.refresh_from_db()
    assert (handover.given_by, handover.given_at) == (clerk, NOW)
    assert (handover.taken_by, handover.taken_at) == (next_agent, LATER)
    assert list(handover.papers.order_by("seq").values_list("name", "originals", "copies")) == [
        ("营业执照", 0, 2), ("土地合同", 1, 1),
    ]  # fmt: skip
    assert (before, key_project.agents.present().get().user) == (clerk, next_agent)
    assert KeyAgent.objects.get(pk=agent.pk).ended_why == "交接给吴桐"
    with refused("您不是"):
        actions.record_visit(key_project, **VISIT, by=clerk, at=LATER)
    actions.record_visit(key_project, **VISIT, by=next_agent, at=LATER)


@pytest.mark.parametrize(
    ("papers", "sentence"),
    [
        ([], "至少一份"),
        ([Paper("", 1, 0)], "第1行没有写材料名称"),
        ([Paper("合同", 0, 0)], "“合同”没有写份数"),
    ],
)
def test_a_hand_over_without_a_list_is_refused_whole(key_project, agent, clerk, next_agent, papers, sentence):
    with refused(sentence):
        actions.give_papers(key_project, next_agent, papers, by=clerk, at=NOW)

    assert KeyHandover.objects.count() == 0


def test_who_cannot_take_or_give(key_project, agent, clerk, colleague, citizen, centre_admin, company):
    with refused("没有给吴桐有效的委托书"):
        actions.give_papers(key_project, colleague, PAPERS, by=clerk, at=NOW)
    with refused("不能交接给自己"):
        actions.give_papers(key_project, clerk, PAPERS, by=clerk, at=NOW)
    with refused("没有工作台账号"):
        actions.give_papers(key_project, citizen, PAPERS, by=clerk, at=NOW)
    mandate(company, citizen, colleague)
    with refused("您不是“临空装备产业园”现在的代办员"):
        actions.give_papers(key_project, colleague, PAPERS, by=centre_admin, at=NOW)


def test_only_the_taker_signs_for_taking(key_project, agent, clerk, next_agent, centre_admin):
    handover = actions.give_papers(key_project, next_agent, PAPERS, by=clerk, at=NOW)

    for by in (clerk, centre_admin):
        with refused("不是交给您的"):
            actions.take_papers(handover, by=by, at=LATER)
    with pytest.raises(IntegrityError, match="two_people_sign_a_hand_over"):
        KeyHandover.objects.update(taken_by=clerk, taken_at=LATER)


def test_a_taker_whose_mandate_is_gone_cannot_take(key_project, agent, clerk, next_agent, citizen):
    handover = actions.give_papers(key_project, next_agent, PAPERS, by=clerk, at=NOW)
    given = Mandate.objects.get(agent=next_agent)
    accounts.revoke_mandate(given, by=citizen, at=LATER, on=LATER.date())

    with refused("没有给吴桐有效的委托书"):
        actions.take_papers(handover, by=next_agent, at=LATER)


def test_one_hand_over_at_a_time_and_it_can_be_withdrawn(key_project, agent, clerk, next_agent, supervisor):
    handover = actions.give_papers(key_project, next_agent, PAPERS, by=clerk, at=NOW)
    with refused("还有一次交接没有签收"):
        actions.give_papers(key_project, next_agent, PAPERS, by=clerk, at=NOW)
    with refused("可以撤回"):
        actions.withdraw_papers(handover, by=supervisor, at=NOW)

    actions.withdraw_papers(handover, by=clerk, at=NOW)
    with refused("已经撤回"):
        actions.take_papers(handover, by=next_agent, at=LATER)
    assert key_project.agents.present().get() == agent


def test_ending_the_agent_takes_back_what_nobody_signed_for(key_project, agent, clerk, next_agent, keep):
    handover = actions.give_papers(key_project, next_agent, PAPERS, by=clerk, at=NOW)

    actions.end_agent(key_project, why="委托撤销", **keep)

    with refused("已经撤回"):
        actions.take_papers(handover, by=next_agent, at=LATER)


@pytest.mark.django_db(transaction=True)
def test_taking_and_withdrawing_at_the_same_moment_one_comes_first(
    calendar, city, centre_admin, company, citizen, clerk, colleague
):
    key_project = enlist(centre_admin, city, investor=company)
    for user in (clerk, colleague):
        mandate(company, citizen, user)
    actions.name_agent(key_project, clerk, by=centre_admin, at=NOW)
    handover = actions.give_papers(key_project, colleague, PAPERS, by=clerk, at=NOW)
    acts = [
        lambda: actions.take_papers(handover, by=colleague, at=LATER),
        lambda: actions.withdraw_papers(handover, by=clerk, at=LATER),
    ]

    told = at_once(2, lambda n: acts[n]())

    assert sorted(type(one).__name__ for one in told) == ["KeyHandover", "NotAllowed"]
    assert key_project.agents.present().count() == 1
