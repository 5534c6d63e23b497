"""字库: the fonts letters are set in, and which characters they can draw. Fonts put into the data folder join in.

Noto Serif SC holds all of 通用规范汉字; the Japanese and the traditional one hold rare characters that it lacks (𠮷).
"""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pylopdf_fonts_jp
import pylopdf_fonts_zh_cn
import pylopdf_fonts_zh_tw
import typst
from django.conf import settings

PACKAGED = tuple(
    Path(module.__file__).parent for module in (pylopdf_fonts_zh_cn, pylopdf_fonts_jp, pylopdf_fonts_zh_tw)
)
SERIF = ("Noto Serif SC", "Noto Serif JP", "Noto Serif TC")
SANS = ("Noto Sans SC", "Noto Sans JP", "Noto Sans TC")
UNDRAWN = "□"  # for what no font draws and no name needs: a smiley, a symbol of a foreign system


def folders() -> list[Path]:
    own = Path(settings.LETTER_FONTS)
    return [*PACKAGED, *([own] if own.is_dir() else [])]


@cache
def loaded() -> typst.Fonts:
    """All fonts, for this process; a font that is added takes a new start."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(path) for path in folders()]
    )


def families(first: tuple[str, ...]) -> list[str]:
    """The families of a text in the order in which they are tried, the hall's own fonts last."""
    return [*first, *sorted(set(loaded().families()) - {*SERIF, *SANS})]


def drawable(text: str) -> str:
    """The text as it can be printed: nothing invisible, and a box for a symbol without a glyph."""
    kept = []
    for character in text:
        if character == "\n" or character in _drawn():
            kept.append(character)
        elif character == "\t" or unicodedata.category(character) == "Zs":
            kept.append(" ")
        elif is_han(character):
            kept.append(character)  # missing_from has refused it before
        elif unicodedata.category(character)[0] != "C" and not unicodedata.combining(character):
            kept.append(UNDRAWN)
    return "".join(kept)


def missing_from(text: str) -> list[str]:
    """Han characters that no font draws: a name must not be printed with a box in it."""
    return sorted({character for character in text if is_han(character)} - _drawn())


def is_han(character: str) -> bool:
    code = ord(character)
    return 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFD


@cache
def _drawn() -> frozenset[str]:
    serif = [path for folder in folders() for path in sorted(folder.iterdir()) if _is_used(path)]
    return frozenset(chr(code) for path in serif for code in _codes(path))


def _is_used(path: Path) -> bool:
    packaged = path.parent in PACKAGED
    return path.suffix.lower() in (".otf", ".ttf", ".ttc") and ("Serif" in path.name or not packaged)


def _codes(path: Path) -> Iterator[int]:
    """The characters of a font, from its `cmap` (OpenType 1.9, formats 4 and 12)."""
    data = path.read_bytes()
    start = struct.unpack_from(">I", data, 12)[0] if data[:4] == b"ttcf" else 0
    tables = struct.unpack_from(">H", data, start + 4)[0]
    entries = (struct.unpack_from(">4sIII", data, start + 12 + 16 * n) for n in range(tables))
    cmap = next((offset for tag, _, offset, _ in entries if tag == b"cmap"), None)
    if cmap is None:
        return
    for n in range(struct.unpack_from(">H", data, cmap + 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHI", data, cmap + 4 + 8 * n)
        table = cmap + offset
        form = struct.unpack_from(">H", data, table)[0]
        if form == 12:
            for group in range(struct.unpack_from(">I", data, table + 12)[0]):
                first, last, glyph = struct.unpack_from(">III", data, table + 16 + 12 * group)
                yield from range(first + (glyph == 0), last + 1)
        elif form == 4 and platform in (0, 3):
            yield from _format_4(data, table)


def _format_4(data: bytes, table: int) -> Iterator[int]:
    doubled = struct.unpack_from(">H", data, table + 6)[0]
    ends = struct.unpack_from(f">{doubled // 2}H", data, table + 14)
    starts = struct.unpack_from(f">{doubled // 2}H", data, table + 16 + doubled)
    for first, last in zip(starts, ends, strict=True):
        yield from range(first, last + 1) if last != 0xFFFF else range(first, last)
