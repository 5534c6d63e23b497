"""排版: the words of a letter as PDF/A. Pure: the same words, seal and layout give the same bytes, in any process.

What people typed goes in as JSON and is never read as markup. Layouts lie in versions: one that has set a letter is
not edited, a change is a new folder, so an old letter can be set again as it was.
"""

import base64
import io
import json
import threading
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path

import segno
import typst

from . import fonts

LAYOUTS = Path(__file__).parent / "layouts"
LAYOUT_VERSION = 1
STANDARD = "a-2b"  # PDF/A-2b: what archives keep (GB/T 33190 readers open it too)
MISSING = ("does not contain key", "has no field", "does not have field", "no default value")


_ONE_AT_A_TIME = threading.Lock()  # a compiler holds one document; a letter takes about ten milliseconds


class CannotSet(Exception):
    """The letter cannot be put on paper as things are; the text says what to do."""


def set_letter(data: dict, layout: str, version: int, seal: bytes | None = None) -> bytes:
    """The PDF. Raises CannotSet with a sentence when a glyph is missing or the layout asks for what is not there."""
    drawn = {"seal_svg": _as_svg(seal) if seal else "", "qr_svg": _qr(data["verify_url"])}
    return _set(data, drawn, layout, version)


def set_report(data: dict, layout: str, version: int = LAYOUT_VERSION) -> bytes:
    """通报 and the like: set as letters are, but nothing that anybody would check: no seal, no QR code."""
    return _set(data, {}, layout, version)


def _set(data: dict, drawn: dict[str, str], layout: str, version: int) -> bytes:
    words = {**_drawable(data), **drawn}
    words |= {"serif": fonts.families(fonts.SERIF), "sans": fonts.families(fonts.SANS)}
    issued = datetime.combine(date.fromisoformat(data["issued_on"]), time(), UTC)
    path = LAYOUTS / str(version) / f"{layout}.typ"
    if not path.is_file():
        raise CannotSet(
            f"没有第{version}版的版式文件“{layout}.typ”。请从安装包恢复这个文件后再打开一次；文书编号和内容不受影响。"
        )
    try:
        with _ONE_AT_A_TIME:
            return _compiler().compile(
                input=str(path),
                root=str(path.parent),
                format="pdf",
                sys_inputs={"letter": json.dumps(words, ensure_ascii=False)},
                timestamp=issued,
                pdf_standards=[STANDARD],
            )
    except typst.TypstError as error:
        raise CannotSet(_sentence(layout, version, error)) from error


@cache
def _compiler() -> typst.Compiler:
    return typst.Compiler(font_paths=fonts.loaded(), ignore_system_fonts=True)


def _drawable(data: dict) -> dict:
    missing = fonts.missing_from(json.dumps(data, ensure_ascii=False))
    if missing:
        named = "、".join(f"“{character}”（U+{ord(character):04X}）" for character in missing[:5])
        raise CannotSet(
            f"字库里没有{named}，这份文书还不能生成。请系统管理员把含有这个字的字体文件放进数据目录的 fonts 文件夹，"
            "重新启动后再打开一次；文书编号和内容不受影响。"
        )
    return _each(data)


def _each(value):
    if isinstance(value, str):
        return fonts.drawable(value)
    if isinstance(value, list):
        return [_each(one) for one in value]
    if isinstance(value, dict):
        return {key: _each(one) for key, one in value.items()}
    return value


def _qr(address: str) -> str:
    """One mask for all: looking for the prettiest of eight takes as long as setting the letter."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False, mask=2).save(
        drawn, kind="svg", border=2, xmldecl=False, svgclass=None
    )
    return drawn.getvalue().decode()


def _as_svg(seal: bytes) -> str:
    """A drawn seal as it is, a picture of one in a frame: either goes into the data as text."""
    if not seal.startswith(b"\x89PNG"):
        return seal.decode()
    picture = base64.b64encode(seal).decode()
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 200" width="200" height="200">'
        f'<image width="200" height="200" href="data:image/png;base64,{picture}"/></svg>'
    )


def _sentence(layout: str, version: int, error: typst.TypstError) -> str:
    what = str(getattr(error, "message", "") or error).strip().splitlines()[0][:160]
    where = f"第{version}版版式文件“{layout}.typ”"
    if any(words in what for words in MISSING):
        return (
            f"{where}要用的内容，这份文书里没有（{what}）。请系统管理员改正版式文件，或者恢复原来的文件，再打开一次；"
            "文书编号和内容不受影响，也没有生成半份文书。"
        )
    return f"{where}有错（{what}）。请系统管理员恢复原来的文件，再打开一次；文书编号和内容不受影响。"
