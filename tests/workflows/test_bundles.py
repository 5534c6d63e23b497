"""套餐: edited as a draft by one after another, published whole, never changed afterwards."""

from datetime import date

import pytest
from django.db import IntegrityError
from django.db.models import ProtectedError
from django.db.transaction import atomic

from apps.items import actions as items
from apps.workflows import actions
from apps.workflows.checking import EdgeFacts, MaterialFacts, QuestionFacts, StageFacts
from apps.workflows.models import Bundle, BundleEdge, BundleStage, BundleVersion
from apps.workflows.reading import parts_of

from .bundles import LATER, NOW, branch

pytestmark = pytest.mark.django_db

IF_FOREST = QuestionFacts(1, "占用林地吗？", (("占用", ("jn",)), ("不占用", ())))


@pytest.fixture
def by(centre_admin):
    return {"by": centre_admin, "at": NOW}


def sheet(version):
    return parts_of(BundleVersion.objects.get(pk=version.pk)).sheet()


def verbs(version):
    return list(version.bundle.events.order_by("id").values_list("verb", flat=True))


def refused(act, *args, **kwargs) -> list[tuple]:
    with pytest.raises(actions.Broken) as refusal:
        act(*args, **kwargs)
    return [(fault.code, fault.path) for fault in refusal.value.faults]


def test_a_version_is_put_together_piece_by_piece_and_every_act_leaves_an_event(bundle_draft, centre_admin):
    made = sheet(bundle_draft)

    assert [(one.code, one.name, one.stage, one.days) for one in made.branches] == [
        ("ba", "企业投资项目备案", 1, 1),
        ("yd", "用地预审", 1, 7),
        ("gh", "工程规划许可", 2, 7),
    ]
    assert made.edges == (EdgeFacts("yd", "ba"), EdgeFacts("gh", "yd"))
    assert verbs(bundle_draft) == [
        "entered", "drafted", "stage_set", "stage_set", "branch_added", "branch_added", "branch_added",
        "connected", "connected",
    ]  # fmt: skip
    event = bundle_draft.events.order_by("id").last()
    assert (event.by, event.assignment, event.at) == (centre_admin, centre_admin.acting, NOW)
    assert event.facts == {"branch": "gh", "needs": "yd", "kind": "prerequisite", "only_if_applicable": False}


def test_a_circle_is_refused_on_saving_with_its_path_and_nothing_is_written(bundle_draft, by):
    actions.add_branch(bundle_draft, branch("jn", "XK4"), **by)
    actions.connect(bundle_draft, EdgeFacts("jn", "yd"), **by)
    before = bundle_draft.events.count()

    faults = refused(actions.connect, bundle_draft, EdgeFacts("ba", "jn"), **by)

    assert faults == [("CIRCLE", ("ba", "yd", "jn", "ba"))]
    assert (bundle_draft.edges.count(), bundle_draft.events.count()) == (3, before)


def test_all_that_is_wrong_with_a_new_branch_is_told_at_once(bundle_draft, by):
    faults = refused(actions.add_branch, bundle_draft, branch("x", "XK9", stage=5, days=30), **by)

    assert faults == [("UNKNOWN_ITEM", ("x",)), ("UNKNOWN_STAGE", ("x",))]
    assert refused(actions.add_branch, bundle_draft, branch("x", "XK9", days=30), **by) == [
        ("UNKNOWN_ITEM", ("x",)),
        ("BRANCH_TOO_LONG", ("x",)),
    ]


@pytest.mark.parametrize("code", ["a/b", "..", "a b", "a?b", "a、b", "<b>"])
def test_a_code_that_cannot_stand_in_an_address_is_refused(bundle_draft, by, code):
    with pytest.raises(actions.NotAllowed, match="只能有字母、数字、汉字"):
        actions.add_branch(bundle_draft, branch(code, "XK4"), **by)


@pytest.mark.parametrize(
    ("act", "facts"),
    [
        (actions.connect, EdgeFacts("gh", "ba", "magic")),
        (actions.add_branch, branch("jn", "XK4", level="乡")),
    ],
)
def test_what_is_none_of_the_choices_is_refused_in_words(bundle_draft, by, act, facts):
    with pytest.raises(actions.NotAllowed, match="请重新选"):
        act(bundle_draft, facts, **by)


def test_a_prerequisite_in_a_later_stage_is_refused(bundle_draft, by):
    assert ("WRONG_STAGE", ("gh", "ba")) in refused(
        actions.connect, bundle_draft, EdgeFacts("ba", "gh"), **by
    )


