"""套餐 at the console: seen by whoever works with them, put together by the centre of the city."""

import re

import pytest
from django.urls import reverse

from apps.accounts.roles import Role
from apps.workflows import actions
from apps.workflows.checking import QuestionFacts, StageFacts
from apps.workflows.models import Bundle, BundleVersion
from apps.workflows.reading import parts_of
from config.sampling.bundles import load_bundles
from config.sampling.catalogue import load_catalogue
from tests.cast import at, make_user
from tests.workflows.bundles import NOW, branch

pytestmark = pytest.mark.django_db

TYPED = {
    "code": "jn", "item": "XK4", "title": "", "stage": "1", "department": "发展和改革局", "level": "",
    "days": "7", "condition": "",
}  # fmt: skip


@pytest.fixture
def editor(client, centre_admin, clock):
    clock(at("2026-03-02"))
    client.force_login(centre_admin)
    return client


def address(version, name="detail", *more):
    return reverse(f"console:bundle-{name}", args=[version.bundle.code, version.number, *more])


def codes(version):
    return [one.code for one in parts_of(BundleVersion.objects.get(pk=version.pk)).branches]


def text_of(response) -> str:
    return response.content.decode()


def test_a_bundle_is_entered_and_put_together_by_plain_forms_and_published(editor, catalogue):
    entered = editor.post(
        reverse("console:bundle-entry"),
        {
            "code": "yjs-1",
            "name": "开办茶馆",
            "audience": "company",
            "lead": "市场监督管理局",
            "coordinator": "",
        },
    )
    version = BundleVersion.objects.get()
    stage = {"number": "1", "title": "证照联办", "lead": "市场监督管理局", "days": "10"}
    question = {"number": "1", "text": "卖烟吗？", "hint": "", "answers": "卖：jn\n不卖\n"}
    sent = [
        editor.post(address(version, "stages"), stage),
        editor.post(address(version, "branches"), {**TYPED, "code": "zz", "item": "XK1", "days": "0"}),
        editor.post(address(version, "branches"), {**TYPED, "is_optional": "on"}),
        editor.post(address(version, "edges"), {"branch": "jn", "needs": "zz", "kind": "prerequisite"}),
        editor.post(address(version, "questions"), question),
        editor.post(address(version, "materials"), {"title": "营业执照", "source": "zz", "used_by": ["jn"]}),
        editor.post(address(version, "publication")),
    ]

    version.refresh_from_db()
    assert entered["Location"] == address(version)
    assert [response.status_code for response in sent] == [302] * 7
    assert (version.bundle.code, version.state, str(version.effective_on)) == (
        "YJS-1", "published", "2026-03-02",
    )  # fmt: skip
    page = text_of(editor.get(address(version)))
    assert "zz 企业投资项目备案" in page and "1. 卖烟吗？卖" in page and "的结果，不用交" in page
    assert "发布第" not in page and "起草新版本" in page


def test_a_circle_is_told_beside_its_field_with_the_path_and_what_was_chosen_stays(editor, bundle_draft):
    answer = editor.post(
        address(bundle_draft, "edges"), {"branch": "ba", "needs": "yd", "kind": "prerequisite"}
    )

    page = text_of(answer)
    assert answer.status_code == 409
    assert (
        "前置关系绕成了一圈：ba 企业投资项目备案 → yd 用地预审 → ba 企业投资项目备案，请去掉其中一条。"
        in page
    )
    assert 'id="edgeform-needs_error"' in page and 'href="#edgeform-needs"' in page
    assert '<details class="card bundle-forms" id="edges" open>' in page
    assert re.search(r'<option value="yd" selected>', page)
    assert bundle_draft.edges.count() == 2


def test_all_faults_of_a_new_branch_stand_beside_their_fields(editor, bundle_draft):
    answer = editor.post(
        address(bundle_draft, "branches"), {**TYPED, "item": "XK999", "days": "99", "condition": "占用林地"}
    )

    page = text_of(answer)
    assert (answer.status_code, codes(bundle_draft)) == (409, ["ba", "yd", "gh"])
    assert 'id="branchform-item_error"' in page and "事项目录里没有编码 XK999" in page
    assert 'id="branchform-days_error"' in page and "比第1阶段的15个工作日还长" in page
    assert "有 2 处要改" in page
    assert 'value="XK999"' in page and 'value="99"' in page and 'value="占用林地"' in page


