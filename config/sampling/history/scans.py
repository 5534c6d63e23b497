"""扫描件: small, real PDF and PNG files that look like filled-in papers, drawn here and free of anybody's data."""

import math
import random
import struct
import zlib
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile

VARIANTS = 4
_KINDS = (  # words in a material's name → what it looks like; the first that fits
    (("身份证", "户口簿", "银行卡", "照片", "社保卡"), "card"),
    (("平面", "布局", "流程", "示意图", "选址", "位置图", "现状图", "图纸"), "plan"),
    (("执照", "许可证", "证书", "产权", "林权", "结婚证", "证明"), "certificate"),
    (("申请表", "申请书", "登记表", "审批表", "申报表", "备案表", "报告表"), "form"),
)
_WIDTH, _HEIGHT = 595, 842  # A4 in points


def scan_of(chance: random.Random, material_name: str) -> SimpleUploadedFile:
    """A paper of this name, as somebody would photograph or scan it."""
    kind = next((kind for words, kind in _KINDS if any(w in material_name for w in words)), "letter")
    variant = chance.randrange(VARIANTS)
    short = material_name.split("（")[0].split("、")[0].replace("/", "_")[:30]
    if kind == "card":
        return SimpleUploadedFile(f"{short}.png", _card(variant), content_type="image/png")
    return SimpleUploadedFile(f"{short}.pdf", _pdf(kind, variant), content_type="application/pdf")


# -- pages in the graphics language of PDF; y runs upwards


@cache
def _pdf(kind: str, variant: int) -> bytes:
    chance = random.Random(f"{kind} {variant}")
    draw = {"form": _form, "plan": _plan, "certificate": _certificate, "letter": _letter}[kind]
    pages = [draw(chance)]
    if kind == "form" and variant % 2:
        pages.append(_letter(chance))
    return _file([page + _specimen() for page in pages])


def _form(chance: random.Random) -> str:
    parts = [_bar(190, 770, 215, 18, 0.15)]
    y = 730
    for _ in range(chance.randint(9, 12)):
        height = chance.choice([30, 30, 44])
        parts.append(f"0.35 w 0 G 60 {y - height} 475 {height} re S")
        parts.append(_bar(70, y - height / 2 - 5, chance.randint(46, 80), 10, 0.35))
        parts.append(f"170 {y - height} m 170 {y} l S")
        parts.append(_handwriting(chance, 185, y - height / 2 - 3, chance.randint(80, 290)))
        y -= height
    parts.append(_signature(chance, y - 70))
    return "\n".join(parts)


def _letter(chance: random.Random) -> str:
    parts = [_bar(210, 760, 175, 16, 0.15)]
    y = 715
    for _ in range(chance.randint(3, 5)):
        for line in range(chance.randint(2, 5)):
            left = 92 if line == 0 else 60
            parts.append(_bar(left, y, chance.randint(300, 535 - left), 8, 0.45))
            y -= 22
        y -= 10
    parts.append(_signature(chance, y - 60))
    return "\n".join(parts)


def _certificate(chance: random.Random) -> str:
    parts = [
        "2 w 0.62 0.12 0.12 RG 45 250 505 520 re S 0.6 w 53 258 489 504 re S",
        _bar(205, 690, 185, 22, 0.2),
    ]
    for line in range(chance.randint(5, 7)):
        y = 630 - line * 42
        parts.append(_bar(95, y, 70, 10, 0.4))
        parts.append(_bar(185, y, chance.randint(120, 290), 10, 0.25))
    parts.append(_seal(430, 320, 46))
    return "\n".join(parts)


def _plan(chance: random.Random) -> str:
    """Rooms with a door each, measured along two sides."""
    parts = ["2.2 w 0.1 G 90 300 415 380 re S 1.2 w"]
    x = 90 + chance.randint(130, 230)
    y = 300 + chance.randint(120, 230)
    parts.append(f"{x} 300 m {x} 680 l S 90 {y} m {x} {y} l S")
    if chance.random() < 0.6:
        parts.append(f"{x} {y + 60} m 505 {y + 60} l S")
    for door_x, door_y in ((x - 34, y), (x, 330), (300, 300)):
        parts.append(f"1 G 4 w {door_x} {door_y} m {door_x + 30} {door_y} l S 0.1 G 1 w")
        parts.append(
            f"{door_x} {door_y} m {door_x + 15} {door_y + 24} {door_x + 30} {door_y + 12} {door_x + 30} {door_y} c S"
        )
    for _ in range(chance.randint(4, 7)):
        parts.append(
            f"0.6 w {chance.randint(105, 440)} {chance.randint(315, 640)} {chance.randint(22, 50)} {chance.randint(14, 26)} re S"
        )
    parts.append("0.5 w 90 278 m 505 278 l S 68 300 m 68 680 l S")
    parts.append(_bar(240, 720, 115, 14, 0.2))
    parts.append(_handwriting(chance, 110, y + 20, 60) + _handwriting(chance, x + 20, 420, 70))
    return "\n".join(parts)