def test_moving_a_branch_to_an_earlier_stage_than_it_waits_for_is_refused(bundle_draft, by):
    actions.connect(bundle_draft, EdgeFacts("gh", "ba"), **by)
    actions.disconnect(bundle_draft, branch="gh", needs="yd", **by)
    actions.change_branch(bundle_draft, branch("ba", "XK1", stage=1, days=2), **by)

    faults = refused(actions.change_branch, bundle_draft, branch("ba", "XK1", stage=2, days=2), **by)

    assert faults == [("WRONG_STAGE", ("ba", "yd"))]


def test_a_stage_is_not_made_shorter_than_what_stands_in_it(bundle_draft, by):
    faults = refused(actions.set_stage, bundle_draft, StageFacts(1, "立项用地", "自然资源和规划局", 7), **by)

    assert faults == [("CHAIN_TOO_LONG", ("ba", "yd"))]
    assert BundleStage.objects.get(version=bundle_draft, number=1).days == 15


def test_an_item_that_was_shelved_stops_publishing_and_not_the_mending(bundle_draft, catalogue, by):
    items.shelve(catalogue["XK2"], reason="合并")

    assert refused(actions.publish, bundle_draft, on=date(2026, 3, 2), **by) == [("UNUSABLE_ITEM", ("yd",))]
    actions.change_branch(bundle_draft, branch("ba", "XK1", days=2), **by)
    actions.change_branch(bundle_draft, branch("yd", "XK4", days=7), **by)

    assert actions.publish(bundle_draft, on=date(2026, 3, 2), **by).is_published


def test_a_draft_may_lack_its_questions_and_a_published_version_may_not(bundle_draft, by):
    actions.add_branch(bundle_draft, branch("jn", "XK4", is_optional=True), **by)
    actions.connect(bundle_draft, EdgeFacts("gh", "jn", only_if_applicable=True), **by)
    actions.set_stage(bundle_draft, StageFacts(2, "工程建设", "", 10), **by)

    assert refused(actions.publish, bundle_draft, on=date(2026, 3, 2), **by) == [
        ("NO_LEAD", ("2",)),
        ("NO_QUESTION", ("jn",)),
        ("CONDITION_WITHOUT_QUESTION", ("jn", "gh")),
    ]
    actions.ask(bundle_draft, IF_FOREST, **by)
    actions.set_stage(bundle_draft, StageFacts(2, "工程建设", "住房和城乡建设局", 10), **by)

    assert actions.publish(bundle_draft, on=date(2026, 3, 2), **by).effective_on == date(2026, 3, 2)


def test_a_question_is_asked_anew_by_its_number_and_its_answers_go_with_it(bundle_draft, by):
    actions.add_branch(bundle_draft, branch("jn", "XK4", is_optional=True), **by)
    actions.ask(bundle_draft, IF_FOREST, **by)
    again = QuestionFacts(1, "在林区吗？", (("在", ("jn",)), ("不在", ()), ("不清楚", ("jn",))), "看林权证")
    actions.ask(bundle_draft, again, **by)

    assert sheet(bundle_draft).questions == (again,)
    actions.unask(bundle_draft, 1, **by)
    assert sheet(bundle_draft).questions == ()


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        (QuestionFacts(1, " ", (("是", ()), ("否", ()))), "请填写问题"),
        (QuestionFacts(1, "占用林地吗？", (("是", ()),)), "两个以上不同的答案"),
        (QuestionFacts(1, "占用林地吗？", (("是", ()), (" 是 ", ()))), "两个以上不同的答案"),
        (QuestionFacts(1, "占用林地吗？", (("是", ("zz",)), ("否", ()))), "用到分项 zz，这一版没有它"),
    ],
)
def test_a_question_that_asks_nothing_is_refused(bundle_draft, by, question, sentence):
    with pytest.raises(actions.NotAllowed, match=sentence):
        actions.ask(bundle_draft, question, **by)


def test_a_material_is_shared_once_however_it_is_written(bundle_draft, by):
    actions.share_material(bundle_draft, MaterialFacts("营业执照（副本）", ("yd", "gh")), **by)

    with pytest.raises(actions.NotAllowed, match="已经有"):
        actions.share_material(bundle_draft, MaterialFacts("营业执照 (副本)", ("ba",)), **by)
    actions.share_material(bundle_draft, MaterialFacts("项目备案表", ("yd", "gh"), source="ba"), **by)

    assert sheet(bundle_draft).materials == (
        MaterialFacts("营业执照（副本）", ("yd", "gh")),
        MaterialFacts("项目备案表", ("yd", "gh"), source="ba"),
    )
    actions.unshare_material(bundle_draft, "营业执照（副本）", **by)
    assert [one.name for one in sheet(bundle_draft).materials] == ["项目备案表"]