@pytest.mark.parametrize(
    ("name", "typed", "sentence"),
    [
        (
            "stages",
            {"number": "0", "title": "", "lead": "", "days": "x"},
            "承诺时限（工作日）是1到366之间的整数",
        ),
        ("branches", {**TYPED, "code": "", "stage": "9"}, "选的所在阶段已经不在了，请重新选。"),
        ("edges", {"branch": "zz", "needs": "", "kind": "prerequisite"}, "选的分项已经不在了，请重新选。"),
        ("questions", {"number": "1", "text": "要吗？", "answers": " "}, "请填写答案。"),
        ("materials", {"title": "图纸", "source": ""}, "请选择用到它的分项。"),
        ("withdrawal", {"why": ""}, "请填写作废的理由。"),
    ],
)
def test_what_is_not_filled_in_is_told_and_nothing_is_written(editor, bundle_draft, name, typed, sentence):
    before = parts_of(bundle_draft).sheet(), bundle_draft.events.count()

    answer = editor.post(address(bundle_draft, name), typed)

    bundle_draft.refresh_from_db()
    assert (answer.status_code, sentence in text_of(answer)) == (422, True)
    assert (parts_of(bundle_draft).sheet(), bundle_draft.events.count(), bundle_draft.is_draft) == (
        *before,
        True,
    )


def test_a_branch_is_changed_on_a_page_of_its_own_and_keeps_its_code(editor, bundle_draft):
    page = text_of(editor.get(address(bundle_draft, "branch", "yd")))
    refused = editor.post(
        address(bundle_draft, "branch", "yd"), {**TYPED, "code": "zz", "item": "XK2", "days": "15"}
    )
    done = editor.post(
        address(bundle_draft, "branch", "yd"), {**TYPED, "code": "zz", "item": "XK2", "days": "9"}
    )

    assert 'value="XK2"' in page and 'value="7"' in page
    assert refused.status_code == 409 and "一个接一个要16个工作日" in text_of(refused)
    assert (done.status_code, bundle_draft.branches.get(code="yd").days) == (302, 9)
    assert codes(bundle_draft) == ["ba", "yd", "gh"]


def test_parts_are_taken_out_again(editor, bundle_draft, centre_admin):
    by = {"by": centre_admin, "at": NOW}
    actions.ask(bundle_draft, QuestionFacts(1, "要吗？", (("要", ()), ("不要", ()))), **by)

    for name, more, body in [
        ("edge-removal", [], {"branch": "gh", "needs": "yd"}),
        ("question-removal", [1], {}),
        ("branch-removal", ["gh"], {}),
        ("stage-removal", [2], {}),
    ]:
        assert editor.post(address(bundle_draft, name, *more), body).status_code == 302, name

    sheet = parts_of(bundle_draft).sheet()
    assert (len(sheet.stages), codes(bundle_draft), len(sheet.edges), sheet.questions) == (
        1,
        ["ba", "yd"],
        1,
        (),
    )
    again = editor.post(address(bundle_draft, "edge-removal"), {"branch": "yd", "needs": "yd"})
    assert again.status_code == 409 and "没有连接" in text_of(again)


def test_publishing_what_is_not_finished_names_everything(editor, bundle_draft, centre_admin):
    by = {"by": centre_admin, "at": NOW}
    actions.add_branch(bundle_draft, branch("jn", "XK4", is_optional=True), **by)
    actions.set_stage(bundle_draft, StageFacts(2, "工程建设", "", 10), **by)

    page = text_of(editor.get(address(bundle_draft)))
    answer = editor.post(address(bundle_draft, "publication"))

    assert "发布前要改好 2 处" in page
    assert answer.status_code == 409
    for sentence in ("第2阶段“工程建设”没有牵头部门。", "没有一个问题的答案能决定它办不办"):
        assert sentence in page and text_of(answer).count(sentence) == 2


