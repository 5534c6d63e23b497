"""What the schema says of every endpoint: its answers, and each problem document it may give instead.

What it does not say, the endpoint does not take: a query parameter that is not documented is refused, since whoever
mistypes a filter would take the whole list for the narrowed one.
"""

from functools import wraps

from django_filters import DateFromToRangeFilter
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from .problems import TITLES, Problem, UnknownParameter

_ALWAYS = (400, 405, 406, 429)
_OF_SIGNED_IN = (401, 403)


def documented(
    *,
    request=None,
    answers: dict,
    refusals: tuple[int, ...] = (),
    is_public: bool = False,
    summary: str,
    **more,
):
    """`answers` maps a success code to its serializer; `refusals` are the problems beyond those every endpoint has."""
    problems = {*_ALWAYS, *refusals, *(() if is_public else _OF_SIGNED_IN)}
    responses = {
        **answers,
        **{
            (code, "application/problem+json"): OpenApiResponse(Problem, description=TITLES[code])
            for code in sorted(problems)
        },
    }
    named = {
        parameter.name
        for parameter in more.get("parameters", ())
        if parameter.location == OpenApiParameter.QUERY
    }

    def documenting(method):
        @wraps(method)
        def strict(view, asked, *args, **kwargs):
            taken = named | _of_the_list(view)
            unknown = sorted(set(asked.query_params) - taken)
            if unknown:
                raise UnknownParameter(unknown, sorted(taken))
            return method(view, asked, *args, **kwargs)

        return extend_schema(request=request, responses=responses, summary=summary, **more)(strict)

    return documenting


def _of_the_list(view) -> set[str]:
    """The names that filters and pages of a list add."""
    names = set()
    filters = getattr(view, "filterset_class", None)
    for name, one in filters.base_filters.items() if filters else ():
        is_range = isinstance(one, DateFromToRangeFilter)
        names |= {f"{name}_after", f"{name}_before"} if is_range else {name}
    pages = getattr(view, "pagination_class", None)
    return names | ({pages.cursor_query_param} if pages else set())
