"""重点项目 at the console: the plan of one, the template, its agent, visits and hand-overs."""

import pytest
from django.urls import reverse

from apps.accounts import actions as accounts
from apps.workflows.actions import key_projects as actions
from apps.workflows.models import KeyProject, KeyTemplateField
from tests.workflows.key_projects import NOW, mandate

pytestmark = pytest.mark.django_db

VISIT = {
    "visited_on": "2026-03-06", "place": "工地", "done": "收齐材料", "next_step": "送窗口", "next_on": "2026-03-09",
}  # fmt: skip


@pytest.fixture
def keeper(client, calendar, centre_admin, clock):
    clock(NOW)
    client.force_login(centre_admin)
    return client


def address(key_project, name="key-project-detail", *more) -> str:
    return reverse(f"console:{name}", args=[key_project.pk, *more])


def text_of(response) -> str:
    return response.content.decode()


# ── the plan ─────────────────────────────────────────────────────────────────────────────────────────
def plan_task(keeper, key_project, **more):
    typed = {"code": "a1", "name": "工程规划许可", "days": "7", "department": "", "owner": "供电公司"} | more
    return keeper.post(address(key_project, "key-tasks"), typed)


def test_the_plan_shows_the_latest_starts_and_what_is_late(keeper, key_project, market_bureau):
    plan_task(keeper, key_project)
    plan_task(
        keeper, key_project, code="a2", name="施工许可", days="5", needs=["a1"], department=market_bureau.pk
    )
    keeper.post(address(key_project, "key-project-target"), {"on": "2026-03-30"})
    calm = text_of(keeper.get(address(key_project, "key-project-plan")))
    keeper.post(address(key_project, "key-project-target"), {"on": "2026-03-20"})
    tight = text_of(keeper.get(address(key_project, "key-project-plan")))

    assert "没有晚的任务" in calm and "2026年3月12日" in calm and "2026年3月23日" in calm
    assert "2 项任务已经晚了" in tight and "已晚" in tight
    assert "雁江区市场监督管理局" in tight and "倒排责任" in tight


def test_a_target_before_today_is_refused_beside_its_field(keeper, key_project):
    sent = keeper.post(address(key_project, "key-project-target"), {"on": "2026-03-05"})

    page = text_of(sent)
    assert sent.status_code == 409 and "目标日2026-03-05已经过去（今天是2026-03-06）" in page
    assert 'value="2026-03-05"' in page and KeyProject.objects.get().target_on is None


def test_a_circle_and_an_empty_task_are_refused(keeper, key_project):
    plan_task(keeper, key_project)
    plan_task(keeper, key_project, code="a2", needs=["a1"])

    circle = keeper.post(
        address(key_project, "key-task", "a1"),
        {"name": "x", "days": "7", "department": "", "owner": "供电公司", "needs": ["a2"]},
    )
    empty = plan_task(keeper, key_project, code="", name="", days="很多", owner="")

    assert circle.status_code == 409 and "绕成了一圈" in text_of(circle)
    page = text_of(empty)
    assert empty.status_code == 422
    for sentence in ("请填写任务编号", "请填写任务。", "之间的整数", "请选择责任部门，或者填写责任单位"):
        assert sentence in page
    slash = plan_task(keeper, key_project, code="a/1")
    assert slash.status_code == 409 and "任务编号只用字母" in text_of(slash)


def test_a_task_is_begun_finished_reopened_changed_and_dropped(keeper, key_project):
    plan_task(keeper, key_project)
    day = {"on": "2026-03-05"}
    steps = [
        keeper.post(address(key_project, "key-task-beginning", "a1"), day),
        keeper.post(address(key_project, "key-task-finishing", "a1"), day),
        keeper.post(address(key_project, "key-task-finishing", "a1"), day),
        keeper.post(address(key_project, "key-task-reopening", "a1"), {"why": "记错"}),
        keeper.post(
            address(key_project, "key-task", "a1"),
            {"code": "zz", "name": "改名", "days": "3", "department": "", "owner": "供水公司"},
        ),
        keeper.post(address(key_project, "key-task-removal", "a1")),
        keeper.post(address(key_project, "key-task-removal", "a1")),
    ]

    assert [step.status_code for step in steps] == [302, 302, 409, 302, 302, 302, 404]
    assert not key_project.tasks.exists()


def test_six_ones_are_filled_in_and_the_names_come_from_the_template(keeper, key_project):
    keeper.post(
        reverse("console:key-template-field", args=["ones", "leader"]), {"name": "一名市领导", "hint": ""}
    )
    keeper.post(reverse("console:key-template-ones"), {"name": "一个窗口", "hint": "哪个"})
    keeper.post(reverse("console:key-template-use", args=["ledger"]), {"is_used": "no"})
    wrong = keeper.post(
        address(key_project, "key-project-one", "leader"), {"words": "联系", "owner": "甲、乙"}
    )
    keeper.post(address(key_project, "key-project-one", "leader"), {"words": "副市长联系", "owner": "唐国清"})

    page = text_of(keeper.get(address(key_project, "key-project-plan")))
    assert wrong.status_code == 409 and "只能有一名责任人" in text_of(wrong)
    assert "一名市领导" in page and "一名领导" not in page and "一个窗口" in page and "一本台账" not in page
    assert "副市长联系" in page and "唐国清" in page


