"""并联项目的表单: what the lead, a department or the counter types for one act, read into the words of the actions."""

from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple

from django import forms
from django.utils import timezone

from apps.cases.actions import Way
from apps.points.models import Department
from apps.workflows.models import Consultation, ConsultationMember, ProjectBranch

from .bundle_forms import choice, whole
from .bundle_forms import words as line

Kind, Reply = Consultation.Kind, ConsultationMember.Reply


class ActForm(forms.Form):
    """One act among others on a page: its fields have ids of their own. `told` puts a refusal beside its field."""

    def __init__(self, *args, name: str = "act", **kwargs):
        super().__init__(*args, auto_id=f"{name}-%s", label_suffix="", **kwargs)

    def told(self, faults: dict[str, str], message: str) -> None:
        placed = {field: sentence for field, sentence in faults.items() if field in self.fields}
        for field, sentence in placed.items():
            self.add_error(field, sentence)
        if len(placed) < max(len(faults), 1):
            self.add_error(None, message)


class PlainForm(ActForm):
    """Nothing to fill in: the press of the button is the act."""


def long_text(label: str, longest: int = 500, rows: int = 2, **more) -> forms.CharField:
    return line(label, longest, widget=forms.Textarea(attrs={"rows": rows}), **more)


def why(label: str) -> Callable[..., ActForm]:
    """A form that asks for the reason alone."""

    class WhyForm(ActForm):
        words = long_text(label)

    return WhyForm


class ConfirmForm(ActForm):
    """确认事项清单: a tick for each branch that applies; the reason for each that is taken off."""

    def __init__(self, *args, branches: list[ProjectBranch], **kwargs):
        super().__init__(*args, **kwargs)
        self.branches = branches
        for branch in branches:
            is_in = branch.state != "not_needed"
            self.fields[f"keep-{branch.pk}"] = forms.BooleanField(
                label=f"{branch.code} {branch.name}", required=False, initial=is_in
            )
            if is_in:
                self.fields[f"why-{branch.pk}"] = line(f"不办“{branch.name}”的理由", 200, required=False)

    def clean(self):
        entered = super().clean()
        for branch in self.left_out:
            if not entered.get(f"why-{branch.pk}", "").strip():
                self.add_error(f"why-{branch.pk}", f"请写明不办“{branch.name}”的理由。")
        return entered

    @property
    def rows(self) -> list[tuple[ProjectBranch, forms.BoundField, forms.BoundField | None]]:
        """For the page: each branch with its tick, and with the reason where it can be taken off."""
        return [
            (one, self[f"keep-{one.pk}"], self[f"why-{one.pk}"] if f"why-{one.pk}" in self.fields else None)
            for one in self.branches
        ]

    @property
    def left_out(self) -> list[ProjectBranch]:
        return [
            one
            for one in self.branches
            if one.state != "not_needed" and not self.cleaned_data.get(f"keep-{one.pk}")
        ]

    @property
    def reasons(self) -> dict[int, str]:
        return {one.pk: self.cleaned_data[f"why-{one.pk}"] for one in self.left_out}

    @property
    def taken_in(self) -> tuple[int, ...]:
        out = [one for one in self.branches if one.state == "not_needed"]
        return tuple(one.pk for one in out if self.cleaned_data.get(f"keep-{one.pk}"))


class Paper(NamedTuple):
    """A paper that a department has to answer for."""

    pk: int
    name: str


class AnswerForm(ActForm):
    """部门答复: the answer, and for a supplement what is wrong with which paper."""

    said = choice(
        "答复",
        choices=[("accept", "同意受理"), ("supplement", "需要补正"), ("out_of_scope", "不属本部门职权")],
        widget=forms.RadioSelect,
    )
    words = long_text("说明", required=False, help_text="不属本部门职权的，写明理由和应由谁办理。")

    def __init__(self, *args, papers: list[Paper], **kwargs):
        super().__init__(*args, **kwargs)
        self.lines: list[tuple[int | str, str]] = [*papers, ("form", "申请表")]
        for key, name in self.lines:
            self.fields[f"wish-{key}"] = line(f"{name}：什么问题", 500, required=False)
            self.fields[f"remedy-{key}"] = line(f"{name}：怎么改", 300, required=False)

    def clean(self):
        entered = super().clean()
        if entered.get("said") in ("accept", "out_of_scope") and self.wishes:
            self.add_error("said", "写了补正意见，请选“需要补正”；不要补正的，请删去意见。")
        return entered

    @property
    def paper_rows(self) -> list[tuple[str, forms.BoundField, forms.BoundField]]:
        """For the page: each paper with what is wrong with it and how it is put right, the form itself last."""
        return [(name, self[f"wish-{key}"], self[f"remedy-{key}"]) for key, name in self.lines]

    @property
    def wishes(self) -> list[tuple[str, int | None, str]]:
        said = self.cleaned_data
        return [
            (said[f"wish-{key}"], key if key != "form" else None, said.get(f"remedy-{key}", ""))
            for key, _ in self.lines
            if said.get(f"wish-{key}", "").strip()
        ]


