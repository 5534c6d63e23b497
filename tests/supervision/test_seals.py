"""封存: what was changed, removed or put in after its day was sealed is found, and its row is named."""

import hashlib
import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.db.utils import InternalError
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts.models import AuditEntry
from apps.cases import actions as cases
from apps.supervision import actions, merkle
from apps.supervision.models import DaySeal
from tests.cast import at
from tests.races import at_once

pytestmark = pytest.mark.django_db

VERIFIER = Path(__file__).parents[2] / "tools" / "verify_case.py"
LATER = at("2026-03-10")


def faults() -> list[tuple]:
    return [(fault.day, fault.event, fault.what) for fault in actions.verify_seals()]


def behind_our_back(statement: str, *values) -> None:
    """What somebody with the database in hands can do: the guards are put aside first."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET session_replication_role = DEFAULT")


@pytest.fixture
def sealed(in_approval):
    """Three days with events, sealed up to the ninth of March."""
    actions.seal_days(at=LATER)
    return in_approval


def test_every_day_that_is_over_is_sealed_in_its_order_days_without_events_too(sealed):
    days = list(DaySeal.objects.order_by("day").values_list("day", "count"))

    assert days[0] == (date(2026, 3, 2), 1)
    assert days[-1] == (date(2026, 3, 9), 0)
    assert len(days) == 8
    assert faults() == []


def test_sealing_again_changes_nothing(sealed):
    before = list(DaySeal.objects.order_by("day").values_list("seal", flat=True))

    assert actions.seal_days(at=LATER) == 0
    assert list(DaySeal.objects.order_by("day").values_list("seal", flat=True)) == before


def test_today_is_not_sealed(accepted):
    with pytest.raises(actions.NotAllowed, match="还没有过完"):
        actions.seal_day(date(2026, 3, 3), at=at("2026-03-03", "23:59"))


def test_a_missed_night_is_caught_up(accepted):
    assert actions.seal_days(at=at("2026-03-03")) == 1
    assert actions.seal_days(at=at("2026-03-07")) == 4


def test_a_changed_row_is_named(sealed):
    event = sealed.events.get(verb="review_finished")
    behind_our_back("UPDATE cases_caseevent SET reason = %s WHERE id = %s", "不符合条件", event.pk)

    assert faults() == [(date(2026, 3, 4), event.pk, "封存之后被改动")]


def test_a_changed_time_within_the_day_is_found_too(sealed):
    event = sealed.events.get(verb="review_finished")
    behind_our_back("UPDATE cases_caseevent SET at = at - interval '1 second' WHERE id = %s", event.pk)

    assert faults() == [(date(2026, 3, 4), event.pk, "封存之后被改动")]


def test_a_removed_row_is_named(sealed):
    event = sealed.events.get(verb="review_started")
    behind_our_back("DELETE FROM cases_caseevent WHERE id = %s", event.pk)

    assert faults() == [(date(2026, 3, 4), event.pk, "封存之后被删除或移到别的日子")]


def test_a_row_put_in_later_is_named(sealed):
    behind_our_back(
        "INSERT INTO cases_caseevent (case_id, verb, at, before, after, reason, facts) "
        "VALUES (%s, 'extended', %s, '', '', '', '{}')",
        sealed.pk, at("2026-03-05"),
    )  # fmt: skip

    assert [(day, what) for day, _, what in faults()] == [(date(2026, 3, 5), "封存之后插入")]


def test_a_row_put_in_before_the_first_sealed_day_is_named(sealed):
    behind_our_back(
        "INSERT INTO cases_caseevent (case_id, verb, at, before, after, reason, facts) "
        "VALUES (%s, 'extended', %s, '', '', '', '{}')",
        sealed.pk, at("2026-02-01"),
    )  # fmt: skip

    assert [what for _, _, what in faults()] == ["封存之后插入"]


def forged_without(event, *, chain: bool) -> DaySeal:
    """The seal of the event's day as it would be if there had been no such event."""
    seal = DaySeal.objects.get(day=timezone.localdate(event.at))
    blob = bytes(seal.leaves)
    entries = [blob[n : n + 40] for n in range(0, len(blob), 40)]
    left = [entry for entry in entries if int.from_bytes(entry[:8], "big") != event.pk]
    root = merkle.root([entry[8:] for entry in left])
    before = bytes.fromhex(seal.previous.seal)
    value = merkle.chained(before, seal.day, len(left), root).hex() if chain else seal.seal
    behind_our_back("DELETE FROM cases_caseevent WHERE id = %s", event.pk)
    behind_our_back(
        "UPDATE supervision_dayseal SET count = %s, root = %s, leaves = %s, seal = %s WHERE id = %s",
        len(left), root.hex(), b"".join(left), value, seal.pk,
    )  # fmt: skip
    return seal


