"""补正 of a whole project on the portal: what all departments want, in one form with one last day, answered at once."""

import pytest

from tests.cast import a_scan, at

pytestmark = pytest.mark.django_db
TUESDAY = at("2026-03-03", "10:00")


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
