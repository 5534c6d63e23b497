"""What may not stand in the repository: machines, workshops, registries, unfinished business."""

import re

import pytest

from .sources import relative, tracked

BORROWED = ("static/vendor/", "tests/vendor/", "LICENSE")
LOCKS = ("requirements.lock", "requirements-dev.lock")
SELF = "tests/house/test_words.py"

ABSOLUTE = re.compile(r"(?<![\w.~}/-])/(?:root|home|work|Users|mnt|opt)/\w|file://|[A-Z]:\\\\?\w")
REGISTRY = re.compile(
    r"pypi\.org|pythonhosted\.org|registry\.npmjs|npmmirror|tuna\.tsinghua|mirrors?\.\w+\.\w+|index-url", re.I
)
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK|WIP)\b|[Ll]orem ipsum")
MACHINES = re.compile(
    r"\b(chatgpt|gpt-?\d|openai|anthropic|claude|copilot|llm|language model|prompts?|subagents?|codegen)\b"
    r"|\bAI[- ](agent|assistant|generated)|issue #?\d+\b",
    re.I,
)


def texts():
    for path in tracked():
        if relative(path) == SELF or relative(path).startswith(BORROWED):
            continue
        try:
            yield relative(path), path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def found(pattern: re.Pattern, *, leaving_out: tuple[str, ...] = ()) -> list[str]:
    return [
        f"{name}:{number}: {line.strip()[:100]}"
        for name, text in texts()
        if name not in leaving_out
        for number, line in enumerate(text.splitlines(), start=1)
        if pattern.search(line)
    ]


@pytest.mark.parametrize("pattern", [ABSOLUTE, UNFINISHED, MACHINES], ids=["paths", "unfinished", "machines"])
def test_the_project_speaks_of_itself_alone(pattern):
    assert found(pattern, leaving_out=LOCKS) == []


def test_no_registry_is_named():
    assert found(REGISTRY, leaving_out=(".gitignore", "Makefile")) == []


def test_a_lock_holds_a_hash_for_every_package():
    for name, text in texts():
        if name in LOCKS:
            packages = re.findall(r"^[a-z0-9][\w.\[\],-]*==", text, re.M)
            assert len(packages) > 50
            assert len(re.split(r"^[a-z0-9][\w.\[\],-]*==", text, flags=re.M)[1:]) == sum(
                "--hash=sha256:" in part
                for part in re.split(r"^[a-z0-9][\w.\[\],-]*==", text, flags=re.M)[1:]
            )
