"""What the schema says of every endpoint: its answers, and each problem document it may give instead."""

from drf_spectacular.utils import OpenApiResponse, extend_schema

from .problems import TITLES, Problem

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
    return extend_schema(request=request, responses=responses, summary=summary, **more)
