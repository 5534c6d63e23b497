"""并联项目的文书: what several departments have to say, said in one letter."""

import io

import pytest
from pypdf import PdfReader

from apps.letters import actions as letters
from apps.letters.kinds import Kind
from apps.letters.models import Letter
from apps.workflows import actions
from tests.cast import at
from tests.workflows.projects import FG, HB, MONDAY, ZR, hall

pytestmark = pytest.mark.django_db
__all__ = ["hall"]


def words_of(letter: Letter) -> str:
    letters.render(letter, at=MONDAY)
    letter.refresh_from_db()
    with letter.pdf.open("rb") as paper:
        pages = PdfReader(io.BytesIO(paper.read())).pages
        return "".join("".join(page.extract_text().split()) for page in pages)


@pytest.fixture
def told(hall):
    """Two departments want a supplement, and the lead has told both wishes."""
    stage = hall.dispatched()
    project = stage.project
    paper = {name: project.materials.get(name=name).pk for name in ("用地申请表", "环评报告表")}
    actions.answer(
        hall.branch(project, "yd"), "supplement", wishes=[actions.Wish("没有盖章", paper["用地申请表"])],
        by=hall.heads[ZR], at=MONDAY,
    )  # fmt: skip
    actions.answer(
        hall.branch(project, "hp"), "supplement",
        wishes=[actions.Wish("缺公示截图", paper["环评报告表"], "附公示网页截图")], by=hall.heads[HB], at=MONDAY,
    )  # fmt: skip
    actions.answer(hall.branch(project, "ba"), "accept", by=hall.heads[FG], at=MONDAY)
    actions.send_notice(stage, by=hall.heads[ZR], at=MONDAY)
    return hall, project


def test_the_wishes_of_all_departments_are_one_notice_of_the_lead_on_paper(told):
    hall, project = told

    letter = Letter.objects.get(kind=Kind.SUPPLEMENT)
    words = words_of(letter)

    assert (letter.project_id, letter.department, letter.word) == (project.pk, hall.departments[ZR], "补")
    assert "没有盖章" in words and "缺公示截图" in words and "附公示网页截图" in words
    assert "合并为一份，一次告知" in words


def test_a_notice_is_verified_like_any_letter_and_says_when_it_was_answered(told):
    hall, project = told
    letter = Letter.objects.get(kind=Kind.SUPPLEMENT)
    assert letters.check(letters.find_by_token(letter.token)).standing.words == "目前有效。"

    notice = hall.stage(project, 1).notices.get()
    answers = {wish.pk: "已改正" for wish in notice.wishes.all()}
    actions.answer_notice(notice, answers, by=hall.owner, at=at("2026-03-04"))

    checked = letters.check(letters.find_by_code(letter.number, letter.check_code))
    assert (checked.standing.words, checked.addressee) == ("此后申请人已补正。", "资阳江畔餐饮有限公司")


def test_the_acceptance_of_a_stage_names_its_branches_and_both_terms(hall):
    hall.running()

    words = words_of(Letter.objects.get(kind=Kind.ACCEPTANCE, project__isnull=False))

    assert "受理日期为2026年3月2日" in words
    assert "15个工作日内（最迟2026年3月23日）办结" in words and "法定期限为45个工作日" in words
    assert "环境影响报告表审批" in words


def test_what_was_decided_is_handed_over_with_one_list(hall):
    project = hall.running()
    for code in ("ba", "yd", "hp"):
        hall.grant(project, code, moment=at("2026-03-04"))
    actions.hand_over(
        hall.stage(project, 1), way="counter", proof="李明签收", by=hall.heads[ZR], at=at("2026-03-05")
    )

    words = words_of(Letter.objects.get(kind=Kind.RESULTS))

    assert "一站式出件清单" in words and "送达凭证：李明签收" in words
    assert "企业投资项目备案" in words and "环境影响报告表审批" in words


def test_letters_of_a_project_are_seen_by_who_sees_the_project(told, clerk, other_citizen):
    hall, project = told
    letter = Letter.objects.get(kind=Kind.SUPPLEMENT)

    assert letter in Letter.objects.visible_to(hall.heads[HB])
    assert letter in Letter.objects.owned_by(hall.owner)
    assert letter not in Letter.objects.visible_to(clerk)
    assert letter not in Letter.objects.owned_by(other_citizen)