def test_a_seal_made_to_fit_breaks_the_chain(sealed):
    seal = forged_without(sealed.events.get(verb="review_started"), chain=False)

    assert faults() == [(seal.day, None, "与前一日的链接断开")]


def test_a_chain_made_to_fit_breaks_at_the_next_day(sealed):
    forged_without(sealed.events.get(verb="review_started"), chain=True)

    assert faults() == [(date(2026, 3, 5), None, "与前一日的链接断开")]


def test_neither_events_nor_seals_can_be_changed_by_the_application(sealed):
    for table in ("cases_caseevent", "supervision_dayseal"):
        for statement in (f"DELETE FROM {table}", f"UPDATE {table} SET id = id"):
            with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
def test_two_workers_seal_each_day_once(accepted):
    results = at_once(3, lambda _: actions.seal_days(at=LATER))

    assert [result for result in results if isinstance(result, Exception)] == []
    assert DaySeal.objects.count() == 8
    assert faults() == []


# ── the offline verifier ─────────────────────────────────────────────────────────────────────────────
def verified(folder: Path, bundle: dict) -> subprocess.CompletedProcess:
    (folder / "case.json").write_text(json.dumps(bundle, ensure_ascii=False), encoding="utf-8")
    roots = "\n".join(json.dumps(seal) for seal in actions.published(DaySeal.objects.all()))
    (folder / "roots.jsonl").write_text(roots, encoding="utf-8")
    return subprocess.run(
        [sys.executable, "-I", VERIFIER, "case.json", "roots.jsonl"],
        cwd=folder,
        capture_output=True,
        text=True,
    )


def test_the_offline_verifier_agrees_with_an_untouched_case(sealed, tmp_path):
    said = verified(tmp_path, actions.bundle_of(sealed))

    assert (said.returncode, said.stdout.splitlines()[-1]) == (0, f"case {sealed.number}: 4 events, 0 wrong")


def test_the_offline_verifier_names_the_event_that_was_changed(sealed, tmp_path):
    bundle = actions.bundle_of(sealed)
    bundle["events"][1]["text"] = bundle["events"][1]["text"].replace(
        "passed_into_acceptance", "not_accepted"
    )

    said = verified(tmp_path, bundle)

    assert said.returncode == 1
    assert "(not_accepted, 2026-03-03T02:00:00.000000+00:00): CHANGED" in said.stdout


def test_an_event_of_today_is_told_as_not_sealed_yet(sealed, approver, tmp_path):
    cases.grant(sealed, by=approver, at=at("2026-03-10"))

    said = verified(tmp_path, actions.bundle_of(sealed))

    assert said.returncode == 0
    assert said.stdout.count("NOT SEALED YET") == 1


def test_the_offline_verifier_misses_an_event_that_was_left_out(sealed, tmp_path):
    bundle = actions.bundle_of(sealed)
    review = json.loads(bundle["events"].pop(2)["text"])

    said = verified(tmp_path, bundle)

    assert (said.returncode, review["verb"]) == (1, "review_started")
    assert "moves the case from in_review, which was accepted: an event is missing" in said.stdout


def test_a_case_cannot_be_passed_off_under_the_number_of_another(sealed, tmp_path):
    said = verified(tmp_path, {**actions.bundle_of(sealed), "case": "51200220260302000998"})

    assert said.returncode == 1
    assert f"no event gives the case the number 51200220260302000998; given is {sealed.number}" in said.stdout


