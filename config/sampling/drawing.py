"""画纸: bars, lines, frames and a seal on a sheet of A4, written out as PDF or as PNG. Pure, without any library."""

import math
import struct
import zlib
from dataclasses import dataclass, field

WIDTH, HEIGHT = 595, 842  # points; y runs downwards
SCALE = 1.4  # pixels of a PNG per point
Colour = tuple[int, int, int]
INK: Colour = (24, 38, 112)
RED: Colour = (196, 30, 30)


def grey(share: float) -> Colour:
    """0 is black, 1 is paper."""
    level = round(255 * share)
    return (level, level, level)


@dataclass
class Page:
    """Shapes in the order in which they are drawn: polygons that are filled, nothing else."""

    shapes: list[tuple[Colour, list[tuple[float, float]]]] = field(default_factory=list)

    def bar(self, x: float, y: float, width: float, height: float, colour: Colour) -> None:
        """A line of print, as one sees it from afar."""
        corners = [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
        self.shapes.append((colour, corners))

    def line(self, x1: float, y1: float, x2: float, y2: float, colour: Colour, thick: float) -> None:
        length = math.hypot(x2 - x1, y2 - y1) or 1
        dx, dy = (y2 - y1) / length * thick / 2, (x1 - x2) / length * thick / 2
        corners = [(x1 + dx, y1 + dy), (x2 + dx, y2 + dy), (x2 - dx, y2 - dy), (x1 - dx, y1 - dy)]
        self.shapes.append((colour, corners))

    def frame(
        self, x: float, y: float, width: float, height: float, colour: Colour, thick: float = 1
    ) -> None:
        self.bar(x, y, width, thick, colour)
        self.bar(x, y + height - thick, width, thick, colour)
        self.bar(x, y, thick, height, colour)
        self.bar(x + width - thick, y, thick, height, colour)

    def seal(self, x: float, y: float, radius: float) -> None:
        """公章: a ring with a star in it."""
        turns = [n * math.pi / 36 for n in range(73)]
        outer = [(x + radius * math.sin(a), y - radius * math.cos(a)) for a in turns]
        inner = [(x + (radius - 3) * math.sin(a), y - (radius - 3) * math.cos(a)) for a in reversed(turns)]
        self.shapes.append((RED, outer + inner))
        points = [(n * math.pi / 5, radius * (0.17 if n % 2 else 0.42)) for n in range(10)]
        self.shapes.append((RED, [(x + r * math.sin(a), y - r * math.cos(a)) for a, r in points]))


def png(page: Page) -> bytes:
    """The sheet as somebody photographs it, pixel by pixel over a palette."""
    width, height = round(WIDTH * SCALE), round(HEIGHT * SCALE)
    palette: dict[Colour, int] = {(252, 251, 247): 0}
    rows = [bytearray(width) for _ in range(height)]
    for colour, corners in page.shapes:
        number = palette.setdefault(colour, len(palette))
        _fill(rows, width, [(x * SCALE, y * SCALE) for x, y in corners], number)
    raw = b"".join(b"\x00" + bytes(row) for row in rows)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    colours = b"".join(bytes(colour) for colour in palette)
    parts = [(b"IHDR", header), (b"PLTE", colours), (b"IDAT", zlib.compress(raw, 9)), (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, content) for name, content in parts)


def _fill(rows: list[bytearray], width: int, corners: list[tuple[float, float]], number: int) -> None:
    """One polygon, a row of pixels at a time, by the even-odd rule."""
    edges = list(zip(corners, corners[1:] + corners[:1], strict=True))
    first, last = min(y for _, y in corners), max(y for _, y in corners)
    for y in range(max(0, math.floor(first)), min(len(rows), math.ceil(last))):
        middle = y + 0.5
        cuts = sorted(
            x1 + (middle - y1) * (x2 - x1) / (y2 - y1)
            for (x1, y1), (x2, y2) in edges
            if (y1 <= middle) != (y2 <= middle)
        )
        for left, right in zip(cuts[::2], cuts[1::2], strict=False):
            start = max(0, round(left))
            stop = min(width, max(start + 1, round(right)))
            rows[y][start:stop] = bytes([number]) * (stop - start)


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def pdf(pages: list[Page]) -> bytes:
    """A whole document of these sheets."""
    kids = " ".join(f"{3 + 2 * n} 0 R" for n in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
    ]
    for number, page in enumerate(pages):
        packed = zlib.compress(_content(page).encode())
        box = f"/MediaBox [0 0 {WIDTH} {HEIGHT}] /Resources << >> /Contents {4 + 2 * number} 0 R"
        objects.append(f"<< /Type /Page /Parent 2 0 R {box} >>".encode())
        objects.append(
            f"<< /Length {len(packed)} /Filter /FlateDecode >>\nstream\n".encode() + packed + b"\nendstream"
        )
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += f"{number} 0 obj\n".encode() + content + b"\nendobj\n"
    size = len(objects) + 1
    table = "".join(f"{offset:010d} 00000 n \n" for offset in offsets)
    trailer = f"xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\n"
    return body + f"{trailer}startxref\n{len(body)}\n%%EOF\n".encode()


def _content(page: Page) -> str:
    """The shapes in the graphics language of PDF, whose y runs upwards."""
    lines = []
    for colour, corners in page.shapes:
        points = [f"{x:.1f} {HEIGHT - y:.1f}" for x, y in corners]
        lines.append(" ".join(f"{part / 255:.2f}" for part in colour) + " rg")
        lines.append(f"{points[0]} m " + " ".join(f"{point} l" for point in points[1:]) + " f*")
    return "\n".join(lines)
