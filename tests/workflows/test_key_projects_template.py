"""推进模板: 六个一 with one owner each, tasks with days and owners, names that the centre can change."""

from datetime import date

import pytest

from apps.accounts.models import AuditEntry
from apps.accounts.roles import Role
from apps.workflows.actions import key_projects as actions
from apps.workflows.actions.key_projects import NotAllowed, TaskFacts
from apps.workflows.key_template import named, template_fields
from tests.cast import at, make_user
from tests.races import at_once

from .key_projects import NOW, enlist

pytestmark = pytest.mark.django_db


def refused(sentence: str):
    return pytest.raises(NotAllowed, match=sentence)


@pytest.fixture
def keep(centre_admin):
    return {"by": centre_admin, "at": NOW}


def test_without_any_change_the_template_has_its_twelve_names():
    fields = template_fields()

    assert [field.name for field in fields["ones"]] == [
        "一个项目", "一名领导", "一个专班", "一套方案", "一本台账", "一份报告",
    ]  # fmt: skip
    assert named(fields["quantities"]) == {"task": "量化任务", "time": "量化时间", "duty": "量化责任"}
    assert named(fields["backward"]) == {"time": "倒排时间", "task": "倒排任务", "duty": "倒排责任"}


def test_the_centre_of_the_city_renames_adds_and_leaves_out(city, keep):
    actions.name_field("ones", "leader", name="一名市领导", hint="市级联系领导", **keep)
    actions.name_field("backward", "time", name="倒排工期", hint="", **keep)
    actions.add_one(name="一个窗口", hint="哪个窗口", **keep)
    actions.use_field("ledger", False, **keep)

    fields = template_fields()
    assert [field.name for field in fields["ones"]] == [
        "一个项目", "一名市领导", "一个专班", "一套方案", "一份报告", "一个窗口",
    ]  # fmt: skip
    assert fields["backward"][0].name == "倒排工期"
    assert AuditEntry.objects.filter(kind="configured", user=keep["by"]).count() == 4

    actions.use_field("ledger", True, **keep)
    assert "一本台账" in [field.name for field in template_fields()["ones"]]


def test_what_the_template_refuses(city, county, keep):
    of_the_county = make_user("centre2", "叶青", Role.CENTRE_ADMIN, point=county)

    with refused("只能由市政务服务中心"):
        actions.name_field("ones", "leader", name="x", hint="", by=of_the_county, at=NOW)
    with refused("模板里没有这一栏"):
        actions.name_field("ones", "nothing", name="x", hint="", **keep)
    with refused("请填写栏目名称"):
        actions.name_field("ones", "leader", name="", hint="", **keep)
    with refused("已经有一栏叫“一份报告”"):
        actions.add_one(name="一份报告", hint="", **keep)
    for code in ("project", "leader", "team", "scheme", "ledger"):
        actions.use_field(code, False, **keep)
    with refused("至少要留一栏"):
        actions.use_field("report", False, **keep)


def test_a_one_has_one_owner(key_project, keep):
    actions.name_one(key_project, "leader", words="副市长联系", owner="唐国清", **keep)
    actions.name_one(key_project, "leader", words="常务副市长联系", owner="唐宁", **keep)

    one = key_project.ones.get()
    assert (one.words, one.owner) == ("常务副市长联系", "唐宁")
    assert key_project.events.filter(verb="one_named").last().facts["before"] == ["副市长联系", "唐国清"]
    for owner, sentence in (("", "请填写一名领导的责任人"), ("唐宁、唐国清", "只能有一名责任人")):
        with refused(sentence):
            actions.name_one(key_project, "leader", words="x", owner=owner, **keep)
    actions.use_field("team", False, **keep)
    with refused("“一个专班”这一栏已经停用"):
        actions.name_one(key_project, "team", words="x", owner="y", **keep)


def test_a_target_day_before_today_is_refused(key_project, keep):
    with refused("目标日2026-03-05已经过去（今天是2026-03-06）"):
        actions.set_target(key_project, date(2026, 3, 5), **keep)

    actions.set_target(key_project, date(2026, 3, 6), **keep)
    key_project.refresh_from_db()
    assert key_project.target_on == date(2026, 3, 6)


