"""套餐页的内容: the table by stage, the figures, the drawing, what is to be mended before publishing."""

from apps.points.models import Department
from apps.workflows.checking import BranchFacts, EdgeFacts, Sheet, in_a_row, of_all, of_required, of_stage
from apps.workflows.drawing import draw
from apps.workflows.graph import BrokenGraph
from apps.workflows.models import BundleEdge
from apps.workflows.reading import Parts

RELATIONS = {
    BundleEdge.Kind.PREREQUISITE: "等",
    BundleEdge.Kind.OPINION: "征求意见",
    BundleEdge.Kind.DATA: "取用数据",
}


def panels(parts: Parts) -> dict:
    """Everything that the page shows of a version, reckoned from its rows without asking for more."""
    sheet = parts.sheet()
    facts = {"parts": parts, "sheet": sheet, "faults": parts.faults(), "questions": _questions(sheet)}
    facts |= {"materials": _materials(sheet), "counts": _counts(sheet)}
    try:
        whole = of_all(sheet)
    except BrokenGraph:  # stored by hand: the faults say so, and nothing can be reckoned or drawn
        return facts | {"stages": _stages(parts, sheet, critical=None), "drawing": None}
    facts["stages"] = _stages(parts, sheet, critical=frozenset(whole.path))
    counts = facts["counts"]
    facts["figures"] = [
        {
            "label": "分项",
            "value": counts["branches"],
            "unit": "项",
            "note": f"其中视情形 {counts['optional']} 项",
        },
        {
            "label": "承办部门",
            "value": counts["departments"],
            "unit": "个",
            "note": f"{len(sheet.stages)} 个阶段",
        },
        {"label": "全部办理", "value": whole.days, "unit": "个工作日", "note": "按关键路径"},
        {"label": "只办必办的", "value": of_required(sheet).days, "unit": "个工作日", "note": "按关键路径"},
        {"label": "一个接一个办", "value": in_a_row(sheet), "unit": "个工作日", "note": "串联，作比较"},
        {
            "label": "法定时限",
            "value": parts.version.legal_days,
            "unit": "个工作日",
            "note": _extension(parts),
        },
    ]
    facts["critical"] = [sheet.called(code) for code in whole.path]
    facts["drawing"] = draw(sheet, whole.path) if sheet.branches else None
    return facts


def departments() -> list[str]:
    """The names of departments without their city or county, each once."""
    held = Department.objects.order_by("id").values_list("name", "point__region")
    return sorted({name.removeprefix(region) for name, region in held})


def unknown_departments(sheet: Sheet, known: list[str]) -> list[str]:
    """Names that no city or county has a department of: a slip of the pen, or a body outside."""
    named = [*(one.department for one in sheet.branches), *(one.lead for one in sheet.stages if one.lead)]
    return [name for name in dict.fromkeys(named) if name not in known]


def _stages(parts: Parts, sheet: Sheet, *, critical: frozenset[str] | None) -> list[dict]:
    levels = {branch.code: branch.get_level_display() for branch in parts.branches}
    found = []
    for stage in sheet.stages:
        line = of_stage(sheet, stage.number) if critical is not None else None
        rows = [
            {
                "branch": branch,
                "level": levels[branch.code],
                "relations": [_relation(edge, sheet) for edge in sheet.edges if edge.branch == branch.code],
                "brought_by": _brought_by(branch, sheet),
                "is_critical": bool(critical) and branch.code in critical,
            }
            for branch in sheet.branches
            if branch.stage == stage.number
        ]
        found.append(
            {
                "stage": stage,
                "rows": rows,
                "longest": line,
                "path": " → ".join(line.path) if line else "",
                "spare": stage.days - line.days if line else None,
            }
        )
    return found


def _relation(edge: EdgeFacts, sheet: Sheet) -> dict:
    return {
        "edge": edge,
        "words": RELATIONS[edge.kind],
        "needs": sheet.called(edge.needs),
        "called": sheet.called(edge.branch),
    }


def _brought_by(branch: BranchFacts, sheet: Sheet) -> list[str]:
    """The answers that bring a branch in, with their questions."""
    return [
        f"{question.number}. {question.text}{label}"
        for question in sheet.questions
        for label, brought in question.answers
        if branch.code in brought
    ]


def _questions(sheet: Sheet) -> list[dict]:
    return [
        {
            "question": question,
            "answers": [
                {"label": label, "brought": [sheet.called(code) for code in brought]}
                for label, brought in question.answers
            ],
        }
        for question in sheet.questions
    ]


def _materials(sheet: Sheet) -> list[dict]:
    return [
        {
            "material": material,
            "source": sheet.called(material.source) if material.source else "",
            "used_by": [sheet.called(code) for code in material.used_by],
        }
        for material in sheet.materials
    ]


def _counts(sheet: Sheet) -> dict:
    return {
        "branches": len(sheet.branches),
        "optional": sum(branch.is_optional for branch in sheet.branches),
        "departments": len({branch.department for branch in sheet.branches}),
    }


def _extension(parts: Parts) -> str:
    return f"经批准可延长 {parts.version.extension_days} 日"