def test_a_published_version_is_copied_and_the_draft_replaces_it(editor, bundle_draft):
    editor.post(address(bundle_draft, "publication"))
    drafted = editor.post(reverse("console:bundle-drafts", args=[bundle_draft.bundle.code]))
    twice = editor.post(reverse("console:bundle-drafts", args=[bundle_draft.bundle.code]))
    editor.post(drafted["Location"] + "publication/")

    states = list(bundle_draft.bundle.versions.order_by("number").values_list("state", flat=True))
    assert states == ["superseded", "published"]
    assert twice.status_code == 409 and "第2版正在编辑" in text_of(twice)
    listed = text_of(editor.get(reverse("console:bundle-list")))
    assert "第 2 版" in listed and "已被取代" in listed
    late = editor.post(
        address(bundle_draft, "edges"), {"branch": "gh", "needs": "ba", "kind": "prerequisite"}
    )
    assert late.status_code == 409


def test_a_department_that_nobody_has_is_pointed_out(editor, bundle_draft, market_bureau):
    page = text_of(editor.get(address(bundle_draft)))

    assert "目录里没有这些部门：发展和改革局、自然资源和规划局、住房和城乡建设局" in page


def test_the_drawing_and_the_table_say_the_same(editor, bundle_draft):
    page = text_of(editor.get(address(bundle_draft)))

    assert "3 个分项的先后关系图，关键路径：ba 企业投资项目备案、yd 用地预审、gh 工程规划许可" in page
    assert page.count('class="d-line d-prerequisite is-critical"') == 2
    assert "等 ba 企业投资项目备案" in page and "等 yd 用地预审" in page
    assert "承诺 15 个工作日 · 关键路径 8 个工作日，余 7 个" in page


# -- who may


@pytest.mark.parametrize("name", ["clerk", "approver", "supervisor", "leader", "auditor"])
def test_others_read_and_change_nothing(client, request, bundle_draft, name):
    client.force_login(request.getfixturevalue(name))

    page = client.get(address(bundle_draft))
    answers = {
        client.post(address(bundle_draft, act, *more)).status_code
        for act, more in [
            ("stages", []), ("branches", []), ("edges", []), ("questions", []), ("materials", []),
            ("publication", []), ("withdrawal", []), ("branch-removal", ["ba"]), ("edge-removal", []),
        ]
    }  # fmt: skip

    assert page.status_code == 200 and client.get(reverse("console:bundle-list")).status_code == 200
    assert '<form method="post" action="/console/bundles/' not in text_of(page)
    assert answers == {403} and client.get(address(bundle_draft, "branch", "ba")).status_code == 403
    assert client.get(reverse("console:bundle-entry")).status_code == 403


def test_the_centre_of_a_county_reads_and_is_refused_in_words(client, county, bundle_draft):
    client.force_login(make_user("ccentre", "郑明", Role.CENTRE_ADMIN, point=county))

    page = client.get(address(bundle_draft))
    answer = client.post(
        address(bundle_draft, "edges"), {"branch": "gh", "needs": "ba", "kind": "prerequisite"}
    )

    assert "连接分项</summary>" not in text_of(page)
    assert answer.status_code == 409 and "只能由市政务服务中心编辑和发布" in text_of(answer)
    assert bundle_draft.edges.count() == 2


def test_who_sends_a_form_after_somebody_else_has_published_is_told(editor, bundle_draft, centre_admin):
    actions.publish(bundle_draft, on=NOW.date(), by=centre_admin, at=NOW)

    answer = editor.post(
        address(bundle_draft, "stages"), {"number": "3", "title": "三", "lead": "局", "days": "5"}
    )

    assert answer.status_code == 409
    assert "第1版已发布，不能再改；要改请起草新版本。" in text_of(answer)


