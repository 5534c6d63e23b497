"""重点项目: the register and its green channel, milestones, the projects that belong to it, who sees it."""

from datetime import date

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from apps.accounts import actions as accounts
from apps.accounts.models import Mandate
from apps.accounts.roles import Role
from apps.points.models import Department
from apps.workflows.actions import key_projects as actions
from apps.workflows.actions.key_projects import NotAllowed
from apps.workflows.models import KeyProject, KeyProjectEvent
from tests.cast import at, make_user
from tests.races import at_once

from .key_projects import CODE, NOW, SINCE, enlist, joint_project, mandate

pytestmark = pytest.mark.django_db

LATER = at("2026-03-20", "14:30")
KEPT = {"name": "临空装备产业园", "rank": "province", "investor_name": "", "why": "省名单公布"}


def verbs(key_project) -> list[str]:
    return list(key_project.events.order_by("id").values_list("verb", flat=True))


def refused(sentence: str):
    return pytest.raises(NotAllowed, match=sentence)


# ── the register ─────────────────────────────────────────────────────────────────────────────────────
def test_a_project_is_listed_with_its_code_and_leaves_an_event(key_project, company, centre_admin):
    event = key_project.events.get()

    assert (key_project.investor_name, key_project.path, key_project.is_listed) == (
        company.name,
        "5120",
        True,
    )
    assert (event.verb, event.by, event.assignment, event.at) == (
        "listed", centre_admin, centre_admin.acting, NOW,
    )  # fmt: skip
    assert event.reason == "2026年市重点项目名单"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"code": "2603-512002-04-01"}, "项目代码形如"),
        ({"name": "  "}, "请填写项目名称"),
        ({"investor_name": ""}, "请填写投资人名称"),
        ({"why": ""}, "请写明列入的依据"),
        ({"listed_on": date(2026, 3, 7)}, "列入日2026-03-07还没有到"),
    ],
)
def test_what_is_missing_or_wrong_is_refused_in_words(city, centre_admin, changed, sentence):
    with refused(sentence):
        enlist(centre_admin, city, **changed)

    assert KeyProject.objects.count() == 0


def test_a_code_is_listed_once_and_again_after_it_was_taken_off(key_project, centre_admin, city, county):
    with refused("已经列入重点项目"):
        enlist(centre_admin, county)

    actions.delist(key_project, why="项目终止", by=centre_admin, at=LATER)
    again = enlist(centre_admin, city)

    assert (again.pk != key_project.pk, KeyProject.objects.listed().get()) == (True, again)


def test_a_hall_keeps_its_own_projects_and_those_below(key_project, county, city):
    of_the_county = make_user("centre2", "叶青", Role.CENTRE_ADMIN, point=county)

    with refused("资阳市政务服务中心不在您的职责范围内"):
        enlist(of_the_county, city, code="2603-512002-04-01-999999")
    with refused("由资阳市政务服务中心登记"):
        actions.delist(key_project, why="x", by=of_the_county, at=LATER)


def test_putting_it_right_keeps_what_stood_there_before(key_project, company, centre_admin):
    actions.correct(key_project, **KEPT | {"investor": company}, by=centre_admin, at=LATER)

    key_project.refresh_from_db()
    event = key_project.events.get(verb="corrected")
    assert (key_project.rank, event.reason, event.facts) == (
        "province", "省名单公布", {"rank": ["city", "province"]},
    )  # fmt: skip


def test_the_investor_is_not_changed_over_the_head_of_an_agent(key_project, agent, centre_admin):
    with refused("请先终止现在的代办"):
        actions.correct(
            key_project, **KEPT | {"investor": None, "investor_name": "别的公司"}, by=centre_admin, at=LATER
        )


def test_what_was_taken_off_is_not_touched_any_more(key_project, centre_admin):
    actions.delist(key_project, why="项目终止", by=centre_admin, at=LATER)

    with refused("已于2026-03-20移出重点项目"):
        actions.open_channel(key_project, 60, why="x", by=centre_admin, at=LATER)
    with refused("移出重点项目"):
        actions.delist(key_project, why="又一次", by=centre_admin, at=LATER)


