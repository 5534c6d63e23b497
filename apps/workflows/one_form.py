"""一张表单: the questions of all branches that apply, each asked once. Read-only.

Two items may use one name for different questions (经营范围 in words here, 主要经营项目 to choose there): those are two
questions. The first in the order of the bundle keeps the name, whichever branches apply, so a name never changes hands.
"""

from .models import Project
from .states import BranchState

Keys = dict[tuple[str, str], str]
"""(name, label) of a field of an item → its name in the one form."""

HELD = {"project_name": "name", "project_code": "national_code"}
"""Questions of items that an investment project answers itself: name of the question → where the answer stands."""


def asked_of(project: Project) -> list[dict]:
    """The fields of the one form without those that the project itself answers: nobody is asked twice."""
    held = HELD if project.is_investment else {}
    return [field for field in fields_of(project) if field["name"] not in held]


def answers_of(project: Project) -> dict[str, str]:
    """What was filled in, with what the project answers itself."""
    held = HELD if project.is_investment else {}
    return project.form | {question: getattr(project, where) for question, where in held.items()}


def fields_of(project: Project) -> list[dict]:
    """The fields of the one form in the order of the branches; a question that several items ask is asked once."""
    forms = _forms(project)
    return merged([fields for fields, applies in forms if applies], keys_in(forms))


def keys_of(project: Project) -> Keys:
    return keys_in(_forms(project))


def keys_in(forms: list[tuple[list[dict], bool]]) -> Keys:
    keys: Keys = {}
    for fields, _ in forms:
        for field in fields:
            same_name = sum(name == field["name"] for name, _ in keys)
            keys.setdefault(
                (field["name"], field["label"]),
                f"{field['name']}_{same_name + 1}" if same_name else field["name"],
            )
    return keys


def form_of(fields: list[dict], answers: dict, keys: Keys) -> dict:
    """What of the one form belongs to the item with these fields, under the item's own names."""
    own = {field["name"]: keys.get((field["name"], field["label"]), field["name"]) for field in fields}
    return {name: answers[key] for name, key in own.items() if key in answers}


def merged(forms: list[list[dict]], keys: Keys | None = None) -> list[dict]:
    """Each question once: what one item requires is required, and the shortest limit holds."""
    keys = keys_in([(form, True) for form in forms]) if keys is None else keys
    found: dict[str, dict] = {}
    for form in forms:
        named = {field["name"]: keys[field["name"], field["label"]] for field in form}
        for field in form:
            key = named[field["name"]]
            known = found.setdefault(key, field | {"name": key})
            if field.get("not_before") in named:  # that field, too, may have another name here
                known["not_before"] = named[field["not_before"]]
            known["required"] = bool(known.get("required") or field.get("required"))
            limits = [one["max_length"] for one in (known, field) if one.get("max_length")]
            if limits:
                known["max_length"] = min(limits)
    return list(found.values())


def counted(project: Project) -> tuple[int, int]:
    """How many fields the one form has, and how many the items ask for one by one."""
    forms = _forms(project)
    applying = [fields for fields, applies in forms if applies]
    return len(merged(applying, keys_in(forms))), sum(len(fields) for fields in applying)


def _forms(project: Project) -> list[tuple[list[dict], bool]]:
    """Of every branch of the bundle its fields, and whether it applies; one statement."""
    rows = project.branches.order_by("stage__number", "branch_id")
    return [
        (fields, state != BranchState.NOT_NEEDED)
        for fields, state in rows.values_list("item_version__form_fields", "state")
    ]