@pytest.mark.parametrize("name", ["village_agent", "township_clerk", "citizen"])
def test_those_without_business_do_not_see_it(client, request, bundle_draft, name):
    user = request.getfixturevalue(name)
    client.force_login(user)

    expected = 200 if name == "township_clerk" else 403  # a clerk, and clerks take projects in
    assert client.get(address(bundle_draft)).status_code == expected


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("stages", {"number": "1\x00", "title": "\x00", "lead": "\x00", "days": "5"}),
        ("branches", {**TYPED, "code": "a\x00", "item": "\x00"}),
        ("branches", {**TYPED, "item": "   "}),
        ("edges", {"branch": "\x00", "needs": "ba", "kind": "x"}),
        ("questions", {"number": "1", "text": "\x00", "answers": "：：：\n\x00"}),
        ("questions", {"number": "1", "text": "长" * 5000, "answers": "是\n否"}),
        ("questions", {"number": "1", "text": "要吗？", "answers": "长" * 300 + "\n否"}),
        ("materials", {"title": "\x00", "source": "\x00", "used_by": ["\x00"]}),
    ],
)
def test_rubbish_is_refused_and_writes_nothing(editor, bundle_draft, name, typed):
    before = parts_of(bundle_draft).sheet()

    assert editor.post(address(bundle_draft, name), typed).status_code in (409, 422)
    assert parts_of(bundle_draft).sheet() == before


def test_what_is_not_there_is_not_found(editor, bundle_draft):
    assert editor.get("/console/bundles/NIX/1/").status_code == 404
    assert editor.get(f"/console/bundles/{bundle_draft.bundle.code}/9/").status_code == 404
    assert editor.post(f"/console/bundles/{bundle_draft.bundle.code}/9/publication/").status_code == 404
    assert editor.get(f"/console/bundles/{bundle_draft.bundle.code}/{10**30}/").status_code == 404
    assert editor.get(address(bundle_draft, "branch", "zz")).status_code == 404
    assert editor.get("/console/bundles/%00/1/").status_code == 400


@pytest.mark.parametrize("name", ["stages", "questions"])
@pytest.mark.parametrize("number", [10**30, 7])
def test_a_number_that_is_not_there_is_refused_in_words(editor, bundle_draft, name, number):
    act = {"stages": "stage-removal", "questions": "question-removal"}[name]

    answer = editor.post(address(bundle_draft, act, number))

    assert answer.status_code == 409 and "这一版没有第" in text_of(answer)


def test_a_typed_script_is_shown_as_text(editor, bundle_draft, centre_admin):
    actions.set_stage(bundle_draft, StageFacts(2, "<script>x</script>", "局", 10), by=centre_admin, at=NOW)

    assert "<script>x" not in text_of(editor.get(address(bundle_draft)))


# -- what it costs


@pytest.mark.query_count("console:bundle-list")
def test_the_list_costs_the_same_for_one_row_and_for_three(editor, bundle, centre_admin, count_queries):
    one = count_queries(editor, reverse("console:bundle-list"))
    for serial in (2, 3):
        actions.enter_bundle(
            f"B{serial}", f"第{serial}个", audience="citizen", lead="公安局", by=centre_admin, at=NOW
        )

    assert Bundle.objects.count() == 3
    assert count_queries(editor, reverse("console:bundle-list")) == one


def test_a_version_costs_at_most_twelve_statements_whatever_is_in_it(editor, bundle_draft, count_queries):
    small = count_queries(editor, address(bundle_draft))
    load_catalogue()
    load_bundles()
    large = actions.draft_version(Bundle.objects.get(code="BL-QYTZ-BA"), by=None, at=NOW)

    assert count_queries(editor, address(large)) == small <= 12


def test_the_centre_sets_by_when_departments_answer_and_what_silence_means_and_a_new_version_keeps_it(
    editor, bundle_draft
):
    typed = {"answer_days": "2", "opinion_days": "5", "silence_on_survey": "on"}

    wrong = editor.post(address(bundle_draft, "rules"), typed | {"answer_days": "9"})
    done = editor.post(address(bundle_draft, "rules"), typed)
    published = actions.publish(bundle_draft, on=NOW.date(), by=None, at=NOW)
    copy = actions.draft_version(published.bundle, by=None, at=NOW)

    assert wrong.status_code == 422 and "分发后几个工作日内答复是1到5之间的整数。" in text_of(wrong)
    assert done.status_code == 302
    for version in (BundleVersion.objects.get(pk=published.pk), copy):
        assert (version.answer_days, version.opinion_days) == (2, 5)
        assert (version.silence_on_opinion, version.silence_on_survey, version.silence_on_meeting) == (
            False,
            True,
            False,
        )