def test_events_are_never_changed(key_project):
    with pytest.raises(DatabaseError), transaction.atomic():
        KeyProjectEvent.objects.update(reason="")
    with pytest.raises(DatabaseError), transaction.atomic():
        KeyProjectEvent.objects.all().delete()


# ── the green channel ────────────────────────────────────────────────────────────────────────────────
def test_the_channel_is_opened_and_closed_with_reasons_by_whom_and_when(key_project, centre_admin):
    opened = actions.open_channel(key_project, 41, why="专题会议纪要3号", by=centre_admin, at=LATER)
    since = (opened.green_since, opened.green_half, opened.green_halves)
    closed = actions.close_channel(key_project, why="全证到手", by=centre_admin, at=at("2026-04-20"))

    assert since == (date(2026, 3, 20), "pm", 41)
    assert (closed.is_green, closed.green_since, closed.green_halves) == (False, None, None)
    logged = key_project.events.exclude(verb="listed").order_by("id")
    assert [(one.verb, one.reason, one.by, one.facts["halves"]) for one in logged] == [
        ("channel_opened", "专题会议纪要3号", centre_admin, 41),
        ("channel_closed", "全证到手", centre_admin, 41),
    ]


@pytest.mark.parametrize(
    ("halves", "why", "sentence"),
    [(0, "x", "0.5到500个工作日"), (1001, "x", "0.5到500个工作日"), (2, " ", "请写明开通绿色通道的理由")],
)
def test_a_channel_without_time_or_reason_is_refused(key_project, centre_admin, halves, why, sentence):
    with refused(sentence):
        actions.open_channel(key_project, halves, why=why, by=centre_admin, at=LATER)


def test_it_is_not_opened_twice_nor_closed_when_it_is_not_open(key_project, centre_admin):
    with refused("没有开通绿色通道"):
        actions.close_channel(key_project, why="x", by=centre_admin, at=LATER)
    actions.open_channel(key_project, 2, why="急", by=centre_admin, at=LATER)
    with refused("已于2026-03-20开通"):
        actions.open_channel(key_project, 2, why="急", by=centre_admin, at=LATER)


def test_taking_a_project_off_closes_its_channel_and_says_so(key_project, centre_admin):
    actions.open_channel(key_project, 2, why="急", by=centre_admin, at=LATER)

    actions.delist(key_project, why="项目终止", by=centre_admin, at=LATER)

    key_project.refresh_from_db()
    assert key_project.is_green is False
    assert verbs(key_project) == ["listed", "channel_opened", "channel_closed", "delisted"]


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        (
            {"delisted_on": date(2026, 3, 20), "delisted_why": "x"},
            "only_a_listed_project_has_a_green_channel",
        ),
        ({"green_halves": None}, "a_green_channel_has_its_day_and_its_time"),
        ({"is_green": False}, "a_green_channel_has_its_day_and_its_time"),
    ],
)
def test_the_database_refuses_a_channel_that_is_none(key_project, centre_admin, changed, constraint):
    actions.open_channel(key_project, 2, why="急", by=centre_admin, at=LATER)

    with pytest.raises(IntegrityError, match=constraint):
        KeyProject.objects.update(**changed)


@pytest.mark.django_db(transaction=True)
def test_of_two_people_at_the_switch_one_is_told_that_it_was_done(calendar, city, centre_admin):
    key_project = enlist(centre_admin, city)

    told = at_once(
        6, lambda n: actions.open_channel(key_project, 2, why=f"第{n}人", by=centre_admin, at=LATER)
    )
    then = at_once(6, lambda n: actions.close_channel(key_project, why="x", by=centre_admin, at=LATER))

    for results in (told, then):
        assert sum(isinstance(one, KeyProject) for one in results) == 1
        assert sum(isinstance(one, NotAllowed) for one in results) == 5
    assert sorted(verbs(key_project)) == ["channel_closed", "channel_opened", "listed"]