def test_what_hung_on_a_dropped_branch_goes_with_it(bundle_draft, by):
    actions.share_material(bundle_draft, MaterialFacts("项目备案表", ("yd",), source="ba"), **by)
    actions.share_material(bundle_draft, MaterialFacts("图纸", ("ba", "gh")), **by)
    expected = sheet(bundle_draft).without_branch("ba")

    actions.drop_branch(bundle_draft, "ba", **by)

    assert sheet(bundle_draft) == expected
    assert [one.name for one in expected.materials] == ["图纸"]


def test_a_stage_with_branches_is_not_dropped(bundle_draft, by):
    with pytest.raises(actions.NotAllowed, match="第2阶段还有分项：gh 工程规划许可"):
        actions.drop_stage(bundle_draft, 2, **by)

    actions.drop_branch(bundle_draft, "gh", **by)
    actions.drop_stage(bundle_draft, 2, **by)

    assert [one.number for one in sheet(bundle_draft).stages] == [1]


@pytest.mark.parametrize(
    ("edge", "sentence"),
    [
        (EdgeFacts("ba", "ba"), "不能等它自己"),
        (EdgeFacts("yd", "ba", "opinion"), "已经连接"),
        (EdgeFacts("ba", "xx"), "没有分项“xx”"),
        (EdgeFacts("ba", "gh", "opinion", True), "只用于前置"),
    ],
)
def test_what_cannot_be_connected_is_refused_in_words(bundle_draft, by, edge, sentence):
    with pytest.raises(actions.NotAllowed, match=sentence):
        actions.connect(bundle_draft, edge, **by)


def test_a_new_version_is_a_copy_and_publishing_it_supersedes_the_old_one(bundle_draft, by):
    actions.add_branch(bundle_draft, branch("jn", "XK4", is_optional=True), **by)
    actions.ask(bundle_draft, IF_FOREST, **by)
    actions.share_material(bundle_draft, MaterialFacts("项目备案表", ("yd",), source="ba"), **by)
    first = actions.publish(bundle_draft, on=date(2026, 3, 2), **by)
    second = actions.draft_version(first.bundle, **by)
    copied = sheet(second)

    actions.drop_branch(second, "jn", **by)
    second = actions.publish(second, on=date(2026, 4, 1), by=by["by"], at=LATER)

    first.refresh_from_db()
    assert copied == sheet(first)
    assert (first.state, first.superseded_on, second.number) == ("superseded", date(2026, 4, 1), 2)
    published = second.events.get(verb="published")
    assert published.facts == {"effective_on": "2026-04-01", "supersedes": 1}
    in_force = {
        day: list(BundleVersion.objects.in_force_on(date(2026, *day)).values_list("number", flat=True))
        for day in ((3, 1), (3, 31), (4, 1))
    }
    assert in_force == {(3, 1): [], (3, 31): [1], (4, 1): [2]}


def test_a_version_superseded_on_its_first_day_leaves_one_in_force(bundle_draft, by):
    first = actions.publish(bundle_draft, on=date(2026, 3, 2), **by)
    actions.publish(actions.draft_version(first.bundle, **by), on=date(2026, 3, 2), **by)

    assert [one.number for one in BundleVersion.objects.in_force_on(date(2026, 3, 2))] == [2]


def test_one_draft_at_a_time_and_a_withdrawn_one_makes_room(bundle_draft, by):
    with pytest.raises(actions.NotAllowed, match="第1版正在编辑"):
        actions.draft_version(bundle_draft.bundle, **by)
    with pytest.raises(actions.NotAllowed, match="请写明作废的理由"):
        actions.withdraw_draft(bundle_draft, why=" ", **by)
    actions.withdraw_draft(bundle_draft, why="另行组织", **by)

    assert actions.draft_version(bundle_draft.bundle, **by).number == 2
    with pytest.raises(actions.NotAllowed, match="已作废，不能再改"):
        actions.connect(bundle_draft, EdgeFacts("gh", "ba"), **by)


