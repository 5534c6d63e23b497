"""推演的表单: what somebody assumes of the branches that are not done, read from the address and kept in it."""

from collections.abc import Sequence
from datetime import date

from django import forms

from apps.cases.terms import Pause, last_day
from apps.workflows.board import Row
from apps.workflows.board.forecast import Change
from apps.workflows.board.what_if import Scenario

MOST = 365  # working days earlier or later; days of a standstill


def day_field(label: str, told: str) -> forms.DateField:
    """`told` names the branch in front of what is wrong: the summary on top lists the faults of all of them."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    messages = {"invalid": f"{told}请按 2026-01-31 的样子填写日期。"}
    return forms.DateField(label=label, required=False, widget=widget, error_messages=messages)


def days_field(label: str, told: str) -> forms.IntegerField:
    """A plain text field: one of numbers would drop what was typed wrongly."""
    sentence = f"{told}晚几天填整数，最多 {MOST}；提早的写负数，例如 -2。"
    return forms.IntegerField(
        label=label, required=False, min_value=-MOST, max_value=MOST,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages=dict.fromkeys(("invalid", "min_value", "max_value"), sentence),
    )  # fmt: skip


class WhatIfForm(forms.Form):
    """A row for each branch of which something is still to come; sent by GET, so that the address is the scenario."""

    target = day_field("目标日", "目标日：")
    takes_up = forms.BooleanField(label="假定待决定的分项今天按新方案重办", required=False)

    def __init__(self, *args, rows: Sequence[Row], today: date, **kwargs):
        super().__init__(*args, auto_id="what-%s", label_suffix="", **kwargs)
        self.branches, self.today = list(rows), today
        if not any(row.now.is_to_settle for row in rows):
            del self.fields["takes_up"]
        for row in rows:
            name, code, told = row.now.name, row.code, _of(row)
            self.fields[f"days-{code}"] = days_field(f"{name}晚几天（早写负数）", told)
            self.fields[f"from-{code}"] = day_field(f"{name}暂停自", told)
            self.fields[f"to-{code}"] = day_field(f"{name}暂停至", told)

    def of(self, code: str) -> list[forms.BoundField]:
        """The three fields of a branch; none where nothing of it is still to come."""
        names = [f"{kind}-{code}" for kind in ("days", "from", "to")]
        return [self[name] for name in names if name in self.fields]

    def clean(self):
        entered = super().clean()
        target = entered.get("target")
        if target is not None and target < self.today:
            self.add_error("target", f"目标日{last_day(target)}已经过去，请选今天或以后的日期。")
        for row in self.branches:
            self._check(row, *(entered.get(f"{kind}-{row.code}") for kind in ("days", "from", "to")))
        return entered

    def _check(self, row: Row, days: int | None, from_on: date | None, to_on: date | None) -> None:
        now = row.now
        faults = []
        if days is not None and days < -now.days:
            faults.append(("days", f"承诺一共 {now.days} 日，最多早 {now.days} 日。"))
        if now.is_to_settle and (days or from_on or to_on) and not self.cleaned_data.get("takes_up"):
            faults.append(("days", "等牵头部门决定，先勾选“假定待决定的分项今天按新方案重办”。"))
        if now.is_paused and days and to_on is None:
            faults.append(("to", "正在暂停，填写哪天恢复才能推算。"))
        faults += _pause_faults(from_on, to_on, self.today, is_paused=now.is_paused)
        for kind, sentence in faults:
            self.add_error(f"{kind}-{row.code}", f"{_of(row)}{sentence}")

    @property
    def scenario(self) -> Scenario:
        entered, changes = self.cleaned_data, {}
        for row in self.branches:
            days, from_on, to_on = (entered[f"{kind}-{row.code}"] for kind in ("days", "from", "to"))
            if row.now.is_paused and to_on is not None:
                from_on = row.now.paused_since  # it stands still already, whatever was typed
            pauses = (Pause(from_on, to_on, True, "推演"),) if to_on is not None else ()
            if days or pauses:
                changes[row.code] = Change(days or 0, pauses)
        return Scenario(changes, bool(entered.get("takes_up")), entered["target"])


def _of(row: Row) -> str:
    return f"“{row.now.name}”"


def _pause_faults(from_on: date | None, to_on: date | None, today: date, *, is_paused: bool):
    """What is wrong with a standstill (from, to], beside which of its two days."""
    if from_on is None and to_on is None:
        return
    if to_on is None:
        yield "to", "请填写暂停到哪一天；不知道哪天恢复，就推算不出。"
    elif to_on < today:
        yield "to", "暂停到的这一天已经过去，不影响推算。"
    elif from_on is None:
        if not is_paused:
            yield "from", "请填写从哪一天起暂停。"
    elif to_on <= from_on:
        yield "to", "恢复要晚于暂停。"
    elif (to_on - from_on).days > MOST:
        yield "to", f"暂停最多 {MOST} 天。"
