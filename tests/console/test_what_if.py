"""推演 at the console: its address is the scenario; it writes nothing, and says beside each field what is wrong with it."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from playwright.sync_api import expect

from apps.accounts.roles import Role
from apps.workflows import actions
from apps.workflows.models import Project, ProjectEvent
from tests.browser import DESKTOP, PHONE, SMALL_PHONE, faults_of
from tests.cast import at, make_user
from tests.workflows.projects import HB, ZJ, ZR

NOW = at("2026-03-05")  # 用地 and 环评 run until 12 March


@pytest.fixture
def ask(hall, project):
    """The page for a scenario, as the lead of the first stage sees it."""

    def asked(scenario=None, user=None):
        client = Client()
        client.force_login(user or hall.heads[ZR])
        return client.get(address(project), scenario or {})

    return asked


def address(project: Project) -> str:
    return reverse("console:project-what-if", args=[project.number])


def words_of(answer) -> str:
    """What stands on the page, without what it looks like."""
    main = answer.content.decode().split("<main")[1]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", main))


@pytest.mark.django_db
def test_the_board_leads_to_it_and_it_back_to_the_board(hall, project, ask):
    client = Client()
    client.force_login(hall.heads[ZR])
    board = reverse("console:project-detail", args=[project.number])

    assert f'href="{address(project)}"' in client.get(board).content.decode()
    assert f'href="{board}"' in ask().content.decode()


@pytest.mark.django_db
def test_before_anything_is_asked_it_shows_how_things_stand(ask):
    page = ask()

    assert page.status_code == 200
    assert "建设工程规划许可" in words_of(page) and "3月12日 至 3月23日" in words_of(page)
    assert "比现在" not in words_of(page)
    assert 'name="days-ba"' not in page.content.decode()  # it is done


@pytest.mark.django_db
def test_later_moves_the_finish_and_says_by_how_much(ask):
    page = ask({"days-gg": "3", "days-yd": "", "from-hp": "", "to-hp": "", "target": ""})

    assert "预计办结 3月31日 现在推算 3月26日，晚 3 日" in words_of(page)
    assert "总期限余量 9 日" in words_of(page)
    assert "3月12日 至 3月26日" in words_of(page)
    assert page.context["found"].then.critical_path == ("ba", "yd", "gg", "sg")


@pytest.mark.django_db
def test_a_standstill_moves_what_hangs_on_it(ask):
    page = ask({"from-hp": "2026-03-05", "to-hp": "2026-03-20"})

    assert "3月3日 至 3月27日" in words_of(page)
    assert "这 1 项会超过各自的期限 环境影响报告表审批" in words_of(page)
    assert page.context["found"].then.critical_path == ("ba", "hp", "sg")


@pytest.mark.django_db
def test_a_target_names_what_cannot_be_done_by_then(ask):
    page = ask({"target": "2026-03-24"})

    assert "到目标日 3月24日 差 2 日 来不及，3 项要提早" in words_of(page)
    assert (
        "要在 2026年3月24日办结，这 3 项已经来不及 建设项目用地预审、建设工程规划许可、建筑工程施工许可"
        in words_of(page)
    )
    assert "3月10日开始，3月19日办结" in words_of(page)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"target": "2026-03-04"}, "目标日3月4日（含当天）已经过去，请选今天或以后的日期。"),
        ({"target": "下周"}, "目标日：请按 2026-01-31 的样子填写日期。"),
        ({"days-gg": "三天"}, "“建设工程规划许可”晚几天填整数，最多 365；提早的写负数，例如 -2。"),
        ({"days-gg": "366"}, "“建设工程规划许可”晚几天填整数"),
        ({"days-gg": "-8"}, "“建设工程规划许可”承诺一共 7 日，最多早 7 日。"),
        ({"from-gg": "2026-03-09"}, "“建设工程规划许可”请填写暂停到哪一天；不知道哪天恢复，就推算不出。"),
        ({"to-gg": "2026-03-09"}, "“建设工程规划许可”请填写从哪一天起暂停。"),
        ({"from-gg": "2026-03-09", "to-gg": "2026-03-09"}, "“建设工程规划许可”恢复要晚于暂停。"),
        ({"from-gg": "2026-03-01", "to-gg": "2026-03-04"}, "“建设工程规划许可”暂停到的这一天已经过去，不影响推算。"),
        ({"from-gg": "2026-03-09", "to-gg": "2028-03-09"}, "“建设工程规划许可”暂停最多 365 天。"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_beside_its_field_and_kept_as_typed(ask, sent, sentence):
    page = ask(sent)
    text = page.content.decode()

    assert page.status_code == 422
    assert text.count(sentence) == 2  # in the summary and beside the field
    for typed in sent.values():
        assert f'value="{typed}"' in text
    assert not page.context["is_asked"]


@pytest.mark.django_db
def test_what_the_lead_has_to_decide_can_be_assumed_to_be_taken_up_today(hall, project, ask):
    hall.refuse(project, "hp", moment=NOW)

    unknown, refused = ask({"days-gg": "1"}), ask({"days-hp": "2"})
    assumed = ask({"days-hp": "2", "takes_up": "on"})

    assert "推算不出办结日" in words_of(unknown)
    assert refused.status_code == 422 and "先勾选“假定待决定的分项今天按新方案重办”" in words_of(refused)
    assert "预计办结 3月26日 现在还推算不出" in words_of(assumed)
    row = next(line for line in assumed.context["found"].lines if line.row.code == "hp")
    assert row.moved_words == "已可推算"
    assert row.slack_words == "可晚 3 日"  # it ends on 18 March, and the permit begins on the 23rd
    assert hall.branch(project, "hp").state == "refused"


@pytest.mark.django_db
def test_an_address_that_was_kept_leaves_out_what_is_done_meanwhile(ask):
    page = ask({"days-ba": "3", "days-gg": "1", "days-zz": "9"})

    assert page.status_code == 200
    assert "企业投资项目备案不再参与推演" in words_of(page)
    assert "晚 1 日" in words_of(page)


@pytest.mark.django_db
def test_of_a_project_that_has_ended_there_is_nothing_to_ask(hall, project, ask):
    actions.withdraw_project(project, why="不建了", by=hall.owner, at=NOW)

    page = ask({"days-gg": "3"})

    assert page.status_code == 200
    assert "项目已撤回，没有可以推演的分项" in words_of(page)
    assert "<input" not in page.content.decode().split("<main")[1]


@pytest.mark.django_db
def test_it_writes_nothing_and_takes_no_post(hall, project, ask):
    before = ProjectEvent.objects.count(), list(project.branches.order_by("id").values())

    ask({"days-gg": "3", "target": "2026-03-24", "from-hp": "2026-03-05", "to-hp": "2026-03-20"})
    client = Client()
    client.force_login(hall.heads[ZR])

    assert client.post(address(project), {"days-gg": "3"}).status_code == 405
    assert (ProjectEvent.objects.count(), list(project.branches.order_by("id").values())) == before


@pytest.mark.django_db
def test_whoever_may_read_the_board_may_ask_and_nobody_else(hall, project, ask, market_bureau, other_county):
    stranger = make_user("stranger", "市监", Role.CLERK, point=hall.county, department=market_bureau)
    elsewhere = make_user("elsewhere", "安岳", Role.CENTRE_ADMIN, point=other_county)
    here = make_user("here", "雁江", Role.SUPERVISOR, point=hall.county)
    asking = (hall.heads[ZJ], hall.approvers[HB], here, stranger, elsewhere, hall.owner)

    assert [ask(user=user).status_code for user in asking] == [200, 200, 200, 404, 404, 403]


@pytest.mark.query_count("console:project-what-if")
@pytest.mark.django_db
def test_it_costs_what_a_page_may_cost_whatever_is_asked(hall, project, count_queries):
    client = Client()
    client.force_login(hall.heads[ZR])
    asked = {f"days-{code}": "3" for code in ("yd", "hp", "gg", "sg")} | {"target": "2026-03-31"}

    assert count_queries(client, address(project), asked) == count_queries(client, address(project)) <= 12


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("width", "theme"),
    [(DESKTOP, ""), (DESKTOP, "dark"), (DESKTOP, "contrast"), (PHONE, ""), (SMALL_PHONE, "")],
)
def test_the_page_is_accessible_at_every_width_with_and_without_faults(
    open_page, hall, project, width, theme
):
    page = open_page(address(project), width=width, theme=theme, user=hall.heads[ZR])
    scenarios = ["", "?days-gg=3&target=2026-03-24&from-hp=2026-03-05&to-hp=2026-03-20",
                 "?target=2026-03-01&days-gg=x&from-hp=2026-03-09"]  # fmt: skip

    assert faults_of(page, [address(project) + scenario for scenario in scenarios]) == {}


@pytest.mark.django_db(transaction=True)
def test_a_scenario_is_asked_and_opened_again_without_script(open_page, hall, project):
    page = open_page(address(project), script=False, user=hall.heads[ZR])

    page.get_by_label("建设工程规划许可晚几天").fill("3")
    page.get_by_label("目标日").fill("2026-03-27")
    page.get_by_role("button", name="推算").click()
    kept = page.url
    page.goto(kept)

    expect(page.locator(".kpis").get_by_text("3月31日")).to_be_visible()
    expect(page.get_by_label("建设工程规划许可晚几天")).to_have_value("3")
    expect(page.get_by_role("row", name="建筑工程施工许可").get_by_text("来不及")).to_be_visible()
