"""文书 of the cast: how a test reads a letter as people and phones do."""

import pypdfium2
import pytest
import zxingcpp

from apps.letters import actions, bodies
from apps.letters.models import Letter
from tests.cast import at

NOW = at("2026-03-20")


@pytest.fixture(autouse=True)
def fresh_bodies():
    """Departments of one test are not those of the next."""
    bodies.forget()
    yield
    bodies.forget()


@pytest.fixture
def newest():
    """The newest letter of a case, of a kind if one is named."""

    def find(case, kind: str = "") -> Letter:
        letters = Letter.objects.of(case).order_by("-id")
        return letters.filter(kind=kind).first() if kind else letters.first()

    return find


@pytest.fixture
def paper():
    """A letter's PDF, put on paper now."""

    def render(letter: Letter) -> bytes:
        return actions.render(letter, at=NOW).pdf.read()

    return render


@pytest.fixture
def read():
    """The words of a PDF, without the breaks of its lines."""

    def words(pdf: bytes) -> str:
        document = pypdfium2.PdfDocument(pdf)
        pages = [page.get_textpage().get_text_range() for page in document]
        return "".join("".join(page.split()) for page in pages)

    return words


@pytest.fixture
def scan():
    """What a phone reads from the QR code of a drawn page."""

    def codes(pdf: bytes) -> list[str]:
        page = pypdfium2.PdfDocument(pdf)[0].render(scale=3)
        shape = [page.height, page.stride // page.n_channels, page.n_channels]
        picture = memoryview(bytes(page.buffer)).cast("B", shape=shape)
        return [found.text for found in zxingcpp.read_barcodes(picture)]

    return codes


@pytest.fixture
def says(newest, paper, read):
    """Whether the newest letter of a kind says all of this."""

    def check(case, kind: str, *words: str) -> None:
        letter = newest(case, kind)
        text = read(paper(letter))
        for word in (letter.title, letter.number, letter.check_code, "雁江区", *words):
            assert "".join(word.split()) in text

    return check
