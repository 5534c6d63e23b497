"""补正 of a whole project on the portal: what all departments want, in one form with one last day, answered at once."""

import pytest

from apps.workflows import actions
from tests.cast import a_scan, at
from tests.workflows.restaurants import MONDAY, SCJG

pytestmark = pytest.mark.django_db
TUESDAY = at("2026-03-03", "10:00")


@pytest.fixture
def me(client, citizen, clock):
    clock(MONDAY)
    client.force_login(citizen, backend="apps.accounts.backends.RoleBackend")
    return client


def page_of(client, project):
    return client.get(f"/projects/{project.number}/")


def said(response) -> dict[str, tuple[str, str]]:
    """Each matter by its code: its chip, and what stands beside it."""
    return {row.branch.code: (row.chip.words, row.note) for row in response.context["rows"]}


def test_the_wishes_of_two_departments_are_one_form_with_one_last_day(me, street):
    page = page_of(me, street.told())

    text = page.content.decode()
    assert page.context["headline"] == "3 件事都交上去了，现在等您补正"
    assert "请您补正 2 处" in text
    assert "看不清门牌号" in text
    assert "没有标尺寸" in text
    assert "请重新拍一张" in text
    assert text.count("提交补正") == 1
    assert said(page)["zz"] == ("等您补正", "补正的时间不算在办理时限里")


def test_the_one_notice_can_be_read_as_a_letter(me, street, other_citizen, client):
    project = street.told()
    letter = project.letters.get()

    assert f'href="/cases/{project.number}/letters/{letter.pk}/"' in page_of(me, project).content.decode()
    assert me.get(f"/cases/{project.number}/letters/{letter.pk}/").status_code == 200
    client.force_login(other_citizen, backend="apps.accounts.backends.RoleBackend")
    assert client.get(f"/cases/{project.number}/letters/{letter.pk}/").status_code == 404


def test_a_supplement_goes_in_all_at_once_or_not_at_all(me, street, clock):
    project = street.told()
    clock(TUESDAY)
    address = f"/projects/{project.number}/answer/"
    place, sign = (project.materials.get(name=name) for name in ("经营场所证明", "招牌效果图"))
    wishes = list(sign.wishes.all())

    half = me.post(address, {f"file-{place.seq}": a_scan("新证明.png"), "answer": "1"})
    whole = me.post(address, {f"answer-{wishes[0].pk}": "尺寸写在图上了", "answer": "1"})

    assert half.status_code == 422
    assert "请重新上传这份材料，或写明如何改正。" in half.content.decode()
    assert "重新上传了 1 处，共 2 处" in half.content.decode()
    assert whole.url == f"/projects/{project.number}/"
    assert street.branch(project, "zz").answer == ""
    assert "请您补正" not in page_of(me, project).content.decode()


def test_what_is_too_big_for_a_supplement_is_told_beside_it_and_the_words_are_kept(me, street):
    project = street.told()
    sign = project.materials.get(name="招牌效果图")
    wish = sign.wishes.get()

    answer = me.post(
        f"/projects/{project.number}/answer/",
        {f"file-{sign.seq}": a_scan("坏.png", b"no picture"), f"answer-{wish.pk}": "我写的说明"},
    )

    text = answer.content.decode()
    assert answer.status_code == 422
    assert "不是允许的类型" in text
    assert "我写的说明" in text


def test_papers_can_be_kept_before_the_supplement_is_submitted(me, street, clock):
    project = street.told()
    clock(TUESDAY)
    place = project.materials.get(name="经营场所证明")

    kept = me.post(f"/projects/{project.number}/answer/", {f"file-{place.seq}": a_scan(), "keep": "1"})

    assert kept.status_code == 302
    assert "重新上传了 1 处，共 2 处" in page_of(me, project).content.decode()


def test_a_supplement_after_its_last_day_or_twice_is_refused(me, street, clock):
    project = street.told()
    wishes = {f"answer-{wish.pk}": "改好了" for row in project.materials.all() for wish in row.wishes.all()}
    clock(at("2026-06-01"))
    late = me.post(f"/projects/{project.number}/answer/", wishes)
    clock(TUESDAY)
    first = me.post(f"/projects/{project.number}/answer/", wishes)
    again = me.post(f"/projects/{project.number}/answer/", wishes)

    assert (late.status_code, first.status_code, again.status_code) == (409, 302, 409)
    assert "已过，不能再提交" in late.content.decode()
    assert "现在没有要补正的" in again.content.decode()


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
