"""Every list proves that its number of queries does not grow with its rows."""

import ast

import pytest

from .addresses import addresses
from .sources import python_files, tree

LISTS = sorted({address.name for address in addresses() if address.name.endswith("-list")})
KNOWN = {address.name for address in addresses()}


def counted() -> set[str]:
    """The names in `@pytest.mark.query_count("console:case-list")`, over all tests."""
    return {
        argument.value
        for path in python_files("tests")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "query_count"
        for argument in node.args
        if isinstance(argument, ast.Constant)
    }


@pytest.mark.parametrize("name", LISTS)
def test_a_list_has_its_queries_counted(name):
    assert name in counted(), f'needs a test marked @pytest.mark.query_count("{name}")'


def test_what_is_counted_exists():
    assert counted() - KNOWN == set()
