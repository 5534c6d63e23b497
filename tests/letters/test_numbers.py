"""文号: gapless under twenty threads and rollbacks; and what a letter costs the verb."""

import random
from datetime import date

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from apps.cases import actions as cases
from apps.cases.models import CaseMaterial
from apps.letters import actions, bodies
from apps.letters.kinds import Kind
from apps.letters.models import Letter, LetterSerial
from tests.bulk import copies_of
from tests.cast import at
from tests.races import at_once

SERIES = ("雁江市监", "受", 2026)


class Undone(Exception):
    pass


@pytest.mark.django_db(transaction=True)
def test_twenty_threads_number_one_to_twenty():
    results = at_once(20, lambda _: actions.take_serials({SERIES: 1})[SERIES])

    assert sorted(results) == list(range(1, 21))
    assert LetterSerial.objects.get().last == 20


@pytest.mark.django_db(transaction=True)
def test_a_rollback_gives_its_number_back_however_many_roll_back_at_once():
    chance = random.Random(20)
    fails = [chance.random() < 0.5 for _ in range(40)]

    def act(which: int) -> int:
        with transaction.atomic():
            taken = actions.take_serials({SERIES: 1})[SERIES]
            if fails[which]:
                raise Undone
            return taken

    results = at_once(40, act)

    kept = [result for result in results if not isinstance(result, Exception)]
    assert {type(result) for result in results if isinstance(result, Exception)} == {Undone}
    assert sorted(kept) == list(range(1, fails.count(False) + 1))


@pytest.mark.django_db(transaction=True)
def test_sweeps_that_take_many_series_in_any_order_wait_and_never_lock_each_other_out():
    series = [("甲", "受", 2026), ("乙", "受", 2026), ("丙", "受", 2026)]

    results = at_once(
        12, lambda which: actions.take_serials(dict.fromkeys(series[:: 1 if which % 2 else -1], 2))
    )

    assert [result for result in results if isinstance(result, Exception)] == []
    assert set(LetterSerial.objects.values_list("last", flat=True)) == {24}


@pytest.mark.django_db(transaction=True)
def test_twenty_clerks_who_accept_at_once_number_their_letters_without_a_gap(submitted, clerk):
    waiting = [submitted, *copies_of(submitted, 19)]

    results = at_once(20, lambda which: cases.pass_pre_review(waiting[which], by=clerk, at=at("2026-03-03")))

    assert [result for result in results if isinstance(result, Exception)] == []
    issued = Letter.objects.filter(kind=Kind.ACCEPTANCE)
    assert sorted(issued.values_list("serial", flat=True)) == list(range(1, 21))
    assert issued.values("number").distinct().count() == 20


@pytest.mark.django_db
def test_a_series_begins_anew_each_year_and_for_each_word(accepted):
    event = accepted.events.get(verb="passed_into_acceptance")
    event.pk, event.at = None, at("2027-01-04")
    event.save(force_insert=True)

    actions.issue([event])

    numbers = list(Letter.objects.order_by("id").values_list("number", flat=True))
    assert numbers == ["雁江市监收〔2026〕1号", "雁江市监受〔2026〕1号", "雁江市监受〔2027〕1号"]


@pytest.mark.django_db
def test_an_undone_verb_leaves_neither_letter_nor_number(submitted, clerk):
    with pytest.raises(Undone), transaction.atomic():
        cases.pass_pre_review(submitted, by=clerk, at=at("2026-03-03"))
        raise Undone

    assert not Letter.objects.filter(kind=Kind.ACCEPTANCE).exists()
    assert not LetterSerial.objects.filter(word="受").exists()


@pytest.mark.django_db
def test_letters_of_a_sweep_are_numbered_in_order_and_cost_the_same_for_four_as_for_forty(submitted):
    copies_of(submitted, 3)
    four = _statements(lambda: cases.deem_accepted(at=at("2026-03-10")))
    copies_of(submitted, 40)

    assert _statements(lambda: cases.deem_accepted(at=at("2026-03-10"))) == four <= 20
    issued = Letter.objects.filter(kind=Kind.ACCEPTANCE).order_by("event")
    assert list(issued.values_list("serial", flat=True)) == list(range(1, 45))


@pytest.mark.django_db
def test_a_sweep_that_brings_bare_cases_costs_the_same_for_each_number_of_them(submitted, clerk):
    found = [cases.Found("看不清", seq=2)]
    waiting = cases.return_for_correction(submitted, found, by=clerk, at=at("2026-03-03"))
    copies_of(waiting, 3)
    four = _statements(lambda: cases.lapse(at=at("2026-05-06")))
    waiting.refresh_from_db()
    copies_of(_waiting_again(waiting), 40)

    assert _statements(lambda: cases.lapse(at=at("2026-05-06"))) == four <= 20
    assert Letter.objects.filter(kind=Kind.LAPSE).count() == 44


