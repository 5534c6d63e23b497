"""申请内容的核对: what is wrong with the answers to a guide's form, one sentence for each. Pure."""

import re
from datetime import date

from apps.accounts.identity import BadNumber, clean_phone, normalised

LONGEST_TEXT = 5_000
"""Characters that a draft keeps of one answer; a field may allow fewer."""


def wrong_answers(fields: list[dict], form: dict, *, phone: str, on: date) -> dict[str, str]:
    """What stands in the way of handing the form in on a day: name of the field → sentence."""
    faults = {}
    for field in fields:
        sentence = _wrong(field, str(form.get(field["name"], "")).strip(), on)
        if sentence:
            faults[field["name"]] = sentence
    faults |= _turned_round(fields, form, faults)
    if phone.strip():
        try:
            clean_phone(phone)
        except BadNumber as error:
            faults["contact_phone"] = str(error)
    return faults


def _wrong(field: dict, answer: str, on: date) -> str:
    label, limit = field["label"], field.get("max_length", LONGEST_TEXT)
    if not answer:
        if not field.get("required"):
            return ""
        return f"请选择{label}。" if field.get("choices") else f"请填写{label}。"
    if len(answer) > limit:
        return f"{label}最多{limit}字，现在有{len(answer)}字，请删减。"
    if field.get("choices"):
        return "" if answer in field["choices"] else f"{label}请从给出的选项中选择。"
    check = {"number": _wrong_number, "date": _wrong_date}.get(field.get("kind", "text"))
    return check(field, answer, on) if check else ""


def _wrong_number(field: dict, answer: str, on: date) -> str:
    number = normalised(answer)
    if not re.fullmatch(r"[-+]?\d+(\.\d+)?", number):
        return f"{field['label']}请填数字。"
    return "" if float(number) > 0 else f"{field['label']}请填大于 0 的数。"


def _wrong_date(field: dict, answer: str, on: date) -> str:
    day = day_of(answer)
    if day is None:
        return f"{field['label']}请按 2026-01-31 的样子填写日期。"
    if field.get("after_today") and day <= on:
        return f"{field['label']}要晚于今天。"
    return f"{field['label']}不能晚于今天。" if field.get("until_today") and day > on else ""


def _turned_round(fields: list[dict], form: dict, faults: dict[str, str]) -> dict[str, str]:
    """A period ends on the day it begins at the earliest; told beside its end, once both days are days."""
    labels = {field["name"]: field["label"] for field in fields}
    found = {}
    for field in fields:
        name, other = field["name"], field.get("not_before", "")
        ends, begins = (day_of(str(form.get(one, "")).strip()) for one in (name, other))
        if ends and begins and ends < begins and not faults.keys() & {name, other}:
            found[name] = f"{field['label']}不能早于{labels.get(other, '开始日期')}。"
    return found


def day_of(answer: str) -> date | None:
    """The day as the form writes it, 2026-01-31; None for anything else."""
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", answer):
        return None
    try:
        return date.fromisoformat(answer)
    except ValueError:
        return None