@pytest.mark.django_db(transaction=True)
def test_one_code_listed_by_many_at_once_stands_there_once(calendar, city, centre_admin):
    told = at_once(6, lambda n: enlist(centre_admin, city, name=f"项目{n}"))

    assert sum(isinstance(one, KeyProject) for one in told) == 1
    assert sum(isinstance(one, NotAllowed) for one in told) == 5
    assert (KeyProject.objects.count(), KeyProjectEvent.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_a_channel_opened_while_the_project_is_taken_off_does_not_stay_open(calendar, city, centre_admin):
    key_project = enlist(centre_admin, city)
    acts = [
        lambda: actions.delist(key_project, why="项目终止", by=centre_admin, at=LATER),
        lambda: actions.open_channel(key_project, 2, why="急", by=centre_admin, at=LATER),
    ]

    at_once(2, lambda n: acts[n]())

    key_project.refresh_from_db()
    assert (key_project.is_listed, key_project.is_green) == (False, False)


# ── milestones ───────────────────────────────────────────────────────────────────────────────────────
def reach(key_project, kind, on, half="am", **more):
    facts = {"by": None, "at": at("2026-06-30")} | more
    return actions.set_milestone(key_project, kind, on=date.fromisoformat(on), half=half, **facts)


def test_a_milestone_is_noted_and_put_right(key_project):
    reach(key_project, "signed", "2026-03-02")
    reach(key_project, "signed", "2026-03-03", "pm")

    milestone = key_project.milestones.get()
    assert (milestone.name, milestone.on, milestone.half) == ("签约", date(2026, 3, 3), "pm")
    assert key_project.events.filter(verb="milestone_set").last().facts["before"] == ["2026-03-02", "am"]


def test_own_milestones_have_names_of_their_own(key_project):
    reach(key_project, "own", "2026-04-01", name="土地摘牌")
    reach(key_project, "own", "2026-04-02", name="主厂房封顶")

    assert sorted(key_project.milestones.values_list("name", flat=True)) == ["主厂房封顶", "土地摘牌"]
    with refused("请填写里程碑名称"):
        reach(key_project, "own", "2026-04-01", name=" ")
    with refused("“开工”请直接选类别"):
        reach(key_project, "own", "2026-04-01", name="开工")


def test_a_half_day_that_is_not_there_yet_is_not_reached(key_project):
    for on, half, sentence in (("2026-03-07", "am", "还没有到"), ("2026-03-06", "pm", "下午还没有到")):
        with refused(sentence):
            reach(key_project, "signed", on, half, at=NOW)


def test_nothing_is_built_before_the_contract(key_project):
    reach(key_project, "signed", "2026-03-04", "pm")

    with refused("开工不能早于签约（2026-03-04下午）"):
        reach(key_project, "begun", "2026-03-04", "am")
    reach(key_project, "begun", "2026-03-05")
    with refused("签约不能晚于开工（2026-03-05上午）"):
        reach(key_project, "signed", "2026-03-05", "pm")


def test_taking_a_milestone_back_needs_a_reason_and_stays_on_record(key_project, centre_admin):
    milestone = reach(key_project, "signed", "2026-03-02")

    with refused("请写明撤回的理由"):
        actions.take_back_milestone(milestone, why="", by=centre_admin, at=LATER)
    actions.take_back_milestone(milestone, why="合同没有签成", by=centre_admin, at=LATER)

    assert not key_project.milestones.exists()
    assert key_project.events.get(verb="milestone_back").facts["on"] == "2026-03-02"
    with refused("已经撤回"):
        actions.take_back_milestone(milestone, why="再来", by=centre_admin, at=LATER)


# ── joint projects ───────────────────────────────────────────────────────────────────────────────────
@pytest.fixture
def joint(key_project, bundle_draft, company, county, clerk):
    return joint_project(bundle_draft, company, county, clerk, number="BL202603060001")


def test_a_key_project_has_several_joint_projects(
    key_project, joint, bundle_draft, company, county, clerk, centre_admin
):
    second = joint_project(bundle_draft, company, county, clerk, number="BL202603060002", code="")

    for project in (joint, second):
        actions.link(project, key_project, by=centre_admin, at=LATER)

    assert key_project.projects.count() == 2
    assert key_project.events.filter(verb="linked", project=second).count() == 1


def test_a_project_of_another_code_or_place_or_key_project_is_not_linked(
    key_project, joint, centre_admin, county, other_county
):
    other = enlist(centre_admin, county, code="2603-512002-04-01-000002")
    elsewhere = enlist(centre_admin, other_county, code="2603-512021-04-01-000003")
    with refused("项目代码不一致"):
        actions.link(joint, other, by=centre_admin, at=LATER)
    with refused("不在安岳县"):
        actions.link(joint, elsewhere, by=centre_admin, at=LATER)

    actions.link(joint, key_project, by=centre_admin, at=LATER)
    with refused("已经关联这个重点项目"):
        actions.link(joint, key_project, by=centre_admin, at=LATER)
    with refused("已经关联重点项目“临空装备产业园”，请先取消"):
        actions.link(joint, other, by=centre_admin, at=LATER)


def test_a_draft_is_not_linked(key_project, bundle_draft, company, county, clerk, centre_admin):
    draft = joint_project(bundle_draft, company, county, clerk, number=None, state="draft", filed_at=None)

    with refused("还没有申报"):
        actions.link(draft, key_project, by=centre_admin, at=LATER)


def test_unlinking_needs_a_reason(key_project, joint, centre_admin):
    actions.link(joint, key_project, by=centre_admin, at=LATER)

    with refused("请写明取消关联的理由"):
        actions.unlink(joint, key_project, why="", by=centre_admin, at=LATER)
    actions.unlink(joint, key_project, why="关联错了", by=centre_admin, at=LATER)

    joint.refresh_from_db()
    assert joint.key_project is None
    with refused("没有关联这个重点项目"):
        actions.unlink(joint, key_project, why="x", by=centre_admin, at=LATER)


# ── who sees it ──────────────────────────────────────────────────────────────────────────────────────
def sees(user) -> bool:
    return KeyProject.objects.visible_to(user).exists()


def test_the_subtree_sees_it_and_nobody_beside_it(
    key_project, centre_admin, supervisor, leader, auditor, county
):
    of_the_county = make_user("leader2", "邱岚", Role.LEADER, point=county)

    assert [sees(user) for user in (centre_admin, supervisor, leader, auditor)] == [True] * 4
    assert sees(of_the_county) is False


def test_the_county_sees_what_it_handles_of_a_project_of_the_city(
    key_project, joint, centre_admin, county, clerk
):
    of_the_county = make_user("leader2", "邱岚", Role.LEADER, point=county)
    before = sees(of_the_county), sees(clerk)

    actions.link(joint, key_project, by=centre_admin, at=LATER)

    assert (before, sees(of_the_county), sees(clerk)) == ((False, False), True, False)


def test_a_department_sees_the_project_that_it_leads_or_has_a_task_of(
    key_project, joint, centre_admin, clerk, market_bureau, other_bureau, clerk_of_another_county
):
    actions.set_task(
        key_project,
        actions.TaskFacts("zz", "办营业执照", 1, department=other_bureau),
        by=centre_admin,
        at=LATER,
    )
    actions.link(joint, key_project, by=centre_admin, at=LATER)
    assert sees(clerk) is False
    joint.lead = market_bureau
    joint.save(update_fields=["lead"])

    assert (sees(clerk), sees(clerk_of_another_county)) == (True, True)


def test_a_department_of_the_hall_that_listed_it_sees_it(key_project, city):
    bureau = Department.objects.create(point=city, code="FGW", name="发展和改革委员会")

    assert sees(make_user("fgw", "陆远", Role.APPROVER, point=city, department=bureau)) is True


def test_its_agent_sees_it_as_long_as_the_mandate_holds(
    key_project, company, citizen, village_agent, centre_admin
):
    given = mandate(company, citizen, village_agent)
    assert sees(village_agent) is False
    actions.name_agent(key_project, village_agent, by=centre_admin, at=NOW)
    assert sees(village_agent) is True

    accounts.revoke_mandate(given, by=citizen, at=LATER, on=LATER.date())

    assert Mandate.objects.get(pk=given.pk).revoked_at == LATER
    assert sees(village_agent) is False


def test_citizens_and_system_administrators_see_nothing(key_project, citizen, system_admin):
    assert (sees(citizen), sees(system_admin)) == (False, False)


def test_the_code_of_the_sample_is_well_formed(key_project):
    assert (key_project.national_code, key_project.listed_on) == (CODE, SINCE)