@pytest.mark.django_db
def test_issuing_adds_at_most_two_statements_to_an_acceptance(submitted, clerk, monkeypatch):
    copy = copies_of(submitted, 1)[0]
    with_letter = _statements(lambda: cases.pass_pre_review(submitted, by=clerk, at=at("2026-03-03")))
    monkeypatch.setattr("apps.letters.actions.issuing.kinds_for", lambda event: [])
    without = _statements(lambda: cases.pass_pre_review(copy, by=clerk, at=at("2026-03-03")))

    assert with_letter - without <= 2


@pytest.mark.django_db
def test_two_letters_at_once_cost_no_more_than_one(at_the_counter, clerk):
    at_the_counter.materials.filter(seq=3).update(state=CaseMaterial.State.ABSENT, copies=0)

    cost = _statements(
        lambda: cases.accept_tolerated(at_the_counter, promised_by="罗大明", by=clerk, at=at("2026-03-03"))
    )

    assert cost <= 20
    assert Letter.objects.filter(kind__in=[Kind.ACCEPTANCE, Kind.TOLERANCE]).count() == 2


@pytest.mark.django_db
def test_hearings_and_extensions_stay_within_the_budget(in_review, colleague, citizen, approver, window_head):
    costs = {
        "offer": _statements(
            lambda: cases.offer_hearing(in_review, subject="排放", by=colleague, at=at("2026-03-04"))
        )
    }
    hearing = in_review.hearings.get()
    cases.ask_hearing(hearing, asked_by_name="王小明", by=citizen, at=at("2026-03-05"))
    costs["call"] = _statements(
        lambda: cases.call_hearing(
            hearing,
            held_on=date(2026, 3, 18),
            place="三楼",
            presider=approver,
            by=colleague,
            at=at("2026-03-06"),
        )
    )
    costs["hold"] = _statements(
        lambda: cases.hold_hearing(
            hearing, minutes="略", signed_by="王小明", by=colleague, at=at("2026-03-18")
        )
    )
    costs["extend"] = _statements(
        lambda: cases.extend(in_review, amount=5, reason="复杂", by=window_head, at=at("2026-03-18"))
    )

    assert {name: cost for name, cost in costs.items() if cost > 20} == {}


# ── who issues ───────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("name", "region", "short"),
    [
        ("市场监督管理局", "雁江区", "雁江市监"),
        ("雁江区人力资源和社会保障局", "雁江区", "雁江人社"),
        ("资阳市发展和改革委员会", "资阳市", "资阳发改"),
        ("粮食局", "安岳县", "安岳粮食"),
        ("民政局", "达县", "达县民"),
    ],
)
def test_a_short_name_follows_from_region_and_name(name, region, short):
    assert bodies.derived_short_name(name, region) == short


@pytest.mark.django_db
def test_a_new_short_name_begins_a_series_of_its_own(accepted, market_bureau):
    actions.set_body(market_bureau, short_name="雁市监")
    event = accepted.events.get(verb="passed_into_acceptance")
    event.pk = None
    event.save(force_insert=True)

    assert actions.issue([event])[0].number == "雁市监受〔2026〕1号"


@pytest.mark.django_db
def test_a_short_name_belongs_to_one_body(market_bureau, other_bureau):
    actions.set_body(market_bureau, short_name="雁市监")

    with pytest.raises(actions.BadSeal, match="机关代字“雁市监”已由另一个机关使用"):
        actions.set_body(other_bureau, short_name="雁市监")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("field", "given", "sentence"),
    [
        ("short_name", {"short_name": "YS"}, "机关代字用汉字"),
        ("short_name", {"short_name": ""}, "机关代字用汉字"),
        ("seal", {"short_name": "雁市监", "seal": b"GIF89a"}, "印章图须是PNG图片"),
        ("seal", {"short_name": "雁市监", "seal": b"<svg ><script>1</script></svg>"}, "印章图须是PNG图片"),
        ("seal", {"short_name": "雁市监", "seal": b"\x89PNG\r\n\x1a\n" + b"0" * 2_000_000}, "不能超过1MB"),
    ],
)
def test_what_does_not_fit_is_refused_beside_its_field(market_bureau, field, given, sentence):
    with pytest.raises(actions.BadSeal, match=sentence) as refusal:
        actions.set_body(market_bureau, **given)

    assert refusal.value.field == field


def _waiting_again(case):
    """A case as it was before it lapsed, to be copied."""
    case.status, case.closed_on, case.wait_until = "pre_returned", None, date(2026, 4, 2)
    return case


def _statements(act) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)