def task(code: str, days: int = 5, *needs: str, **more) -> TaskFacts:
    facts = {"owner": "发展和改革局"} | more
    return TaskFacts(code, f"任务{code}", days, needs=needs, **facts)


def test_tasks_are_entered_and_changed_with_what_they_wait_for(key_project, market_bureau, keep):
    actions.set_task(key_project, task("a"), **keep)
    actions.set_task(key_project, task("b", 3, "a", department=market_bureau), **keep)
    actions.set_task(key_project, task("a", 7), **keep)

    rows = key_project.tasks.order_by("id")
    assert [(one.code, one.days, one.owner, [str(need) for need in one.needs.all()]) for one in rows] == [
        ("a", 7, "发展和改革局", []),
        ("b", 3, "市场监督管理局", ["a 任务a"]),
    ]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        (task(""), "请填写任务编号"),
        (TaskFacts("x", "", 1, owner="y"), "请填写任务"),
        (task("x", owner=" "), "请填写责任单位"),
        (task("x", -1), "时间是0到"),
        (task("x", 1, "zz"), "x 的前置 zz 不在这个项目里"),
        (task("a", 1, "b"), "前置关系绕成了一圈：a → b → a|前置关系绕成了一圈"),
        (task("a", 1, "a"), "绕成了一圈：a → a"),
    ],
)
def test_a_task_that_cannot_be_is_refused_and_nothing_is_written(key_project, keep, facts, sentence):
    actions.set_task(key_project, task("a"), **keep)
    actions.set_task(key_project, task("b", 3, "a"), **keep)

    with refused(sentence):
        actions.set_task(key_project, facts, **keep)

    assert [(one.code, one.needs.count()) for one in key_project.tasks.order_by("id")] == [("a", 0), ("b", 1)]


def test_a_task_is_begun_finished_and_reopened(key_project, keep):
    row = actions.set_task(key_project, task("a"), **keep)
    for act in (actions.begin_task, actions.finish_task):
        with refused("日2026-03-07还没有到"):
            act(row, on=date(2026, 3, 7), **keep)

    actions.begin_task(row, on=date(2026, 3, 3), **keep)
    with refused("完成日不能早于开始日"):
        actions.finish_task(row, on=date(2026, 3, 2), **keep)
    actions.finish_task(row, on=date(2026, 3, 5), **keep)
    with refused("已于2026-03-05完成"):
        actions.begin_task(row, on=date(2026, 3, 4), **keep)
    with refused("请写明重开的理由"):
        actions.reopen_task(row, why="", **keep)
    actions.reopen_task(row, why="记错了", **keep)
    actions.finish_task(row, on=date(2026, 3, 4), **keep)

    row.refresh_from_db()
    assert (row.begun_on, row.finished_on) == (date(2026, 3, 4), date(2026, 3, 4))


def test_a_task_that_another_waits_for_stays(key_project, keep):
    first = actions.set_task(key_project, task("a"), **keep)
    second = actions.set_task(key_project, task("b", 3, "a"), **keep)

    with refused("b 任务b要等“a 任务a”"):
        actions.drop_task(first, **keep)
    actions.drop_task(second, **keep)
    actions.drop_task(first, **keep)

    assert not key_project.tasks.exists()
    with refused("刚刚被去掉了"):
        actions.drop_task(first, **keep)


@pytest.mark.django_db(transaction=True)
def test_a_circle_made_by_two_edits_at_once_is_refused(calendar, city, centre_admin):
    keep = {"by": centre_admin, "at": at("2026-03-06")}
    key_project = enlist(centre_admin, city)
    for code in ("a", "b"):
        actions.set_task(key_project, task(code), **keep)
    edits = [task("a", 5, "b"), task("b", 5, "a")]

    told = at_once(2, lambda n: actions.set_task(key_project, edits[n], **keep))

    assert sorted(type(one).__name__ for one in told) == ["KeyTask", "NotAllowed"]
