"""批量打印: the newest letter of each chosen case, as one file."""

import io

import pytest
from django.urls import reverse
from pypdf import PdfReader

from apps.cases import actions as cases
from apps.letters.tasks import prepare_print
from tests.bulk import copies_of
from tests.cast import at

pytestmark = pytest.mark.django_db


def start(chosen, by):
    return cases.start_batch("print", [case.number for case in chosen], by=by, at=at("2026-03-05"))


def test_the_letters_come_as_one_file_and_a_case_without_one_is_named(
    client, accepted, at_the_counter, clerk
):
    without = copies_of(accepted, 1)[0]
    batch = start([accepted, at_the_counter, without], clerk)
    client.force_login(clerk)
    assert client.get(reverse("console:batch-letters", args=[batch.pk])).status_code == 404

    prepare_print(batch.pk)

    states = dict(batch.lines.values_list("case__number", "sentence"))
    assert states == {accepted.number: "", at_the_counter.number: "", without.number: "这件还没有文书。"}
    paper = client.get(reverse("console:batch-letters", args=[batch.pk]))
    pages = PdfReader(io.BytesIO(paper.content)).pages
    text = "".join(page.extract_text() for page in pages)
    assert (paper["Content-Type"], len(pages) >= 2) == ("application/pdf", True)
    assert "受理通知书" in text and "罗大明" in text


def test_preparing_again_changes_nothing(accepted, clerk):
    batch = start([accepted], clerk)
    prepare_print(batch.pk)
    first = accepted.letters.order_by("-id").first().sha256
    prepare_print(batch.pk)

    assert accepted.letters.order_by("-id").first().sha256 == first


def test_nobody_opens_the_letters_of_anothers_batch(client, accepted, clerk, colleague):
    batch = start([accepted], clerk)
    prepare_print(batch.pk)
    client.force_login(colleague)

    assert client.get(reverse("console:batch-letters", args=[batch.pk])).status_code == 404
