"""窗口表单: what a clerk types, read into the words of the actions."""

import re
from collections.abc import Callable
from datetime import date, time
from functools import partial

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from apps.accounts.identity import (
    BadName,
    BadNumber,
    clean_credit_code,
    clean_id_number,
    clean_organisation_name,
    clean_person_name,
    clean_phone,
    normalised,
)
from apps.accounts.models import Applicant
from apps.cases.actions import Found, Incomplete
from apps.items.models import Item

LONGEST_FAULT, LONGEST_REMEDY = 2_000, 300


class BadCopies(ValueError):
    """A count of papers that is no count; `faults` maps its field to a sentence."""

    def __init__(self, faults: dict[str, str]):
        super().__init__("材料份数没有填对。")
        self.faults = faults


def faults_in(posted) -> list[Found]:
    """Faults of one notice: `fault-<seq>` with `remedy-<seq>`, and `fault-form` for the form itself.

    Raises Incomplete where a text is longer than can be kept: the notice is told once, so nothing of it is cut in silence.
    """
    found, too_long = [], {}
    for name, text in posted.items():
        key = name.removeprefix("fault-")
        if not name.startswith("fault-") or not text.strip() or not (key == "form" or whole_number(key)):
            continue
        seq = None if key == "form" else int(key)
        fault, remedy = text.strip(), posted.get(f"remedy-{key}", "").strip()
        for words, limit in ((fault, LONGEST_FAULT), (remedy, LONGEST_REMEDY)):
            if len(words) > limit:
                too_long[name] = f"最多写 {limit:,} 字，现在有 {len(words):,} 字，请删减。"
        found.append(Found(fault, seq, remedy))
    if too_long:
        raise Incomplete("有的问题写得太长，没有发出。", too_long)
    return sorted(found, key=lambda fault: (fault.seq is None, fault.seq or 0))


def whole_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def number_in(posted, name: str) -> int:
    """A whole number as typed, full-width digits too; 0 for anything else, which the actions refuse with a sentence."""
    text = normalised(posted.get(name, ""))
    return int(text) if whole_number(text) else 0


def seqs_in(posted) -> list[int]:
    """The papers that were ticked: `paper` once for each."""
    return [int(seq) for seq in posted.getlist("paper") if whole_number(seq)]


def day_in(posted, name: str) -> date | None:
    try:
        return date.fromisoformat(posted.get(name, "").strip())
    except ValueError:
        return None


def time_in(posted, name: str) -> time | None:
    try:
        return time.fromisoformat(posted.get(name, "").strip())
    except ValueError:
        return None


def copies_in(posted) -> dict[int, tuple[int, int]]:
    """Papers handed over: `originals-<seq>` and `copies-<seq>`. Raises BadCopies."""
    papers: dict[int, list[int]] = {}
    faults = {}
    for name, text in posted.items():
        match = re.fullmatch(r"(originals|copies)-(\d{1,3})", name)
        if not match or not text.strip():
            continue
        value = normalised(text)
        if not re.fullmatch(r"\d{1,3}", value):
            faults[name] = "份数请填0到999的整数。"
            continue
        papers.setdefault(int(match[2]), [0, 0])[match[1] == "copies"] = int(value)
    if faults:
        raise BadCopies(faults)
    return {seq: (originals, copies) for seq, (originals, copies) in papers.items()}


def phone_of(typed: str) -> str:
    try:
        return clean_phone(typed)
    except BadNumber as error:
        raise ValidationError(str(error)) from error


def check_applicant(form: forms.Form, facts: dict, *, name: str) -> dict:
    """姓名或名称, 证件号码: a person's or an organisation's, as they are kept; what cannot be is told beside its field."""
    if not facts.get("kind"):
        return facts
    is_person = facts["kind"] == Applicant.Kind.PERSON
    checks: dict[str, Callable[[str], str]] = {
        name: clean_person_name if is_person else clean_organisation_name,
        "number": partial(clean_id_number, on=timezone.localdate()) if is_person else clean_credit_code,
    }
    for field, check in checks.items():
        if facts.get(field):
            try:
                facts[field] = check(facts[field])
            except (BadName, BadNumber) as error:
                form.add_error(field, str(error))
    return facts


class WalkInForm(forms.Form):
    """窗口登记: who stands at the counter, and for which item."""

    item = forms.ModelChoiceField(
        label="事项",
        queryset=Item.objects.none(),
        to_field_name="code",
        widget=forms.HiddenInput,
        error_messages={
            "required": "请先选择事项。",
            "invalid_choice": "这个事项不在本服务点办理，请重新选择。",
        },
    )
    kind = forms.ChoiceField(
        label="申请人类型", choices=Applicant.Kind.choices, initial=Applicant.Kind.PERSON
    )
    name = forms.CharField(
        label="姓名或名称", max_length=120, error_messages={"required": "请填写申请人的姓名或名称。"}
    )
    number = forms.CharField(
        label="证件号码",
        help_text="自然人填身份证号，单位填统一社会信用代码",
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "请填写证件号码。"},
    )
    phone = forms.CharField(
        label="联系电话", max_length=20, widget=forms.TextInput(attrs={"inputmode": "tel"}),
        error_messages={"required": "请填写联系电话，有事好联系申请人。"},
    )  # fmt: skip

    def __init__(self, *args, items, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["item"].queryset = items

    def clean_phone(self):
        return phone_of(self.cleaned_data["phone"])

    def clean(self):
        return check_applicant(self, super().clean(), name="name")
