"""How code is written here, where it can be seen by a machine."""

import ast
import re

import pytest
from django.apps import apps
from django.core.management import call_command

from .sources import python_files, relative, tree, with_parents

WRITERS = {"update", "create", "get_or_create", "update_or_create", "filter_or_create", "bulk_update"}
REFUSED_NAMES = re.compile(r"(^|_)(utils?|helpers?|managers?|services?|mixins?|base|common|core|misc)(_|$)")
LONGEST = 400


def files(*roots):
    return [pytest.param(path, id=relative(path)) for path in python_files(*roots)]


@pytest.mark.parametrize("path", files("apps", "config"))
def test_a_status_is_written_by_actions_only(path):
    if "actions" in path.parts or path.name == "actions.py":
        return

    assert [node.lineno for node in ast.walk(tree(path)) if writes_status(node)] == []


def writes_status(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(part, ast.Attribute) and part.attr == "status" for part in _flat(targets))
    if not isinstance(node, ast.Call):
        return False
    called = getattr(node.func, "attr", getattr(node.func, "id", ""))
    if called == "setattr":
        return any(isinstance(part, ast.Constant) and part.value == "status" for part in node.args)
    if called == "execute":
        return any(re.search(r"\bset\b[^;]*\bstatus\b", text, re.IGNORECASE) for text in _texts(node))
    names = {word.arg for word in node.keywords} | {key for word in node.keywords for key in _keys(word)}
    return "status" in names and (called in WRITERS or called in models_with_status())


def models_with_status() -> set[str]:
    ours = [model for model in apps.get_models() if model.__module__.startswith("apps.")]
    return {model.__name__ for model in ours if any(field.name == "status" for field in model._meta.fields)}


def _flat(targets):
    for target in targets:
        yield from _flat(target.elts) if isinstance(target, ast.Tuple | ast.List) else [target]


def _texts(node: ast.Call):
    return [
        part.value
        for part in ast.walk(node)
        if isinstance(part, ast.Constant) and isinstance(part.value, str)
    ]


def _keys(word: ast.keyword):
    """The keys of `**{…}` and of `defaults={…}`."""
    if isinstance(word.value, ast.Dict):
        return [key.value for key in word.value.keys if isinstance(key, ast.Constant)]
    return []


@pytest.mark.parametrize(
    "text",
    [
        "case.status = 1",
        "case.status, case.due_on = 1, 2",
        "Case.objects.filter(pk=1).update(status=1)",
        "Case(status=1)",
        "Case.objects.update_or_create(pk=1, defaults={'status': 1})",
        "setattr(case, 'status', 1)",
        "cursor.execute('UPDATE cases_case SET status = 1')",
    ],
)
def test_the_check_of_statuses_sees_each_way_to_write_one(text):
    assert any(writes_status(node) for node in ast.walk(ast.parse(text)))


@pytest.mark.parametrize("path", files("apps", "config", "tests"))
def test_imports_stand_at_the_top(path):
    lines = path.read_text(encoding="utf-8").splitlines()

    hidden = [
        node.lineno
        for node, above in with_parents(path)
        if isinstance(node, ast.Import | ast.ImportFrom)
        and any(isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef) for outer in above)
        and not _in_ready(above)
        and not re.search(r"PLC0415\W+\w+ \w+", lines[node.lineno - 1])  # a reason in words
    ]

    assert hidden == []


def _in_ready(above) -> bool:
    names = [getattr(outer, "name", "") for outer in above]
    return "ready" in names and any(name.endswith("Config") for name in names)


@pytest.mark.parametrize("path", files("apps", "config"))
def test_a_name_says_what_a_thing_is(path):
    assert not REFUSED_NAMES.search(path.stem)


@pytest.mark.parametrize("path", files("apps", "config", "tests"))
def test_a_file_is_read_in_one_sitting(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST


@pytest.mark.parametrize("path", files("apps"))
def test_a_moment_gives_its_day_in_shanghai(path):
    """`at.date()` is the day in UTC when a request brought it: yesterday, until eight in the morning."""
    assert [node.lineno for node in ast.walk(tree(path)) if takes_the_day_of_utc(node)] == []


def takes_the_day_of_utc(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.args):
        return False
    whose = getattr(node.func.value, "attr", getattr(node.func.value, "id", ""))
    return node.func.attr in ("date", "time", "weekday") and re.fullmatch(r"at|now|\w+_at", whose) is not None


@pytest.mark.parametrize("path", files("apps"))
def test_only_the_edge_asks_what_time_it_is(path):
    """Actions and arithmetic get the time as an argument."""
    pure = {"actions", "terms", "deadlines"} & {*path.parent.parts}
    if not (pure or path.name in ("actions.py", "workdays.py", "models.py")):
        return

    asked = [
        node.lineno
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and getattr(node.func, "attr", "") in ("now", "today", "utcnow")
        or (isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "localdate" and not node.args)
    ]

    assert asked == []


@pytest.mark.parametrize("path", files("tests"))
def test_what_a_page_shows_is_waited_for(path):
    """After a press the next page is still being read: `expect(…)` waits for it, `is_visible()` does not."""
    at_once = re.compile(r"is_(visible|hidden|checked|enabled|disabled|editable)")
    calls = [node for node in ast.walk(tree(path)) if isinstance(node, ast.Call)]

    assert [node.lineno for node in calls if at_once.fullmatch(getattr(node.func, "attr", ""))] == []


def test_no_migration_is_missing(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=1)
