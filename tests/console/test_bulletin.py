"""通报 of a week: what went on, who was silent or absent; on paper the same words as on the page."""

import io
from datetime import date

import pytest
from django.urls import reverse
from pypdf import PdfReader

from apps.accounts.roles import Role
from apps.workflows import actions as projects
from apps.workflows.actions import key_projects as actions
from apps.workflows.bulletin import Week, bulletin_of
from tests.cast import at, make_user
from tests.workflows.key_projects import NOW, enlist
from tests.workflows.projects import FG, HB, ZJ, ZR

pytestmark = pytest.mark.django_db

PAGE = "console:bulletin"
WEEK = {"on": "2026-03-04"}


def text_of(response) -> str:
    return response.content.decode()


def words_on(pdf: bytes) -> str:
    """Without line breaks: cells wrap."""
    reader = PdfReader(io.BytesIO(pdf))
    return "".join("".join(page.extract_text().split()) for page in reader.pages)


@pytest.fixture
def reader(client, calendar, leader, clock):
    clock(at("2026-03-16"))
    client.force_login(leader)
    return client


@pytest.fixture
def busy(hall, city, centre_admin, company):
    """A running project of a key project: 备案 granted, 环评 overdue, two departments silent and absent, one late."""
    stage = hall.dispatched(moment=at("2026-03-02", "09:00"))
    project = stage.project
    key_project = enlist(centre_admin, city, investor=company)
    actions.link(project, key_project, by=centre_admin, at=NOW)
    actions.open_channel(key_project, 60, why="急", by=centre_admin, at=NOW)
    actions.set_milestone(key_project, "signed", on=date(2026, 3, 4), half="am", by=centre_admin, at=NOW)
    for code, moment in (("ba", "2026-03-02"), ("yd", "2026-03-03"), ("hp", "2026-03-05")):
        branch = hall.branch(project, code)
        projects.answer(branch, "accept", by=hall.head_of(branch), at=at(moment))
    projects.accept_stage(stage, by=hall.heads[ZR], at=at("2026-03-05"))
    hall.grant(project, "ba", moment=at("2026-03-05"))
    return project


def an_opinion(hall, project, *, answer_by: date, subject="选址意见", **more):
    return projects.convene(
        project, kind="opinion", subject=subject, departments=[hall.departments[HB], hall.departments[ZJ]],
        answer_by=answer_by, by=hall.heads[FG], at=at("2026-03-05"), **more,
    )  # fmt: skip


def test_the_week_of_a_day_runs_from_monday_to_sunday():
    week = Week.of(date(2026, 3, 4))

    assert (week.first, week.last, str(week)) == (date(2026, 3, 2), date(2026, 3, 8), "2026年第10周")
    assert (week.previous.following, week.seen_on(date(2026, 3, 4))) == (week, date(2026, 3, 4))
    assert str(Week.of(date(2027, 1, 1))) == "2026年第53周"


def test_progress_is_told_as_it_stood_at_the_end_of_its_week(hall, busy, city, leader):
    hall.grant(busy, "hp", moment=at("2026-03-18"))

    def row(week: date, today: date):
        found = bulletin_of(city, Week.of(week), for_user=leader, today=today).progress[0]
        counts = (found.total, found.granted, found.granted_now, found.under_way, found.overdue)
        return counts, [one.name for one in found.new]

    late = date(2026, 3, 31)
    assert row(date(2026, 3, 4), late) == ((5, 1, 1, 2, 0), ["签约"])
    assert row(date(2026, 3, 20), late) == ((5, 2, 1, 1, 1), [])  # 用地 was due on 16 March
    assert row(date(2026, 3, 11), late) == ((5, 1, 0, 2, 0), [])


def test_who_was_silent_absent_or_late_is_named(hall, busy, city, leader):
    opinion = an_opinion(hall, busy, answer_by=date(2026, 3, 6))
    member = opinion.members.get(department=hall.departments[ZJ])
    projects.reply(member, "agrees", round=1, by=hall.heads[ZJ], at=at("2026-03-09", "08:30"))
    projects.note_silence(at=at("2026-03-09"))

    found = bulletin_of(city, Week.of(date(2026, 3, 4)), for_user=leader, today=date(2026, 3, 16))
    next_week = bulletin_of(city, Week.of(date(2026, 3, 11)), for_user=leader, today=date(2026, 3, 16))

    said = {(one.department, one.words) for one in found.absences}
    assert said == {
        ("雁江区生态环境局", "逾期视为无意见"), ("雁江区住房和城乡建设局", "逾期后答复：同意"),
    }  # fmt: skip
    late = [(one.department, one.branch.code, one.words) for one in found.late_answers]
    assert late == [("雁江区生态环境局", "hp", "逾期后答复：同意受理")]
    assert (next_week.absences, next_week.late_answers) == ([], [])


def test_who_had_nothing_left_to_answer_was_not_late(hall, city, leader):
    project = hall.dispatched(moment=at("2026-03-02", "09:00")).project
    projects.withdraw_branch(hall.branch(project, "hp"), why="不办了", by=hall.owner, at=at("2026-03-02"))

    found = bulletin_of(city, Week.of(date(2026, 3, 4)), for_user=leader, today=date(2026, 3, 5))

    assert [one.branch.code for one in found.late_answers] == ["ba", "yd"]