def test_a_changed_event_cannot_be_passed_off_as_not_sealed_yet(sealed, tmp_path):
    bundle = actions.bundle_of(sealed)
    bundle["events"][1] |= {
        "text": bundle["events"][1]["text"].replace("2026-03-03T", "2026-12-03T"),
        "proof": None,
        "day": "2026-12-31",
    }

    elsewhere = verified(tmp_path, bundle)
    bundle["events"][1]["day"] = "2026-12-03"
    later = verified(tmp_path, bundle)

    assert (elsewhere.returncode, later.returncode) == (1, 1)
    assert "FILED UNDER ANOTHER DAY" in elsewhere.stdout
    assert "out of order, or told twice" in later.stdout


def test_events_told_twice_none_at_all_and_those_of_another_case_are_found(sealed, at_the_counter, tmp_path):
    of_both = {"case": sealed.number, "events": actions.bundle_of(sealed)["events"]}
    of_both["events"] += actions.bundle_of(at_the_counter)["events"]
    twice = actions.bundle_of(sealed)
    twice["events"].append(twice["events"][-1])

    assert "events of different cases" in verified(tmp_path, of_both).stdout
    assert "told twice" in verified(tmp_path, twice).stdout
    assert verified(tmp_path, {"case": sealed.number, "events": []}).returncode == 1


def test_a_file_that_is_no_evidence_is_refused_in_a_sentence(sealed, tmp_path):
    said = verified(tmp_path, [])

    assert said.returncode == 1
    assert said.stderr.startswith("case.json cannot be read as evidence")


def test_the_commands_seal_verify_and_name(accepted, capsys):
    call_command("seal_day")
    call_command("verify_seals")
    assert capsys.readouterr().out.endswith("全部一致\n")
    behind_our_back("UPDATE cases_caseevent SET verb = 'refused' WHERE id = %s", accepted.events.first().pk)

    with pytest.raises(SystemExit):
        call_command("verify_seals")

    assert f"办件日志第{accepted.events.first().pk}号：封存之后被改动" in capsys.readouterr().out


# ── the tree ─────────────────────────────────────────────────────────────────────────────────────────
@given(st.lists(st.binary(min_size=1, max_size=8), min_size=1, max_size=40), st.data())
def test_every_leaf_has_a_way_to_the_root_and_no_other_leaf_has_it(texts, data):
    leaves = [hashlib.sha256(text).digest() for text in texts]
    index = data.draw(st.integers(0, len(leaves) - 1))

    def reached(one: bytes) -> bytes:
        for side, neighbour in merkle.proof(leaves, index):
            pair = neighbour + one if side == "left" else one + neighbour
            one = hashlib.sha256(b"\x01" + pair).digest()
        return one

    assert reached(leaves[index]) == merkle.root(leaves)
    assert reached(bytes(32)) != merkle.root(leaves)


# ── the pages ────────────────────────────────────────────────────────────────────────────────────────
def test_anybody_reads_and_takes_the_seals_and_learns_of_nobody(client, sealed):
    page = client.get(reverse("portal:seal-list")).content.decode()
    lines = client.get(reverse("portal:seal-roots")).content.decode()

    assert DaySeal.objects.get(day=date(2026, 3, 4)).seal in page
    assert [json.loads(line) for line in lines.splitlines()] == list(actions.published(DaySeal.objects.all()))
    assert sealed.number not in page + lines


def test_an_auditor_takes_the_evidence_of_a_case_and_that_is_on_record(client, sealed, auditor, clerk):
    client.force_login(auditor)
    taken = client.get(reverse("console:case-evidence", args=[sealed.number]))

    assert taken.json()["events"] == json.loads(json.dumps(actions.bundle_of(sealed)))["events"]
    assert AuditEntry.objects.get(kind="exported").subject == sealed.number
    client.force_login(clerk)
    assert client.get(reverse("console:case-evidence", args=[sealed.number])).status_code == 403