def test_the_template_refuses_in_words(keeper, city):
    empty = keeper.post(reverse("console:key-template-field", args=["ones", "leader"]), {"name": ""})
    unknown = keeper.post(reverse("console:key-template-field", args=["ones", "none"]), {"name": "x"})
    twice = keeper.post(reverse("console:key-template-ones"), {"name": "一份报告"})
    nothing = keeper.post(reverse("console:key-template-use", args=["none"]), {"is_used": "no"})

    assert [one.status_code for one in (empty, unknown, twice, nothing)] == [422, 409, 409, 409]
    assert KeyTemplateField.objects.count() == 0


# ── agents ───────────────────────────────────────────────────────────────────────────────────────────
def test_an_agent_is_chosen_from_those_with_a_mandate(
    keeper, key_project, company, citizen, clerk, colleague
):
    service = address(key_project, "key-project-service")
    before = text_of(keeper.get(service))
    mandate(company, citizen, clerk)

    stranger = keeper.post(address(key_project, "key-agent"), {"agent": colleague.pk})
    named = keeper.post(address(key_project, "key-agent"), {"agent": clerk.pk})

    assert "周敏（clerk" not in before
    assert stranger.status_code == 422 and "已经不在了，请重新选" in text_of(stranger)
    assert named.status_code == 302 and "委托有效" in text_of(keeper.get(service))


def test_the_agent_records_his_visit_until_the_mandate_is_taken_back(
    client, key_project, agent, mandated, citizen, clerk, clock
):
    clock(NOW)
    client.force_login(clerk)
    visits = address(key_project, "key-visits")
    first = client.post(visits, VISIT)
    wrong = client.post(visits, VISIT | {"done": "", "next_on": "2026-03-01"})

    assert (first.status_code, key_project.visits.count()) == (302, 1)
    assert wrong.status_code == 422 and "请填写办了什么" in text_of(wrong)
    accounts.revoke_mandate(mandated, by=citizen, at=NOW, on=NOW.date())
    assert client.post(visits, VISIT).status_code == 404  # with the mandate the sight of the project is gone
    assert key_project.visits.count() == 1


def test_papers_go_from_one_agent_to_the_next_with_two_signatures(
    client, key_project, agent, company, citizen, clerk, colleague, clock, centre_admin, market_bureau
):
    clock(NOW)
    mandate(company, citizen, colleague)
    actions.set_task(key_project, actions.TaskFacts("a", "执照", 1, market_bureau), by=centre_admin, at=NOW)
    client.force_login(clerk)
    handovers = address(key_project, "key-handovers")
    wrong = client.post(handovers, {"taker": colleague.pk, "papers": "营业执照两份", "note": ""})
    given = client.post(
        handovers, {"taker": colleague.pk, "papers": "营业执照，0，2\n土地合同 1 1\n", "note": ""}
    )
    handover = key_project.handovers.get()
    own = client.post(address(key_project, "key-handover-receipt", handover.pk))
    client.force_login(colleague)
    page = text_of(client.get(address(key_project, "key-project-service")))
    taken = client.post(address(key_project, "key-handover-receipt", handover.pk))
    again = client.post(address(key_project, "key-handover-withdrawal", handover.pk))

    assert wrong.status_code == 422 and "第1行“营业执照两份”请写成" in text_of(wrong)
    assert (given.status_code, own.status_code, taken.status_code, again.status_code) == (302, 409, 302, 409)
    assert "周敏把材料交给您，等您签收" in page and "土地合同：原件 1 份，复印件 1 份" in page
    assert key_project.agents.present().get().user == colleague


def test_the_centre_sees_that_the_mandate_was_taken_back_and_names_somebody_else(
    keeper, key_project, agent, mandated, company, citizen, colleague
):
    accounts.revoke_mandate(mandated, by=citizen, at=NOW, on=NOW.date())
    mandate(company, citizen, colleague)
    page = text_of(keeper.get(address(key_project, "key-project-service")))

    empty = keeper.post(address(key_project, "key-agent-ending"), {"why": ""})
    ended = keeper.post(address(key_project, "key-agent-ending"), {"why": "委托撤销"})
    named = keeper.post(address(key_project, "key-agent"), {"agent": colleague.pk})

    assert "委托已失效" in page and "代办随即停止" in page
    assert [one.status_code for one in (empty, ended, named)] == [422, 302, 302]
    assert key_project.agents.present().get().user == colleague
