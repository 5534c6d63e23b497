"""套餐检查: every fault of a version in one answer. Pure: facts in, faults out."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping

from ..graph import CIRCLE as IN_A_CIRCLE
from ..graph import BrokenGraph, followers_of, in_order
from . import faults as of
from .days import longest
from .facts import DATA, EdgeFacts, Sheet
from .faults import Fault


def faults_of(sheet: Sheet, items: Mapping[str, str]) -> list[Fault]:
    """All that is wrong. `items` gives each known item with why it cannot be used, which is empty for one that can."""
    codes = Counter(branch.code for branch in sheet.branches)
    known = [edge for edge in sheet.edges if edge.branch in codes and edge.needs in codes]
    circles, straight = _unwound(sheet, [edge for edge in known if edge.is_hard])
    return [
        *_no_branch(sheet),
        *_double_codes(sheet, codes),
        *_unknown_codes(sheet, codes),
        *_items(sheet, items),
        *_stages(sheet),
        *circles,
        *_across_stages(sheet, known),
        *_too_long(sheet, straight),
        *_too_late(sheet, known, straight),
        *_conditions(sheet, known),
    ]


def _no_branch(sheet: Sheet) -> Iterator[Fault]:
    if not sheet.branches:
        yield Fault(of.NO_BRANCH, (), "这一版还没有分项，请先增加分项。")


def _double_codes(sheet: Sheet, codes: Counter) -> Iterator[Fault]:
    for code, number in codes.items():
        if number > 1:
            yield Fault(of.DUPLICATE_CODE, (code,), f"分项编号 {code} 用了{number}次，请改成不同的编号。")


def _unknown_codes(sheet: Sheet, codes: Collection[str]) -> Iterator[Fault]:
    for edge in sheet.edges:
        for code in (edge.branch, edge.needs):
            if code not in codes:
                words = f"{sheet.called(edge.branch)} 和 {sheet.called(edge.needs)} 之间有关系，但这一版没有分项 {code}。"
                yield Fault(of.UNKNOWN_CODE, (edge.branch, edge.needs), words)
    for where, used in _codes_named(sheet):
        for code in used:
            if code not in codes:
                yield Fault(of.UNKNOWN_CODE, (code,), f"{where}用到分项 {code}，这一版没有它。")


def _codes_named(sheet: Sheet) -> Iterator[tuple[str, tuple[str, ...]]]:
    for question in sheet.questions:
        for label, brought in question.answers:
            yield f"问题“{question.text}”的答案“{label}”", brought
    for material in sheet.materials:
        used = material.used_by if material.source is None else (material.source, *material.used_by)
        yield f"共享材料“{material.name}”", used


def _items(sheet: Sheet, items: Mapping[str, str]) -> Iterator[Fault]:
    for branch in sheet.branches:
        if branch.item not in items:
            words = f"{branch.called}：事项目录里没有编码 {branch.item}，请从目录里选。"
            yield Fault(of.UNKNOWN_ITEM, (branch.code,), words)
        elif items[branch.item]:
            yield Fault(of.UNUSABLE_ITEM, (branch.code,), f"{branch.called}：{items[branch.item]}")


def _stages(sheet: Sheet) -> Iterator[Fault]:
    numbers = {stage.number for stage in sheet.stages}
    for branch in sheet.branches:
        if branch.stage not in numbers:
            yield Fault(
                of.UNKNOWN_STAGE,
                (branch.code,),
                f"{branch.called}：这一版没有第{branch.stage}阶段，请先设定它。",
            )
    filled = {branch.stage for branch in sheet.branches}
    for stage in sheet.stages:
        if not stage.lead.strip():
            words = f"第{stage.number}阶段“{stage.name}”没有牵头部门。"
            yield Fault(of.NO_LEAD, (str(stage.number),), words)
        if stage.number not in filled:
            words = f"第{stage.number}阶段“{stage.name}”没有分项，请增加分项或去掉这个阶段。"
            yield Fault(of.EMPTY_STAGE, (str(stage.number),), words)
        if stage.days > sheet.legal_days:
            words = (
                f"第{stage.number}阶段承诺{stage.days}个工作日，超过了联合办理的法定时限"
                f"{sheet.legal_days}个工作日（行政许可法第四十二条）。"
            )
            yield Fault(of.STAGE_BEYOND_LAW, (str(stage.number),), words)


def _unwound(sheet: Sheet, hard: list[EdgeFacts]) -> tuple[list[Fault], list[EdgeFacts]]:
    """Every circle with its path, and the prerequisites that are left when each circle is cut once."""
    found: list[Fault] = []
    left = list(hard)
    codes = dict.fromkeys(branch.code for branch in sheet.branches)
    while True:
        try:
            in_order([(code, [edge.needs for edge in left if edge.branch == code]) for code in codes])
        except BrokenGraph as broken:
            if broken.error != IN_A_CIRCLE:
                raise
            path = tuple(broken.path)
            words = " → ".join(sheet.called(code) for code in path)
            found.append(Fault(of.CIRCLE, path, f"前置关系绕成了一圈：{words}，请去掉其中一条。"))
            left = [edge for edge in left if (edge.needs, edge.branch) != path[-2:]]
        else:
            return found, left


def _across_stages(sheet: Sheet, known: list[EdgeFacts]) -> Iterator[Fault]:
    stage_of = {branch.code: branch.stage for branch in sheet.branches}
    for edge in known:
        here, there = stage_of[edge.branch], stage_of[edge.needs]
        if edge.is_hard and here < there:
            words = (
                f"第{here}阶段的 {sheet.called(edge.branch)} 不能等第{there}阶段的 {sheet.called(edge.needs)}："
                f"后面的阶段要等前面的阶段，不能反过来。"
            )
            yield Fault(of.WRONG_STAGE, (edge.needs, edge.branch), words)


def _too_long(sheet: Sheet, straight: list[EdgeFacts]) -> Iterator[Fault]:
    for stage in sheet.stages:
        branches = list({one.code: one for one in sheet.branches if one.stage == stage.number}.values())
        for branch in branches:
            if branch.days > stage.days:
                words = f"{branch.called} 要{branch.days}个工作日，比第{stage.number}阶段的{stage.days}个工作日还长。"
                yield Fault(of.BRANCH_TOO_LONG, (branch.code,), words)
        line = longest(branches, straight)
        if line.days > stage.days and len(line.path) > 1:
            words = " → ".join(sheet.called(code) for code in line.path)
            yield Fault(
                of.CHAIN_TOO_LONG,
                line.path,
                f"{words} 一个接一个要{line.days}个工作日，超过了第{stage.number}阶段的{stage.days}个工作日。",
            )


def _too_late(sheet: Sheet, known: list[EdgeFacts], straight: list[EdgeFacts]) -> Iterator[Fault]:
    """Data that are there only afterwards; results that are asked for without waiting for them."""
    behind = _behind(sheet, straight)
    for edge in known:
        if edge.kind == DATA and edge.branch in behind[edge.needs]:
            words = (
                f"{sheet.called(edge.branch)} 要用 {sheet.called(edge.needs)} 的数据，"
                f"可是后者要等前者办完才开始，数据来不及。"
            )
            yield Fault(of.DATA_TOO_LATE, (edge.needs, edge.branch), words)
    for material in sheet.materials:
        if not material.used_by:
            yield Fault(
                of.NOBODY_USES_IT, (), f"共享材料“{material.name}”没有分项使用，请选上或去掉这份材料。"
            )
        for user in material.used_by:
            if material.source in behind and user in behind and material.source not in behind[user]:
                words = (
                    f"材料“{material.name}”是 {sheet.called(material.source)} 的结果，"
                    f"用它的 {sheet.called(user)} 却不等它：请加上前置。"
                )
                yield Fault(of.RESULT_TOO_LATE, (material.source, user), words)


def _behind(sheet: Sheet, straight: list[EdgeFacts]) -> dict[str, set[str]]:
    """For each branch all that it waits for, at first or second hand."""
    after: dict[str, list[str]] = {branch.code: [] for branch in sheet.branches}
    for edge in straight:
        after[edge.branch].append(edge.needs)
    behind: dict[str, set[str]] = {code: set() for code in after}
    followers = followers_of(after)
    for code in in_order(list(after.items())):
        for follower in followers[code]:
            behind[follower] |= behind[code] | {code}
    return behind


def _conditions(sheet: Sheet, known: list[EdgeFacts]) -> Iterator[Fault]:
    """An optional branch needs an answer that brings it in; who waits for it must not wait where it does not come."""
    brought_by: dict[str, set[tuple[int, str]]] = {branch.code: set() for branch in sheet.branches}
    for question in sheet.questions:
        for label, brought in question.answers:
            for code in brought:
                brought_by.get(code, set()).add((question.number, label))
    optional = {branch.code for branch in sheet.branches if branch.is_optional}
    for branch in sheet.branches:
        if branch.is_optional and not brought_by[branch.code]:
            words = f"{branch.called} 视情形办理，却没有一个问题的答案能决定它办不办，请设定情形问题。"
            yield Fault(of.NO_QUESTION, (branch.code,), words)
    for edge in known:
        waits, needs = sheet.called(edge.branch), sheet.called(edge.needs)
        if edge.only_if_applicable and not brought_by[edge.needs]:
            words = f"{waits} 在 {needs} 要办时才等它，可是没有情形问题能决定 {edge.needs} 办不办。"
            yield Fault(of.CONDITION_WITHOUT_QUESTION, (edge.needs, edge.branch), words)
        elif edge.is_hard and not edge.only_if_applicable and edge.needs in optional:
            always_both = edge.branch in optional and brought_by[edge.branch] <= brought_by[edge.needs]
            if not always_both:
                words = f"{waits} 总要等 {needs}，而后者可能不办，会一直等下去：请改为“对方要办才等”。"
                yield Fault(of.BLOCKED_FOR_GOOD, (edge.needs, edge.branch), words)