class ExtensionForm(ActForm):
    """阶段延期."""

    days = whole("延长几个工作日", 1, 60)
    words = long_text("延期的理由")


class HandOverForm(ActForm):
    """一站出件."""

    way = choice("送达方式", choices=[way for way in Way.choices if way[0] != Way.AGENT])
    proof = line("送达凭证", 120, help_text="签收人姓名，或邮件号。")


class PaperForm(ActForm):
    """上传或更换一份材料."""

    file = forms.FileField(
        label="文件", error_messages={"required": "请选择文件。", "empty": "这个文件是空的，请重新选择。"}
    )
    words = line("更换的理由", 500, required=False, help_text="已经开办的分项用到这份材料时必须填写。")


class ConveneForm(ActForm):
    """发起会商."""

    kind = choice("会商方式", choices=Kind.choices)
    subject = line("事由", 200)
    agenda = long_text("议题", 2000, required=False)
    departments = forms.MultipleChoiceField(
        label="参加部门",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请选择参加的部门。",
            "invalid_choice": "选的部门不在这个项目里，请重新选。",
        },
    )
    day = forms.DateField(
        label="日期", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="联合踏勘和联审会必须填写。", error_messages={"invalid": "请按 2026-01-31 的样子填写日期。"},
    )  # fmt: skip
    hour = forms.TimeField(
        label="几点", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "请按 14:30 的样子填写时间。"},
    )  # fmt: skip
    place = line("地点", 120, required=False)
    answer_by = forms.DateField(
        label="答复期限", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="不填的，按套餐的规定。", error_messages={"invalid": "请按 2026-01-31 的样子填写日期。"},
    )  # fmt: skip

    def __init__(self, *args, departments: list[Department], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["departments"].choices = [(str(one.pk), one.name) for one in departments]
        self.by_pk = {str(one.pk): one for one in departments}

    @property
    def begins_at(self) -> datetime | None:
        return moment(self.cleaned_data)

    @property
    def invited(self) -> list[Department]:
        return [self.by_pk[pk] for pk in self.cleaned_data["departments"]]

    def told(self, faults: dict[str, str], message: str) -> None:
        super().told(
            {("day" if field == "begins_at" else field): said for field, said in faults.items()}, message
        )


class ReplyForm(ActForm):
    """答复会商. `round` is the time that the page showed."""

    round = forms.IntegerField(widget=forms.HiddenInput)
    said = choice("答复", widget=forms.RadioSelect)
    words = long_text("意见或理由", 2000, required=False)
    day = forms.DateField(
        label="建议日期", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    hour = forms.TimeField(
        label="建议几点", required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )

    def __init__(self, *args, consultation: Consultation, replies, **kwargs):
        super().__init__(*args, initial={"round": consultation.round}, **kwargs)
        self.fields["said"].choices = [(reply.value, reply.label) for reply in Reply if reply in replies]
        if not consultation.is_gathering:
            del self.fields["day"], self.fields["hour"]

    @property
    def other_time(self) -> datetime | None:
        return moment(self.cleaned_data)

    def shows(self, consultation: Consultation) -> None:
        """The page comes back with the time that is set now: what is sent from it again answers that one."""
        self.data = self.data.copy()
        self.data[self.add_prefix("round")] = str(consultation.round)

    def told(self, faults: dict[str, str], message: str) -> None:
        super().told(
            {("day" if field == "other_time" else field): said for field, said in faults.items()}, message
        )


class TimeForm(ActForm):
    """改期."""

    day = forms.DateField(
        label="日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"required": "请填写日期。", "invalid": "请按 2026-01-31 的样子填写日期。"},
    )  # fmt: skip
    hour = forms.TimeField(
        label="几点", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"required": "请填写时间。", "invalid": "请按 14:30 的样子填写时间。"},
    )  # fmt: skip
    place = line("地点", 120, required=False)
    words = line("改期的原因", 300, required=False)

    @property
    def begins_at(self) -> datetime | None:
        return moment(self.cleaned_data)

    def told(self, faults: dict[str, str], message: str) -> None:
        super().told(
            {("day" if field == "begins_at" else field): said for field, said in faults.items()}, message
        )


class RecordForm(ActForm):
    """会商记录: what was found or agreed, and who was absent."""

    words = long_text("记录", 5000, rows=5, help_text="到场的人、看到或议定的内容。")
    outcome = line("结论", 300, required=False, help_text="不填的，按各部门的答复归纳。")
    absent = forms.MultipleChoiceField(
        label="缺席的部门", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="已请假的不算缺席。",
    )  # fmt: skip

    def __init__(self, *args, members: list[ConsultationMember], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["absent"].choices = [(str(one.pk), one.department.name) for one in members]
        if members and not members[0].consultation.is_gathering:
            del self.fields["absent"]  # who has nothing to come to cannot stay away


def moment(entered: dict) -> datetime | None:
    """Day and hour as typed, in the time of the hall; None where one of them is missing."""
    day, hour = entered.get("day"), entered.get("hour")
    return timezone.make_aware(datetime.combine(day, hour)) if day and hour else None