def test_nothing_is_edited_once_it_is_published(bundle_draft, by):
    actions.publish(bundle_draft, on=date(2026, 3, 2), **by)

    for act, args in [
        (actions.set_stage, [StageFacts(1, "一", "发改局", 20)]),
        (actions.add_branch, [branch("x", "XK4")]),
        (actions.drop_branch, ["gh"]),
        (actions.connect, [EdgeFacts("gh", "ba")]),
        (actions.ask, [IF_FOREST]),
        (actions.share_material, [MaterialFacts("图纸", ("gh",))]),
    ]:
        with pytest.raises(actions.NotAllowed, match="已发布，不能再改"):
            act(bundle_draft, *args, **by)
    with pytest.raises(actions.NotAllowed):
        actions.publish(bundle_draft, on=date(2026, 3, 2), **by)


def test_only_the_city_edits_and_a_code_is_given_once(bundle, county, centre_admin, leader):
    facts = {"audience": "company", "lead": "市场监督管理局", "at": NOW}
    of_county = centre_admin.acting
    with pytest.raises(actions.NotAllowed, match="已经有编码"):
        actions.enter_bundle("TZ-BA", "又一个", by=centre_admin, **facts)
    of_county.point = county
    with pytest.raises(actions.NotAllowed, match="市政务服务中心"):
        actions.enter_bundle("QYKB", "企业开办", by=centre_admin, **facts)

    assert Bundle.objects.count() == 1


# -- what the database refuses by itself


def test_a_published_version_and_its_parts_never_change(bundle_draft, by):
    actions.publish(bundle_draft, on=date(2026, 3, 2), **by)
    edge = bundle_draft.edges.first()
    attempts = [
        lambda: BundleStage.objects.filter(version=bundle_draft).update(days=99),
        lambda: edge.delete(),
        lambda: BundleEdge.objects.create(
            version=bundle_draft,
            branch=bundle_draft.branches.get(code="gh"),
            needs=bundle_draft.branches.get(code="ba"),
        ),
        lambda: BundleVersion.objects.filter(pk=bundle_draft.pk).update(effective_on=date(2026, 1, 1)),
        lambda: BundleVersion.objects.filter(pk=bundle_draft.pk).update(
            state="draft", effective_on=None, published_at=None
        ),
        lambda: bundle_draft.branches.all().delete(),
    ]

    for attempt in attempts:
        with pytest.raises(IntegrityError, match="a_published_version_never_changes"), atomic():
            attempt()
    assert (bundle_draft.edges.count(), bundle_draft.branches.count()) == (2, 3)


def test_a_part_points_within_its_version(bundle_draft, by):
    actions.publish(bundle_draft, on=date(2026, 3, 2), **by)
    other = actions.draft_version(bundle_draft.bundle, **by)
    here, there = other.branches.get(code="gh"), bundle_draft.branches.get(code="ba")

    with pytest.raises(IntegrityError, match="an_edge_ends_within_its_version"), atomic():
        BundleEdge.objects.create(version=other, branch=here, needs=there)
    with pytest.raises(IntegrityError, match="a_branch_stands_in_a_stage_of_its_version"), atomic():
        other.branches.filter(code="gh").update(stage=bundle_draft.stages.first())


EITHER = (
    "one_published_version_per_bundle|one_version_of_a_bundle_in_force_on_a_day"  # both hold; one is named
)


def test_two_published_versions_of_a_bundle_and_a_version_beyond_the_law_cannot_be_stored(bundle_draft, by):
    first = actions.publish(bundle_draft, on=date(2026, 3, 2), **by)
    second = actions.draft_version(first.bundle, **by)
    rows = BundleVersion.objects.filter(pk=second.pk)

    with pytest.raises(IntegrityError, match=EITHER), atomic():
        rows.update(state="published", effective_on=date(2026, 3, 3), published_at=NOW)
    with pytest.raises(IntegrityError, match="one_version_of_a_bundle_in_force_on_a_day"), atomic():
        rows.update(
            state="superseded",
            effective_on=date(2026, 3, 1),
            superseded_on=date(2026, 3, 5),
            published_at=NOW,
        )
    with pytest.raises(IntegrityError, match="joint_handling_takes_at_most_the_45_and_15_days"), atomic():
        rows.update(legal_days=46)
    with pytest.raises(IntegrityError, match="no_branch_waits_for_itself"), atomic():
        edge = second.edges.first()
        second.edges.filter(pk=edge.pk).update(needs=edge.branch)


def test_events_are_append_only_and_a_version_with_parts_is_never_deleted(bundle_draft):
    with pytest.raises(Exception, match="Cannot update or delete"), atomic():
        bundle_draft.events.update(reason="改")
    with pytest.raises(ProtectedError):
        bundle_draft.delete()
