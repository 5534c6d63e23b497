"""What the documents say is what the code does: links, glossary, environment, dependencies, drawing, example."""

import ast
import importlib
import re
import tomllib

import pytest
from django.db.models import TextChoices

from apps.cases.measures import LABELS
from apps.cases.states import MOVES, Status, Verb

from .sources import CHECKOUT, python_files, relative, tracked, tree
from .test_floors import floors

README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
LINK = re.compile(r"!?\[[^\]]*\]\(([^)#\s]+)(?:#[^)]*)?\)")
PACKAGE = re.compile(r"^[A-Za-z0-9._-]+")


def documents():
    return [pytest.param(path, id=relative(path)) for path in tracked() if path.suffix == ".md"]


@pytest.mark.parametrize("path", documents())
def test_a_link_leads_somewhere(path):
    targets = [link for link in LINK.findall(path.read_text(encoding="utf-8")) if "://" not in link]

    assert [target for target in targets if not (path.parent / target).exists()] == []


def vocabularies() -> list[type[TextChoices]]:
    """Every list of words that the apps define."""
    for path in python_files("apps"):
        importlib.import_module(
            relative(path).removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        )
    ours = [words for words in TextChoices.__subclasses__() if words.__module__.startswith("apps.")]
    return sorted(ours, key=lambda words: (words.__module__, words.__qualname__))


@pytest.mark.parametrize("words", vocabularies(), ids=lambda words: words.__qualname__)
def test_the_glossary_knows_every_word_of_the_screen(words):
    missing = [f"`{word.value}` {word.label}" for word in words if not _explained(word.value, word.label)]

    assert missing == []


def test_the_glossary_knows_every_measure():
    assert [name for name, label in LABELS.items() if not _explained(name, label)] == []


def _explained(value: str, label: str) -> bool:
    return f"`{value}` {label}" in README or f"| `{value}` | {label} |" in README


def test_the_glossary_says_where_each_verb_leads():
    order = list(Status)
    told = {
        verb: "、".join(Status(state).label for state in sorted(move.before, key=order.index))
        + f" → {Status(move.after).label}"
        for verb, move in MOVES.items()
    }

    assert [
        verb for verb, way in told.items() if f"| `{verb}` | {Verb(verb).label} | {way} |" not in README
    ] == []


def test_every_variable_of_the_environment_is_explained():
    code = tree(CHECKOUT / "config" / "environment.py")
    asked = {
        node.args[0].value
        for node in ast.walk(code)
        if isinstance(node, ast.Call)
        and getattr(getattr(node.func, "value", None), "id", "") == "env"
        and isinstance(node.args[0], ast.Constant)
    }
    explained = (CHECKOUT / "docs" / "operations" / "environment.md").read_text(encoding="utf-8")

    assert len(asked) > 10
    assert [name for name in asked if f"| `{name}` |" not in explained or f"| `{name}` |" not in README] == []


def test_every_dependency_has_its_reason():
    groups = [
        PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"].values(),
        *PROJECT["dependency-groups"].values(),
    ]
    names = {PACKAGE.match(line)[0] for group in groups for line in group}
    reasons = (CHECKOUT / "docs" / "decisions" / "0002-dependencies.md").read_text(encoding="utf-8")
    table = {
        name for row in re.findall(r"^\| (`.*?) \|", reasons, re.M) for name in re.findall(r"`(.*?)`", row)
    }

    assert table == names


def test_the_drawing_shows_the_floors_that_stand_and_brackets_the_others():
    drawn = README.split("## The house")[1].split("```")[1]
    built = {path.parent.name for path in (CHECKOUT / "apps").glob("*/apps.py")}

    for name in floors():
        assert re.search(rf"\b{name}\b", drawn), name
        assert bool(re.search(rf"\([^()]*\b{name}\b[^()]*\)", drawn)) == (name not in built), name


def test_the_verb_of_the_example_is_the_verb_of_the_code():
    text = (CHECKOUT / "docs" / "house.md").read_text(encoding="utf-8")
    shown = re.search(r"```python\n(.*?)```", text, re.S)[1].strip()

    assert shown in (CHECKOUT / "apps" / "cases" / "actions" / "acceptance.py").read_text(encoding="utf-8")
