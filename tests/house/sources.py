"""The house as text: which files there are, and their syntax trees."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent.parent


@cache
def tracked() -> tuple[Path, ...]:
    """Every file of the repository that belongs to it, new ones that are not committed yet included."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=True,
    )
    names = sorted(set(listed.stdout.split("\0")) - {""})
    return tuple(CHECKOUT / name for name in names if (CHECKOUT / name).is_file())


def python_files(*roots: str) -> list[Path]:
    """Our own code below these folders; migrations are written by a machine."""
    return [
        path
        for path in tracked()
        if path.suffix == ".py" and relative(path).startswith(roots) and "migrations" not in path.parts
    ]


def relative(path: Path) -> str:
    return path.relative_to(CHECKOUT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def with_parents(path: Path) -> Iterator[tuple[ast.AST, tuple[ast.AST, ...]]]:
    """Every node, with the nodes that it stands in, outermost first."""

    def walk(node: ast.AST, above: tuple[ast.AST, ...]):
        yield node, above
        for child in ast.iter_child_nodes(node):
            yield from walk(child, (*above, node))

    yield from walk(tree(path), ())
