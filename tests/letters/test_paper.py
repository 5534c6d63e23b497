"""文书的纸面: the same bytes for the same words, every glyph drawn, once, and never another afterwards."""

import hashlib
import json
import os
import struct
import subprocess
import sys
import zlib
from collections import Counter
from pathlib import Path

import pypdfium2
import pytest
from celery.contrib.testing.worker import start_worker
from django.core.files.storage import default_storage
from django.db import InternalError, connection, transaction
from django.db.models import ProtectedError
from pypdf import PdfReader

from apps.cases import actions as cases
from apps.letters import actions, fonts, tasks, typesetting
from apps.letters.kinds import FORMS, Kind
from apps.letters.models import Letter, Revocation
from config.celery import app
from config.sampling.letters import drawn_seal
from tests.cast import at
from tests.races import at_once

RENDERED = at("2026-03-20")
# since the weekly bulletin came, its layout counts too
KEPT = {1: "c9c86ade56013294521b666d2fccf5bb5f200c0d67233a552c00a8ac838a92e4"}
"""The layouts as they set letters. Once a hall has used a version, a change is a new folder and a new line here."""


@pytest.fixture
def letter(accepted, newest) -> Letter:
    return newest(accepted, Kind.ACCEPTANCE)


def set_again(letter: Letter, **changed) -> bytes:
    return typesetting.set_letter({**letter.data, **changed}, letter.layout, letter.layout_version)


# ── bytes ────────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_the_same_words_give_the_same_bytes(letter):
    assert set_again(letter) == set_again(letter)


@pytest.mark.django_db
def test_and_so_they_do_in_another_process(letter):
    program = (
        "import django, hashlib, json, sys; django.setup()\n"
        "from apps.letters.typesetting import set_letter\n"
        "sent = json.load(sys.stdin)\n"
        "print(hashlib.sha256(set_letter(sent['data'], sent['layout'], sent['version'])).hexdigest())"
    )
    sent = {"data": letter.data, "layout": letter.layout, "version": letter.layout_version}

    answer = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program], input=json.dumps(sent), capture_output=True, text=True, check=True,
        cwd=Path(__file__).parents[2], env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
    )  # fmt: skip

    assert answer.stdout.split()[-1] == hashlib.sha256(set_again(letter)).hexdigest()


@pytest.mark.django_db
def test_another_word_gives_other_bytes(letter):
    assert set_again(letter) != set_again(letter, date="2026年3月4日")


@pytest.mark.django_db
def test_it_is_a4_for_archives_with_its_fonts_inside(letter, paper):
    pdf = paper(letter)
    page = PdfReader(default_storage.open(letter.__class__.objects.get(pk=letter.pk).pdf.name)).pages[0]

    assert [round(float(side)) for side in page.mediabox[2:]] == [595, 842]
    assert b"pdfaid:part>2<" in pdf
    embedded = [
        font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        for font in page["/Resources"]["/Font"].values()
    ]
    assert embedded and all("/FontFile3" in one or "/FontFile2" in one for one in embedded)


# ── glyphs ───────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
@pytest.mark.parametrize("name", ["𠮷田㐂", "䶮〇喆", "王𬭎𫠊", "曾𬱖"])
def test_rare_characters_of_names_are_drawn_and_can_be_read_back(letter, read, name):
    assert f"{name}：" in read(set_again(letter, addressee=name))
    assert (
        drawn_alike(set_again(letter, addressee=name), set_again(letter, addressee="□" * len(name))) is False
    )


def drawn_alike(one: bytes, other: bytes) -> bool:
    pictures = [bytes(pypdfium2.PdfDocument(pdf)[0].render(scale=1).buffer) for pdf in (one, other)]
    return pictures[0] == pictures[1]


@pytest.mark.django_db
def test_a_name_that_no_font_draws_is_never_printed_as_a_box(accepted, newest, monkeypatch):
    letter = newest(accepted, Kind.ACCEPTANCE)

    with pytest.raises(typesetting.CannotSet, match="字库里没有“𰻝”（U\\+30EDD）.*fonts 文件夹"):
        set_again(letter, addressee="张𰻝")


def test_the_hall_s_own_font_joins_in(tmp_path, settings):
    settings.LETTER_FONTS = tmp_path

    assert fonts.folders()[-1] == tmp_path


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("好👍的", "好□的"),
        ("a\u200bb\x07c", "abc"),
        ("一\t二\u3000三", "一 二\u3000三"),
        ("第一\n第二", "第一\n第二"),
    ],
)
def test_what_cannot_be_seen_is_left_out_and_a_smiley_is_a_box(typed, printed):
    assert fonts.drawable(typed) == printed


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", ['#panic("x")', "*粗* _斜_ $x$ @ref <b>", '"], "organ": "假', "= 标题", "\\u{1F600}", "//注"]
)
def test_what_people_type_is_never_read_as_markup(letter, read, typed):
    assert f"{''.join(typed.split())}：" in read(set_again(letter, addressee=typed))