def test_absence_from_a_meeting_stands_in_the_week_in_which_it_was_held(hall, busy, city, leader):
    meeting = projects.convene(
        busy, kind="meeting", subject="方案联审", departments=[hall.departments[HB]], place="三楼会议室",
        begins_at=at("2026-03-12"), answer_by=date(2026, 3, 9), by=hall.heads[FG], at=at("2026-03-05"),
    )  # fmt: skip
    absent = meeting.members.get(department=hall.departments[HB])
    projects.reply(absent, "confirmed", round=1, by=hall.heads[HB], at=at("2026-03-06"))
    projects.hold(
        meeting, record="到会三人", absent=[absent.pk], by=hall.heads[FG], at=at("2026-03-12", "16:00")
    )

    weeks = [Week.of(date(2026, 3, day)) for day in (4, 11)]
    told = [bulletin_of(city, week, for_user=leader, today=date(2026, 3, 16)).absences for week in weeks]

    assert [[(one.department, one.words) for one in week] for week in told] == [
        [], [("雁江区生态环境局", "缺席")],
    ]  # fmt: skip


def test_page_and_paper_say_the_same(reader, hall, busy, city):
    an_opinion(hall, busy, answer_by=date(2026, 3, 6))
    projects.note_silence(at=at("2026-03-09"))

    page = text_of(reader.get(reverse(PAGE), WEEK))
    paper = reader.get(reverse("console:bulletin-file"), WEEK | {"hall": city.path})

    assert paper.headers["Content-Type"] == "application/pdf" and paper.content.startswith(b"%PDF")
    words = words_on(paper.content)
    for sentence in (
        "截至3月8日，资阳市在册重点项目1个，其中走绿色通道1个；并联审批分项5项，已办结1项（本周1项），在办2项，超期0项。",
        "会商未按时答复或缺席2次，逾期答复分发1次。",
        "签约 2026年3月4日上午（本周）",
        "1/5（本周1）",
        "雁江区生态环境局",
        "征求意见：选址意见",
        "逾期后答复：同意受理",
        "2026年第10周",
    ):
        assert sentence in page, sentence
        assert "".join(sentence.split()) in words, sentence


def test_an_empty_week_has_its_paper_too(reader, city):
    page = text_of(reader.get(reverse(PAGE), WEEK))
    paper = reader.get(reverse("console:bulletin-file"), WEEK)

    words = words_on(paper.content)
    for sentence in (
        "本周没有在册的重点项目。",
        "本周没有逾期未答复的部门，也没有缺席的部门。",
        "本周没有逾期的分发答复。",
        "截至3月8日，资阳市没有在册的重点项目。",
    ):
        assert sentence in page and sentence in words
    assert (paper.status_code, len(PdfReader(io.BytesIO(paper.content)).pages)) == (200, 1)


def test_the_same_facts_give_the_same_paper(reader, hall, busy):
    first, second = (reader.get(reverse("console:bulletin-file"), WEEK).content for _ in range(2))

    assert first == second


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ({"on": "上周"}, "日期请写成2026-11-20的样子"),
        ({"on": "0001-01-01"}, "这里没有"),
        ({"on": "9999-12-31"}, "还没有到"),
        ({"on": "2026-03-23"}, "2026年第13周还没有到"),
        ({"hall": "5101"}, "没有这个中心"),
    ],
)
def test_what_cannot_be_shown_is_told_and_the_present_week_shown(reader, city, asked, sentence):
    for name in (PAGE, "console:bulletin-file"):
        answer = reader.get(reverse(name), asked)

        assert answer.status_code == 422 and sentence in text_of(answer)
        assert "2026年第12周" in text_of(answer)


def test_a_county_reads_its_own_and_not_its_neighbours(client, hall, busy, county, other_county, clock):
    clock(at("2026-03-16"))
    own = make_user("leader2", "邱岚", Role.LEADER, point=county)
    neighbour = make_user("leader3", "汤平", Role.LEADER, point=other_county)
    an_opinion(hall, busy, answer_by=date(2026, 3, 6))
    projects.note_silence(at=at("2026-03-09"))

    pages = {}
    for user in (own, neighbour):
        client.force_login(user)
        pages[user.username] = text_of(client.get(reverse(PAGE), WEEK))

    assert "征求意见：选址意见" in pages["leader2"] and "征求意见：选址意见" not in pages["leader3"]


def test_it_costs_the_same_however_much_happened(reader, hall, busy, city, centre_admin, count_queries):
    an_opinion(hall, busy, answer_by=date(2026, 3, 6))
    projects.note_silence(at=at("2026-03-09"))
    few = count_queries(reader, reverse(PAGE), WEEK)

    for serial in (2, 3):
        enlist(centre_admin, city, code=f"2603-512002-04-01-00000{serial}")
        an_opinion(hall, busy, answer_by=date(2026, 3, 6), subject=f"第{serial}次征求选址意见")
    projects.note_silence(at=at("2026-03-09"))

    assert count_queries(reader, reverse(PAGE), WEEK) == few <= 14


def test_a_name_that_no_font_draws_is_said_and_no_paper_with_a_box_comes_out(reader, city, centre_admin):
    enlist(centre_admin, city, name="临空\U0003134a产业园")

    answer = reader.get(reverse("console:bulletin-file"), WEEK)

    assert answer.status_code == 409 and "字库里没有" in text_of(answer)
