"""重办的分项 as the applicant sees it: what it wants, and which papers can be brought for it."""

import pytest

from apps.workflows import actions
from tests.cast import a_scan, at
from tests.workflows.projects import ZR
from tests.workflows.restaurants import SCJG

pytestmark = pytest.mark.django_db
TUESDAY = at("2026-03-03", "10:00")


def page_of(client, project):
    return client.get(f"/projects/{project.number}/")


def test_what_a_matter_taken_up_anew_wants_is_a_form_of_its_own_with_its_own_last_day(me, street, clock):
    project = street.told()
    stage = project.stages.get()
    first = stage.notices.get()
    actions.withdraw_branch(street.branch(project, "hw"), why="换一块招牌", by=street.owner, at=TUESDAY)
    actions.reopen(street.branch(project, "hw"), why="招牌改小", by=street.heads[SCJG], at=TUESDAY)
    street.answer(project, "hw", "supplement", "招牌效果图", "新图也没有标尺寸", moment=TUESDAY)
    second = actions.send_notice(stage, by=street.heads[SCJG], at=TUESDAY)
    clock(TUESDAY)

    page = page_of(me, project)
    text = page.content.decode()
    answer = {f"answer-{wish.pk}": "标好了" for wish in second.wishes.all()} | {"answer": "1"}
    sent = me.post(f"/projects/{project.number}/answer/", answer)

    shown = [(one["notice"].pk, len(one["wishes"])) for one in page.context["notices"]]
    assert shown == [(first.pk, 1), (second.pk, 1)]
    assert text.count("请您补正 1 处") == 2
    assert text.count("这是按调整后的方案重新办理的部分") == 1
    assert "没有标尺寸" in text
    assert sent.status_code == 302
    assert street.branch(project, "hw").answer == ""
    assert [one["notice"].pk for one in page_of(me, project).context["notices"]] == [first.pk]


def test_what_a_matter_taken_up_anew_uses_and_what_a_dropped_one_leaves_missing_can_be_brought(
    client, hall, clock
):
    clock(at("2026-03-03"))
    project = hall.running()
    client.force_login(hall.owner, backend="apps.accounts.backends.RoleBackend")
    actions.withdraw_branch(hall.branch(project, "hp"), why="换工艺", by=hall.owner, at=TUESDAY)
    actions.reopen(hall.branch(project, "hp"), why="换了工艺", by=hall.heads[ZR], at=TUESDAY)
    actions.withdraw_branch(hall.branch(project, "ba"), why="省里备案", by=hall.owner, at=TUESDAY)
    actions.leave_out(hall.branch(project, "ba"), why="省里已备案", by=hall.heads[ZR], at=TUESDAY)
    report, filing = (project.materials.get(name=name) for name in ("环评报告表", "项目备案证"))

    page = page_of(client, project)
    sent = client.post(
        f"/projects/{project.number}/papers/",
        {f"file-{report.seq}": a_scan("新报告.png"), f"file-{filing.seq}": a_scan("省里的备案证.png")},
    )

    offered = {line["row"].name for group in page.context["later"] for line in group["lines"]}
    assert {"环评报告表", "项目备案证"} <= offered
    assert "用地申请表" not in offered
    assert sent.status_code == 302
    assert report.files.get(is_current=True).name == "新报告.png"
    filed = hall.branch(project, "yd").case.materials.get(name="项目备案证")
    assert (filed.state, filed.files.get().name) == ("uploaded", "省里的备案证.png")
