"""一张表单: the questions of all branches that apply, each asked once. Read-only."""

from apps.items.models import ItemVersion

from .models import Project, ProjectBranch
from .states import BranchState


def fields_of(project: Project) -> list[dict]:
    """The fields of the one form in the order of the branches; a field that several items ask is asked once."""
    return list(merged(_forms(project)).values())


def form_of(branch: ProjectBranch, answers: dict, version: ItemVersion) -> dict:
    """What of the one form belongs to one branch."""
    return {
        field["name"]: answers[field["name"]] for field in version.form_fields if field["name"] in answers
    }


def merged(forms: list[list[dict]]) -> dict[str, dict]:
    """By name; what one item requires is required, and the shortest limit holds."""
    fields: dict[str, dict] = {}
    for form in forms:
        for field in form:
            known = fields.setdefault(field["name"], dict(field))
            known["required"] = bool(known.get("required") or field.get("required"))
            limits = [one["max_length"] for one in (known, field) if one.get("max_length")]
            if limits:
                known["max_length"] = min(limits)
    return fields


def counted(project: Project) -> tuple[int, int]:
    """How many fields the one form has, and how many the items ask for one by one."""
    forms = _forms(project)
    return len(merged(forms)), sum(len(form) for form in forms)


def _forms(project: Project) -> list[list[dict]]:
    applying = project.branches.exclude(state=BranchState.NOT_NEEDED).order_by("stage__number", "id")
    return list(applying.values_list("item_version__form_fields", flat=True))
