"""The sprite holds every icon that is named, and none that is not."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAMES = set(re.findall(r'<symbol id="([a-z0-9-]+)"', (ROOT / "static/icons.svg").read_text()))
SOURCES = [*ROOT.glob("templates/**/*.html"), *ROOT.glob("tests/look/*.html")]
PLACES = re.compile(
    r"""{%\s*icon\s+"([a-z0-9-]+)"|{%\s*chip\s+"[a-z]+"\s+\S+?\s+"([a-z0-9-]+)"|\bname="([a-z0-9-]+)"\s+title|how_icon="([a-z0-9-]+)"|name\|default:"([a-z0-9-]+)\""""
)


def _named() -> set[str]:
    found = set()
    for source in SOURCES:
        for groups in PLACES.findall(source.read_text()):
            found |= {name for name in groups if name}
    for source in [*ROOT.glob("config/**/*.py"), *ROOT.glob("apps/**/*.py")]:
        text = source.read_text()
        found |= {name for name in NAMES if f'"{name}"' in text}
    return found


def test_every_icon_that_is_named_is_in_the_sprite():
    assert sorted(_named() - NAMES) == []


def test_the_sprite_holds_nothing_that_nobody_names():
    assert sorted(NAMES - _named()) == []


def test_the_sprite_stands_in_alphabetical_order():
    listed = re.findall(r'<symbol id="([a-z0-9-]+)"', (ROOT / "static/icons.svg").read_text())

    assert listed == sorted(listed)
