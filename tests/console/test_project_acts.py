"""办理并联项目 at the console: each act by whom it belongs to; what is refused comes back beside its field."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.roles import Role
from apps.workflows import actions
from apps.workflows.models import Consultation, Project
from tests.cast import a_scan, at, make_user
from tests.workflows.projects import FG, HB, MONDAY, ZJ, ZR

pytestmark = pytest.mark.django_db


@pytest.fixture
def sit(clock):
    """A browser for somebody, at a moment of the story."""

    def seated(user, moment=MONDAY) -> Client:
        clock(moment)
        client = Client()
        client.force_login(user)
        return client

    return seated


def address(project, name="project-detail", *where):
    return reverse(f"console:{name}", args=[project.number, *where])


def text_of(answer) -> str:
    return answer.content.decode()


def test_the_lead_confirms_the_list_and_is_told_beside_the_branch_where_a_reason_is_missing(hall, sit):
    project = hall.filed()
    lead = sit(hall.heads[FG])
    kept = {f"keep-{one.pk}": "on" for one in project.branches.all() if one.code not in ("hp", "jn")}

    refused = lead.post(address(project, "project-confirmation"), kept)
    why = f"why-{hall.branch(project, 'hp').pk}"
    done = lead.post(address(project, "project-confirmation"), kept | {why: "登记表项目"})

    assert (refused.status_code, done.status_code) == (422, 302)
    assert "请写明不办“环境影响报告表审批”的理由。" in text_of(refused)
    assert hall.states(project)["hp"] == "not_needed"


def test_a_project_goes_from_filing_to_acceptance_by_plain_posts(hall, sit):
    project = hall.filed()
    kept = {f"keep-{one.pk}": "on" for one in project.branches.all() if one.code != "jn"}
    fg, zr, hb = sit(hall.heads[FG]), sit(hall.heads[ZR]), sit(hall.heads[HB])

    answers = [
        fg.post(address(project, "project-confirmation"), kept),
        fg.post(address(project, "stage-receipt", 1)),
        zr.post(address(project, "stage-dispatch", 1)),
        fg.post(address(project, "branch-answer", "ba"), {"said": "accept"}),
        zr.post(address(project, "branch-answer", "yd"), {"said": "accept"}),
        hb.post(address(project, "branch-answer", "hp"), {"said": "accept"}),
        zr.post(address(project, "stage-acceptance", 1)),
    ]

    assert [answer.status_code for answer in answers] == [302] * 7
    assert hall.branch(project, "ba").state == "open"


def test_a_supplement_is_asked_for_paper_by_paper_told_once_and_answered_at_the_counter(hall, sit):
    stage = hall.dispatched()
    project = stage.project
    fg, zr, hb = sit(hall.heads[FG]), sit(hall.heads[ZR]), sit(hall.heads[HB])
    paper = project.materials.get(name="环评报告表")
    asked = {"said": "supplement", f"wish-{paper.pk}": "缺公示截图", f"remedy-{paper.pk}": "附公示网页截图"}

    empty = hb.post(address(project, "branch-answer", "hp"), {"said": "supplement"})
    torn = hb.post(address(project, "branch-answer", "hp"), asked | {"said": "accept"})
    hb.post(address(project, "branch-answer", "hp"), asked)
    early = zr.post(address(project, "stage-notice", 1))
    fg.post(address(project, "branch-answer", "ba"), {"said": "accept"})
    zr.post(address(project, "branch-answer", "yd"), {"said": "accept"})
    sent = zr.post(address(project, "stage-notice", 1))
    page = fg.get(address(project))
    open_one = fg.post(address(project, "stage-supplement", 1))
    wish = hall.stage(project, 1).notices.get().wishes.get()
    done = fg.post(address(project, "stage-supplement", 1), {f"wish-{wish.pk}": "已附截图"})

    assert empty.status_code == 422 and "请写明需要补正什么" in text_of(empty)
    assert torn.status_code == 422 and "写了补正意见，请选“需要补正”" in text_of(torn)
    assert "附公示网页截图" in text_of(torn)
    assert early.status_code == 409 and "还在答复期内" in text_of(early)
    assert (sent.status_code, done.status_code) == (302, 302)
    assert "缺公示截图" in text_of(page)
    assert open_one.status_code == 422 and "请重新上传这份材料，或写明如何改正。" in text_of(open_one)


def test_each_of_two_notices_is_answered_with_its_own_form_and_only_once(hall, sit):
    stage = hall.dispatched()
    project = stage.project
    zr, fg = sit(hall.heads[ZR]), sit(hall.heads[FG])
    for code, said in {"ba": "accept", "hp": "supplement", "yd": "out_of_scope"}.items():
        branch, wishes = hall.branch(project, code), [actions.Wish("看不清")] if said == "supplement" else []
        actions.answer(branch, said, words="应由市局办理", wishes=wishes, by=hall.head_of(branch), at=MONDAY)
    first = actions.send_notice(stage, by=hall.heads[ZR], at=MONDAY)
    actions.reopen(hall.branch(project, "yd"), why="改在本县", by=hall.heads[ZR], at=MONDAY)
    wish = [actions.Wish("红线没有标注")]
    actions.answer(hall.branch(project, "yd"), "supplement", wishes=wish, by=hall.heads[ZR], at=MONDAY)

    told = zr.post(address(project, "stage-notice", 1))
    second = hall.stage(project, 1).notices.get(is_anew=True)
    page = text_of(fg.get(address(project)))
    answer = {"notice": second.pk, f"wish-{second.wishes.get().pk}": "已标注"}
    sent = [fg.post(address(project, "stage-supplement", 1), answer) for _ in range(2)]

    assert told.status_code == 302
    assert f'name="notice" value="{first.pk}"' in page and f'name="notice" value="{second.pk}"' in page
    assert [one.status_code for one in sent] == [302, 409]
    assert "这次补正已经提交" in text_of(sent[1])
    assert hall.branch(project, "hp").waits_for_papers


def test_a_department_that_only_takes_part_brings_no_papers_and_answers_no_notice(hall, sit):
    stage = hall.dispatched()
    project = stage.project
    for code, said in {"ba": "accept", "hp": "accept", "yd": "supplement"}.items():
        branch, wishes = hall.branch(project, code), [actions.Wish("看不清")] if said == "supplement" else []
        actions.answer(branch, said, wishes=wishes, by=hall.head_of(branch), at=MONDAY)
    notice = actions.send_notice(stage, by=hall.heads[ZR], at=MONDAY)
    hb, paper = sit(hall.heads[HB]), project.materials.get(name="总平面图")

    page = text_of(hb.get(address(project, "project-papers")))
    brought = hb.post(address(project, "project-paper", paper.pk), {"file": a_scan(), "words": ""})
    replaced = hb.post(address(project, "project-paper", paper.pk), {"file": a_scan(), "words": "换一张"})
    answer = {f"wish-{notice.wishes.get().pk}": "已改"}
    answered = hb.post(address(project, "stage-supplement", 1), answer)

    sentence = "材料和补正由申请人提交，或由综合窗口、牵头部门代收。"
    assert "上传或更换" not in page
    assert [one.status_code for one in (brought, replaced, answered)] == [409] * 3
    assert all(sentence in text_of(one) for one in (brought, replaced, answered))
    assert (paper.files.count(), hall.branch(project, "yd").answer) == (0, "supplement")


def test_a_paper_for_a_project_that_ended_meanwhile_is_refused_in_words(hall, sit):
    project = hall.filed()
    counter, paper = sit(hall.heads[FG]), project.materials.get(name="总平面图")
    actions.withdraw_project(project, why="停止投资", by=hall.owner, at=MONDAY)

    refused = counter.post(address(project, "project-paper", paper.pk), {"file": a_scan()})

    assert refused.status_code == 409
    assert "项目已撤回，不能再改材料。" in text_of(refused)


def test_a_paper_can_be_changed_at_the_counter_before_its_stage_is_received_and_a_bad_file_is_refused(
    hall, sit
):
    project = hall.filed()
    counter = sit(hall.heads[FG])
    paper = project.materials.get(name="营业执照")

    bad = counter.post(address(project, "project-paper", paper.pk), {"file": a_scan("执照.exe", b"MZ000")})
    good = counter.post(address(project, "project-paper", paper.pk), {"file": a_scan("新执照.png")})

    assert bad.status_code == 422 and "内容不是允许的类型" in text_of(bad)
    assert good.status_code == 302
    assert paper.files.get(is_current=True).name == "新执照.png"


def test_a_department_opens_the_papers_of_its_own_branches_only(hall, sit):
    project = hall.running()
    own = project.materials.get(name="环评报告表").files.get()
    foreign = project.materials.get(name="用地申请表").files.get()
    department = sit(hall.heads[HB])

    assert department.get(address(project, "project-file", own.pk)).status_code == 200
    assert department.get(address(project, "project-file", foreign.pk)).status_code == 404
    assert sit(hall.heads[ZR]).get(address(project, "project-file", own.pk)).status_code == 200


@pytest.mark.parametrize("role", [Role.CENTRE_ADMIN, Role.SUPERVISOR, Role.AUDITOR])
def test_who_only_looks_sees_the_project_and_no_act(hall, sit, county, role):
    project = hall.dispatched().project
    watcher = sit(make_user("watcher", "看的人", role, point=county))

    page = watcher.get(address(project))

    assert page.status_code == 200
    assert 'method="post" action="/console/projects' not in text_of(page)
    assert watcher.post(address(project, "stage-acceptance", 1)).status_code == 403


def test_a_department_that_takes_no_part_finds_nothing(hall, sit, clerk):
    project = hall.dispatched().project
    stranger = sit(clerk)

    assert stranger.get(address(project)).status_code == 404
    assert stranger.post(address(project, "branch-answer", "ba"), {"said": "accept"}).status_code == 404


def test_another_department_of_the_project_cannot_answer_for_it(hall, sit):
    project = hall.dispatched().project

    refused = sit(hall.heads[ZJ]).post(address(project, "branch-answer", "ba"), {"said": "accept"})

    assert refused.status_code == 409
    assert "由发展和改革局答复" in text_of(refused)


def test_a_refused_branch_is_taken_up_again_by_the_lead_from_the_page(hall, sit):
    project = hall.running()
    hall.grant(project, "ba", moment=at("2026-03-03"))
    hall.refuse(project, "hp", moment=at("2026-03-04"))
    lead = sit(hall.heads[ZR], at("2026-03-05"))

    page = text_of(lead.get(address(project)))
    empty = lead.post(address(project, "branch-reopening", "hp"), {"words": ""})
    done = lead.post(address(project, "branch-reopening", "hp"), {"words": "改用天然气锅炉"})

    assert "调整方案重办" in page
    assert address(project, "branch-removal", "hp") not in page  # what was refused is not left out
    assert (empty.status_code, done.status_code) == (422, 302)
    assert hall.branch(project, "hp").attempt == 2


def test_a_survey_is_called_confirmed_moved_put_on_record_and_signed(hall, sit):
    project = hall.running()
    zr, hb = sit(hall.heads[ZR]), sit(hall.heads[HB])
    asked = {
        "kind": "survey", "subject": "看现场", "departments": [hall.departments[HB].pk], "day": "2026-03-09",
        "hour": "14:00", "place": "城南地块",
    }  # fmt: skip

    bare = zr.post(address(project, "consultation-entry"), {"kind": "survey", "subject": "看现场"})
    made = zr.post(address(project, "consultation-entry"), asked)
    survey = Consultation.objects.get()
    zr.post(address(project, "consultation-time", survey.pk), {"day": "2026-03-10", "hour": "09:00"})
    stale = hb.post(address(project, "consultation-reply", survey.pk), {"said": "confirmed", "round": "1"})
    fresh = hb.post(address(project, "consultation-reply", survey.pk), {"said": "confirmed", "round": "2"})
    late = sit(hall.heads[ZR], at("2026-03-10", "15:00"))
    held = late.post(address(project, "consultation-record", survey.pk), {"words": "与图纸一致"})
    signed = sit(hall.heads[HB], at("2026-03-10", "16:00")).post(
        address(project, "consultation-signature", survey.pk)
    )

    assert bare.status_code == 422 and "请选择参加的部门。" in text_of(bare)
    assert (made.status_code, fresh.status_code, held.status_code, signed.status_code) == (302, 302, 302, 302)
    assert stale.status_code == 409 and "您答复的那个时间作废了" in text_of(stale)
    sent_again = re.search(r'name="round" value="(\d)"', text_of(stale))[1]
    assert sent_again == "2"  # it answers what the page shows
    assert survey.members.get().signed_at is not None


def test_a_walk_in_project_is_drafted_filled_in_and_filed_at_the_counter(hall, sit, privacy_notice):
    counter = sit(hall.heads[FG])
    typed = {
        "bundle": "TZ", "key": uuid4(), "name": "新建冷库", "national_code": "2603-512002-04-01-000009", "kind": "2",
        "applicant_name": "资阳江畔餐饮有限公司", "number": "91519999MA00000158", "phone": "02826000001", "question-1": "否",
    }  # fmt: skip

    listed = counter.get(reverse("console:project-intake"))
    wrong = counter.post(reverse("console:project-intake"), typed | {"national_code": "abc"})
    drafted = counter.post(reverse("console:project-intake"), typed)
    project = Project.objects.get()
    draft = reverse("console:project-draft", args=[project.key])
    papers = {
        f"file-{one.seq}": a_scan() for one in project.materials.filter(state="absent", stage__number=1)
    }
    early = counter.post(draft, {"investment": "6000"})
    filed = counter.post(draft, {"investment": "6000", "site": "城南", "handing": "together"} | papers)

    assert "企业投资项目（备案制）" in text_of(listed)
    assert wrong.status_code == 422 and "项目代码形如" in text_of(wrong)
    assert drafted.status_code == 302
    assert (
        early.status_code == 422
        and "请填写建设地点。" in text_of(early)
        and "请上传“备案申请表”。" in text_of(early)
    )
    assert filed.status_code == 302
    project.refresh_from_db()
    assert (project.state, project.handing, project.form["investment"]) == ("filed", "together", "6000")


def test_a_file_of_200_mb_is_refused_beside_its_paper_and_everything_typed_is_kept(
    hall, sit, privacy_notice, monkeypatch
):
    monkeypatch.setattr("apps.cases.uploads.MAX_BYTES", 60)
    project = hall.draft()
    Project.objects.filter(pk=project.pk).update(filed_by=hall.heads[FG])
    counter = sit(hall.heads[FG])

    answer = counter.post(
        reverse("console:project-draft", args=[project.key]), {"site": "城南三号", "file-1": a_scan("大.png")}
    )

    assert answer.status_code == 422
    assert "上限" in text_of(answer) and "城南三号" in text_of(answer)


@pytest.mark.query_count("console:project-detail", "console:consultation", "console:project-papers")
def test_a_project_page_costs_the_same_for_one_branch_at_work_and_for_three(hall, sit, count_queries):
    project = hall.running()
    client = sit(hall.heads[ZR])
    few = count_queries(client, address(project))
    hall.grant(project, "ba", moment=at("2026-03-03"))
    many = count_queries(client, address(project))

    assert many == few <= 12
    assert re.search("用地预审", text_of(client.get(address(project))))


def test_a_draft_at_the_counter_is_found_again_and_moves_to_the_new_version_of_its_bundle(
    hall, sit, centre_admin, privacy_notice
):
    project = hall.draft()
    Project.objects.filter(pk=project.pk).update(filed_by=hall.heads[FG], form={"site": "城南"})
    version = actions.draft_version(hall.version.bundle, by=centre_admin, at=MONDAY)
    actions.publish(version, on=MONDAY.date(), by=centre_admin, at=MONDAY)
    counter, draft = sit(hall.heads[FG]), reverse("console:project-draft", args=[project.key])

    listed = counter.get(reverse("console:project-intake"))
    page = counter.get(draft)
    wrong = counter.post(draft, {"renew": "1", "question-1": "也许"})
    beside = text_of(wrong).split('id="renewal-title"')[1].split("</form>")[0]
    renewed = counter.post(draft, {"renew": "1", "question-1": "否"})

    assert draft in text_of(listed)
    assert "这个套餐更新了" in text_of(page)
    assert (wrong.status_code, renewed.status_code) == (422, 302)
    assert beside.count("请回答“年用电在500万千瓦时以上吗？”。") == 2  # on top of its form, and beside it
    project = Project.objects.get(pk=project.pk)
    assert (project.version_id, project.form["site"]) == (version.pk, "城南")
    assert "这个套餐更新了" not in text_of(counter.get(draft))