def _bar(x: float, y: float, width: float, height: float, grey: float) -> str:
    """A line of print, as one sees it from afar."""
    return f"{grey} g {x} {y:.1f} {width} {height} re f"


def _handwriting(chance: random.Random, x: float, y: float, length: float) -> str:
    strokes = ["0.08 0.12 0.42 RG 0.9 w"]
    while length > 10:
        wide = chance.uniform(7, 12)
        for _ in range(3):
            x1, y1 = x + chance.uniform(0, wide), y + chance.uniform(-3, 9)
            x2, y2 = x + chance.uniform(0, wide), y + chance.uniform(-3, 9)
            strokes.append(f"{x1:.1f} {y1:.1f} m {x2:.1f} {y2:.1f} l S")
        x, length = x + wide + 2, length - wide - 2
    return "\n".join(strokes)


def _signature(chance: random.Random, y: float) -> str:
    return "\n".join(
        [_bar(330, y, 60, 9, 0.35), _handwriting(chance, 400, y, 60), _bar(400, y - 26, 90, 9, 0.35)]
    )


def _seal(x: float, y: float, radius: float) -> str:
    star = [
        (x + r * math.sin(n * math.pi / 5), y + r * math.cos(n * math.pi / 5))
        for n in range(10)
        for r in (radius * (0.36 if n % 2 == 0 else 0.15),)
    ]
    k = radius * 0.5523
    ring = (
        f"{x + radius} {y} m {x + radius} {y + k} {x + k} {y + radius} {x} {y + radius} c "
        f"{x - k} {y + radius} {x - radius} {y + k} {x - radius} {y} c "
        f"{x - radius} {y - k} {x - k} {y - radius} {x} {y - radius} c "
        f"{x + k} {y - radius} {x + radius} {y - k} {x + radius} {y} c S"
    )
    first, *others = [f"{px:.1f} {py:.1f}" for px, py in star]
    filled = f"{first} m " + " ".join(f"{point} l" for point in others) + " f"
    return f"0.82 0.1 0.1 RG 0.82 0.1 0.1 rg 2.5 w {ring} {filled}"


def _specimen() -> str:
    """The word across the page that says what it is."""
    return "q 0.86 g BT /F1 64 Tf 0.82 0.57 -0.57 0.82 150 250 Tm (SPECIMEN) Tj ET Q"


def _file(pages: list[str]) -> bytes:
    """A whole PDF document of these pages."""
    count = len(pages)
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica-Bold >>",
    ]
    for number, page in enumerate(pages):
        packed = zlib.compress(page.encode())
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {_WIDTH} {_HEIGHT}] "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>".encode()
        )
        objects.append(
            f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode() + packed + b"\nendstream"
        )
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    trailer = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}trailer\n"
    trailer += f"<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{len(body)}\n%%EOF\n"
    return body + trailer.encode()


# -- a photographed card, pixel by pixel


@cache
def _card(variant: int) -> bytes:
    chance = random.Random(f"card {variant}")
    width, height = 640, 420
    desk, card = (124 + variant * 14, 112, 98), (226, 236, 244)
    rows = [bytearray(bytes(desk) * width) for _ in range(height)]

    def fill(x: int, y: int, w: int, h: int, colour: tuple[int, int, int]) -> None:
        for row in rows[y : y + h]:
            row[3 * x : 3 * (x + w)] = bytes(colour) * w

    fill(60, 50, 520, 320, card)
    fill(60, 50, 520, 6, (196, 208, 220))
    fill(420, 100, 120, 150, (206, 212, 218))
    fill(455, 120, 50, 56, (178, 160, 146))
    fill(440, 190, 80, 60, (96, 104, 120))
    for line in range(5):
        fill(100, 104 + line * 34, 46, 14, (120, 150, 180))
        fill(164, 104 + line * 34, chance.randint(70, 220), 14, (52, 56, 62))
    fill(100, 310, 90, 16, (120, 150, 180))
    fill(210, 308, 310, 20, (40, 44, 50))
    raw = b"".join(b"\x00" + bytes(row) for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(raw))
        + _chunk(b"IEND", b"")
    )


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