@pytest.mark.django_db
def test_more_than_a_page_has_its_pages_numbered(letter, read):
    pdf = set_again(letter, paragraphs=["很长的一段。" * 60] * 6)

    assert len(pypdfium2.PdfDocument(pdf)) > 1
    assert "第1页，共" in read(pdf)
    assert "第1页" not in read(set_again(letter))


# ── layouts ──────────────────────────────────────────────────────────────────────────────────────────
def test_every_kind_has_its_layout():
    folder = typesetting.LAYOUTS / str(typesetting.LAYOUT_VERSION)

    assert [form.layout for form in FORMS.values() if not (folder / f"{form.layout}.typ").is_file()] == []


@pytest.mark.parametrize("version", KEPT)
def test_a_layout_that_has_set_letters_stays_as_it_is(version):
    folder = sorted((typesetting.LAYOUTS / str(version)).iterdir())
    content = b"".join(file.name.encode() + file.read_bytes() for file in folder)

    assert hashlib.sha256(content).hexdigest() == KEPT[version]
    assert max(KEPT) == typesetting.LAYOUT_VERSION


@pytest.mark.django_db
def test_a_layout_that_asks_for_what_is_not_there_makes_nothing_and_says_what_to_do(
    letter, monkeypatch, tmp_path
):
    folder = tmp_path / "1"
    folder.mkdir()
    (folder / "notice.typ").write_text("#let d = json(bytes(sys.inputs.letter))\n#d.title #d.fee_due\n")
    monkeypatch.setattr(typesetting, "LAYOUTS", tmp_path)

    with pytest.raises(
        actions.CannotRender, match="notice.typ”要用的内容，这份文书里没有.*fee_due.*文书编号和内容不受影响"
    ):
        actions.render(letter, at=RENDERED)

    letter.refresh_from_db()
    assert (letter.sha256, letter.pdf.name, letter.rendered_at) == ("", "", None)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("content", "sentence"), [(None, "没有第1版的版式文件“notice.typ”"), ("#let x = (", "notice.typ”有错")]
)
def test_a_layout_that_is_lost_or_broken_says_so(letter, monkeypatch, tmp_path, content, sentence):
    (tmp_path / "1").mkdir()
    if content is not None:
        (tmp_path / "1" / "notice.typ").write_text(content)
    monkeypatch.setattr(typesetting, "LAYOUTS", tmp_path)

    with pytest.raises(actions.CannotRender, match=sentence):
        actions.render(letter, at=RENDERED)


# ── once and for all ─────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_a_letter_is_put_on_paper_once_with_its_hash(letter):
    first = actions.render(letter, at=RENDERED)
    again = actions.render(letter, at=at("2026-04-01"))

    assert hashlib.sha256(first.pdf.read()).hexdigest() == first.sha256
    assert (again.sha256, again.rendered_at) == (first.sha256, RENDERED)


@pytest.mark.django_db(transaction=True)
def test_two_workers_who_come_at_once_make_one_paper(letter, monkeypatch):
    made = []
    real = typesetting.set_letter
    monkeypatch.setattr(
        "apps.letters.actions.rendering.set_letter", lambda *words: made.append(1) or real(*words)
    )

    results = at_once(6, lambda _: actions.render(letter, at=RENDERED).sha256)

    assert len(set(results)) == 1 and len(made) == 1


@pytest.mark.django_db
def test_a_lost_file_is_made_again_when_it_comes_out_the_same(letter):
    rendered = actions.render(letter, at=RENDERED)
    default_storage.delete(rendered.pdf.name)

    again = actions.render(letter, at=at("2026-04-01"))

    assert hashlib.sha256(again.pdf.read()).hexdigest() == rendered.sha256


@pytest.mark.django_db
def test_a_lost_file_that_would_come_out_otherwise_is_not_replaced(letter, monkeypatch):
    rendered = actions.render(letter, at=RENDERED)
    default_storage.delete(rendered.pdf.name)
    monkeypatch.setattr("apps.letters.actions.rendering.set_letter", lambda *words: b"%PDF another")

    with pytest.raises(actions.CannotRender, match="与签发时不一致，所以没有替换"):
        actions.render(letter, at=RENDERED)

    assert not default_storage.exists(rendered.pdf.name)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "change", [{"number": "假受〔2026〕1号"}, {"data": {}}, {"sha256": "0" * 64}, {"token": "x"}]
)
def test_the_database_refuses_every_change_of_a_letter(letter, change):
    actions.render(letter, at=RENDERED)

    with pytest.raises(InternalError, match="an issued letter does not change"), transaction.atomic():
        Letter.objects.filter(pk=letter.pk).update(**change)


@pytest.mark.django_db
def test_and_its_loss(letter):
    with pytest.raises(InternalError, match="letters_are_kept|Cannot delete"), transaction.atomic():
        connection.cursor().execute("DELETE FROM letters_letter WHERE id = %s", [letter.pk])
    with pytest.raises(ProtectedError), transaction.atomic():
        letter.event.__class__.objects.filter(pk=letter.event_id).delete()


