"""前置: which branch waits for which. Pure: codes in, an order or the path of the fault out."""

from collections.abc import Mapping, Sequence

CIRCLE = "CIRCLE"
UNKNOWN_CODE = "UNKNOWN_CODE"
DUPLICATE_CODE = "DUPLICATE_CODE"


class BrokenGraph(Exception):
    """No order exists. `error` is CIRCLE, UNKNOWN_CODE or DUPLICATE_CODE; `path` names the codes concerned."""

    def __init__(self, error: str, path: list[str], message: str):
        super().__init__(message)
        self.error = error
        self.path = path


def in_order(edges: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
    """The codes so that each stands behind its prerequisites; of those free to choose, as they were entered.

    `edges` gives each code with those it waits for. A circle is named along the flow of work, its first code again
    at the end: what A waits for in the end is A.
    """
    after = _checked(edges)
    waiting = {code: len(needs) for code, needs in after.items()}
    followers = followers_of(after)
    free = [code for code, number in waiting.items() if number == 0]
    ordered = []
    while free:
        later = []
        for code in free:
            ordered.append(code)
            for follower in followers[code]:
                waiting[follower] -= 1
                if waiting[follower] == 0:
                    later.append(follower)
        free = later
    if len(ordered) < len(after):
        raise _circle(after, set(after).difference(ordered))
    return ordered


def followers_of(after: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The other way round: who waits for a code, in the order of entry."""
    followers: dict[str, list[str]] = {code: [] for code in after}
    for code, needs in after.items():
        for need in needs:
            followers[need].append(code)
    return followers


def _checked(edges: Sequence[tuple[str, Sequence[str]]]) -> dict[str, list[str]]:
    after: dict[str, list[str]] = {}
    for code, needs in edges:
        if code in after:
            raise BrokenGraph(DUPLICATE_CODE, [code], f"分项编号 {code} 出现了两次，请改成不同的编号。")
        after[code] = list(dict.fromkeys(needs))
    for code, needs in after.items():
        for need in needs:
            if need not in after:
                raise BrokenGraph(
                    UNKNOWN_CODE,
                    [code, need],
                    f"{code} 的前置 {need} 不在这个项目里，请补上该分项或去掉这条前置。",
                )
    return after


def _circle(after: dict[str, list[str]], left: set[str]) -> BrokenGraph:
    """Of what no order was found for, everything waits for something that is left too: going back ends in a circle."""
    walked: dict[str, None] = {}
    code = next(code for code in after if code in left)
    while code not in walked:
        walked[code] = None
        code = next(need for need in after[code] if need in left)
    back = list(walked)
    circle = back[back.index(code) :][::-1]  # the walk went from a branch to what it waits for
    entered = {code: number for number, code in enumerate(after)}
    first = min(range(len(circle)), key=lambda n: entered[circle[n]])
    path = [*circle[first:], *circle[:first], circle[first]]
    return BrokenGraph(CIRCLE, path, f"前置关系绕成了一圈：{' → '.join(path)}，请去掉其中一条。")
