"""The house as addresses: every view that the URLconf leads to."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver, reverse

STAND_INS = {"int": 1, "str": "x", "slug": "x", "uuid": "00000000-0000-0000-0000-000000000000", "path": "x"}


@dataclass(frozen=True)
class Address:
    name: str  # "console:case-list"; empty where it has none
    route: str
    view: Callable
    arguments: dict

    def path(self, **known) -> str:
        """An address of this kind; arguments that are not known get a stand-in."""
        return reverse(self.name, kwargs={name: known.get(name, it) for name, it in self.arguments.items()})


def addresses() -> list[Address]:
    return list(_walk(get_resolver(), namespace="", route="", arguments={}))


def _walk(resolver: URLResolver, *, namespace: str, route: str, arguments: dict) -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        here = route + str(pattern.pattern)
        given = arguments | _arguments(pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern, namespace=inner, route=here, arguments=given)
        else:
            name = f"{namespace}{pattern.name}" if pattern.name else ""
            yield Address(name=name, route=here, view=pattern.callback, arguments=given)


def _arguments(pattern: URLPattern | URLResolver) -> dict:
    if hasattr(pattern.pattern, "converters"):
        converters = pattern.pattern.converters.items()
        found = {name: STAND_INS.get(_kind(converter), "1") for name, converter in converters}
        if found:
            return found
    if hasattr(pattern.pattern, "regex"):
        return dict.fromkeys(pattern.pattern.regex.groupindex, "1")
    return {}


def _kind(converter) -> str:
    return type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
