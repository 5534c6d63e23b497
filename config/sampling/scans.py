"""扫描件: small, real PNG and PDF files that look like filled-in papers, drawn here and free of anybody's data."""

import random
from functools import cache

from django.core.files.uploadedfile import SimpleUploadedFile

from . import drawing
from .drawing import INK, RED, Page, grey

VARIANTS = 4
_PDF_SHARE = 0.3
_KINDS = (  # words in a material's name → what it looks like; the first that fits
    (("身份证", "户口簿", "银行卡", "照片", "社保卡"), "card"),
    (("平面", "布局", "示意图", "选址", "位置图", "现状图", "图纸"), "plan"),
    (("执照", "许可证", "证书", "产权", "林权", "结婚证", "证明"), "certificate"),
    (("申请表", "申请书", "登记表", "审批表", "申报表", "备案表", "报告表"), "form"),
)


def scan_of(chance: random.Random, material_name: str) -> SimpleUploadedFile:
    """A paper of this name, as somebody would photograph or scan it."""
    kind = next((kind for words, kind in _KINDS if any(w in material_name for w in words)), "letter")
    variant = chance.randrange(VARIANTS)
    short = material_name.split("（")[0].split("、")[0].replace("/", "_")[:30]
    if kind != "card" and chance.random() < _PDF_SHARE:
        return SimpleUploadedFile(f"{short}.pdf", _pdf(kind, variant), content_type="application/pdf")
    return SimpleUploadedFile(f"{short}.png", _png(kind, variant), content_type="image/png")


def picture_of(chance: random.Random, name: str) -> SimpleUploadedFile:
    """What somebody photographed on the spot."""
    return SimpleUploadedFile(
        f"{name}.png", _png("card", chance.randrange(VARIANTS)), content_type="image/png"
    )


@cache
def _png(kind: str, variant: int) -> bytes:
    return drawing.png(_page(kind, variant))


@cache
def _pdf(kind: str, variant: int) -> bytes:
    pages = [_page(kind, variant)]
    if kind == "form":
        pages.append(_page("letter", variant))
    return drawing.pdf(pages)


@cache
def _page(kind: str, variant: int) -> Page:
    page, chance = Page(), random.Random(f"{kind} {variant}")
    {"form": _form, "plan": _plan, "certificate": _certificate, "letter": _letter, "card": _card}[kind](
        page, chance
    )
    return page


# -- what the papers look like; y runs downwards


def _form(page: Page, chance: random.Random) -> None:
    page.bar(190, 60, 215, 18, grey(0.15))
    y = 105
    for _ in range(chance.randint(9, 12)):
        height = chance.choice([34, 34, 50])
        page.frame(60, y, 475, height, grey(0.3))
        page.bar(70, y + height / 2 - 5, chance.randint(46, 80), 10, grey(0.4))
        page.line(165, y, 165, y + height, grey(0.3), 1)
        _handwriting(page, chance, 180, y + height / 2, chance.randint(80, 290))
        y += height
    _signature(page, chance, y + 60)


def _letter(page: Page, chance: random.Random) -> None:
    page.bar(210, 70, 175, 16, grey(0.15))
    y = 120
    for _ in range(chance.randint(3, 5)):
        for line in range(chance.randint(2, 5)):
            left = 92 if line == 0 else 60
            page.bar(left, y, chance.randint(300, 535 - left), 8, grey(0.5))
            y += 24
        y += 12
    _signature(page, chance, y + 40)


def _certificate(page: Page, chance: random.Random) -> None:
    border = RED
    page.frame(45, 70, 505, 560, border, 3)
    page.frame(53, 78, 489, 544, border, 1)
    page.bar(205, 125, 185, 22, grey(0.2))
    for line in range(chance.randint(5, 7)):
        y = 195 + line * 42
        page.bar(95, y, 70, 10, grey(0.5))
        page.bar(185, y, chance.randint(120, 290), 10, grey(0.3))
    page.seal(430, 530, 46)


def _plan(page: Page, chance: random.Random) -> None:
    """Rooms with a door each, measured along two sides."""
    page.bar(240, 90, 115, 14, grey(0.2))
    page.frame(90, 140, 415, 400, grey(0.1), 3)
    x, y = 90 + chance.randint(130, 230), 140 + chance.randint(130, 250)
    page.line(x, 140, x, 540, grey(0.1), 2)
    page.line(90, y, x, y, grey(0.1), 2)
    if chance.random() < 0.6:
        page.line(x, y - 60, 505, y - 60, grey(0.1), 2)
    for door_x, door_y in ((x - 40, y), (x + 60, 540), (130, 540)):
        page.line(door_x, door_y, door_x + 30, door_y, grey(1), 5)
        page.line(door_x, door_y, door_x + 18, door_y - 24, grey(0.2), 1)
    for _ in range(chance.randint(4, 7)):
        page.frame(
            chance.randint(105, 440),
            chance.randint(155, 500),
            chance.randint(22, 50),
            chance.randint(14, 26),
            grey(0.45),
        )
    page.line(90, 562, 505, 562, grey(0.4), 1)
    page.line(66, 140, 66, 540, grey(0.4), 1)
    _handwriting(page, chance, 110, y - 24, 60)
    _handwriting(page, chance, x + 24, 200, 80)
    _handwriting(page, chance, 250, 584, 60)


def _card(page: Page, chance: random.Random) -> None:
    """Both sides of a card on one sheet."""
    for top in (90, 400):
        page.bar(120, top, 355, 225, (226, 236, 244))
        page.frame(120, top, 355, 225, (150, 170, 190))
    page.bar(365, 120, 85, 110, (206, 212, 218))
    page.bar(388, 132, 38, 42, (178, 160, 146))
    page.bar(376, 184, 62, 46, (96, 104, 120))
    for line in range(5):
        page.bar(140, 118 + line * 27, 32, 9, (120, 150, 180))
        page.bar(182, 118 + line * 27, chance.randint(60, 165), 9, grey(0.25))
    page.bar(140, 275, 60, 10, (120, 150, 180))
    page.bar(212, 274, 220, 13, grey(0.2))
    page.seal(190, 470, 34)
    page.bar(250, 450, 190, 16, grey(0.25))
    for line in range(2):
        page.bar(250, 545 + line * 30, 60, 9, (120, 150, 180))
        page.bar(322, 545 + line * 30, chance.randint(90, 130), 9, grey(0.25))


def _signature(page: Page, chance: random.Random, y: float) -> None:
    page.bar(330, y, 60, 9, grey(0.4))
    _handwriting(page, chance, 400, y + 5, 60)
    page.bar(400, y + 26, 90, 9, grey(0.4))


def _handwriting(page: Page, chance: random.Random, x: float, y: float, length: float) -> None:
    while length > 10:
        wide = chance.uniform(8, 13)
        for _ in range(4):
            x1, y1 = x + chance.uniform(0, wide), y + chance.uniform(-7, 6)
            page.line(x1, y1, x + chance.uniform(0, wide), y + chance.uniform(-7, 6), INK, 1)
        x, length = x + wide + 2, length - wide - 2