@pytest.mark.django_db
def test_the_seal_stays_the_one_it_was_issued_with(submitted, clerk, market_bureau, newest, paper, read):
    actions.set_body(market_bureau, short_name="雁江市监", seal=drawn_seal("甲章甲章"))
    case = cases.pass_pre_review(submitted, by=clerk, at=at("2026-03-03"))
    actions.set_body(market_bureau, short_name="雁江市监", seal=drawn_seal("乙章乙章"))

    text = read(paper(newest(case, Kind.ACCEPTANCE)))

    assert "演示" in text and "乙" not in text


@pytest.mark.django_db
def test_a_seal_that_is_a_picture_is_printed_too(letter):
    green = b"\x00\xc8\x00"

    stamped = typesetting.set_letter(letter.data, "notice", 1, a_picture(green))

    assert colours(stamped)[green] > 1000 and colours(set_again(letter))[green] == 0


def a_picture(colour: bytes, side: int = 8) -> bytes:
    """A PNG of one colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    rows = zlib.compress((b"\x00" + colour * side) * side)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def colours(pdf: bytes) -> Counter:
    """How many dots of the first page have which colour."""
    drawn = pypdfium2.PdfDocument(pdf)[0].render(scale=1, rev_byteorder=True)
    dots = bytes(drawn.buffer)
    rows = (dots[start : start + drawn.width * 3] for start in range(0, len(dots), drawn.stride))
    return Counter(row[at : at + 3] for row in rows for at in range(0, len(row), 3))


# ── by whom and when ─────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db(transaction=True)
def test_the_paper_follows_the_commit_by_a_real_worker(submitted, clerk, newest):
    cases.pass_pre_review(submitted, by=clerk, at=at("2026-03-03"))
    letter = newest(submitted, Kind.ACCEPTANCE)

    with start_worker(app, pool="solo", perform_ping_check=False, shutdown_timeout=30):
        for _ in range(100):
            letter.refresh_from_db()
            if letter.is_on_paper:
                break
            connection.cursor().execute("SELECT pg_sleep(0.1)")

    assert letter.is_on_paper


@pytest.mark.django_db
def test_an_undone_verb_queues_no_paper(submitted, clerk, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as queued, pytest.raises(ValueError), transaction.atomic():
        cases.pass_pre_review(submitted, by=clerk, at=at("2026-03-03"))
        raise ValueError

    assert queued == []


@pytest.mark.django_db
def test_a_sample_s_history_waits_for_whoever_opens_it(submitted, clerk, django_capture_on_commit_callbacks):
    type(submitted).objects.filter(pk=submitted.pk).update(is_sample=True)

    with django_capture_on_commit_callbacks() as queued:
        cases.pass_pre_review(submitted, by=clerk, at=at("2026-03-03"))

    assert queued == []
    assert actions.render_missed(at=at("2026-03-20")) == 0


@pytest.mark.django_db
def test_a_queue_that_is_down_costs_nobody_the_act(
    submitted, clerk, monkeypatch, django_capture_on_commit_callbacks
):
    def down(*args, **kwargs):
        raise ConnectionError("no queue")

    monkeypatch.setattr(tasks.render_letters, "apply_async", down)

    with django_capture_on_commit_callbacks(execute=True):
        case = cases.pass_pre_review(submitted, by=clerk, at=at("2026-03-03"))

    assert case.status == "accepted"
    assert actions.render_missed(at=at("2026-03-20")) == 2
    assert actions.render_missed(at=at("2026-03-20")) == 0


@pytest.mark.django_db
def test_one_letter_that_cannot_be_set_does_not_hold_up_the_others(accepted, monkeypatch):
    real = typesetting.set_letter

    def fails_once(data, *rest):
        if data["title"] == "收件回执":
            raise typesetting.CannotSet("缺字")
        return real(data, *rest)

    monkeypatch.setattr("apps.letters.actions.rendering.set_letter", fails_once)

    assert actions.render_missed(at=at("2026-03-20")) == 1


# ── revoked ──────────────────────────────────────────────────────────────────────────────────────────
@pytest.mark.django_db
def test_a_wrong_letter_is_revoked_once_with_a_reason(letter, window_head):
    with pytest.raises(actions.NotAllowed, match="请写明撤销这份文书的理由"):
        actions.revoke(letter, reason=" ", by=window_head, at=at("2026-03-04"))
    with pytest.raises(actions.NotAllowed, match="撤销不能早于签发"):
        actions.revoke(letter, reason="写错", by=window_head, at=at("2026-03-01"))
    actions.revoke(letter, reason="姓名写错", by=window_head, at=at("2026-03-04"))
    with pytest.raises(actions.NotAllowed, match="已经撤销"):
        actions.revoke(letter, reason="再来", by=window_head, at=at("2026-03-05"))

    assert Revocation.objects.get().reason == "姓名写错"
    with pytest.raises(InternalError), transaction.atomic():
        Revocation.objects.update(reason="改")
