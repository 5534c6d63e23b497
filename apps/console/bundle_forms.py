"""套餐的表单: what an editor types, read into the facts that the actions take."""

import re

from django import forms
from django.core.exceptions import ValidationError

from apps.points.models import Level
from apps.workflows.actions import NotAllowed, fit_for_an_address
from apps.workflows.checking import BranchFacts, EdgeFacts, Fault, MaterialFacts, QuestionFacts, StageFacts
from apps.workflows.models import LONGEST, Bundle, BundleEdge
from apps.workflows.reading import Parts

PLACES = {
    "UNKNOWN_ITEM": ("item",),
    "UNUSABLE_ITEM": ("item",),
    "UNKNOWN_STAGE": ("stage",),
    "WRONG_STAGE": ("stage", "needs"),
    "BRANCH_TOO_LONG": ("days",),
    "CHAIN_TOO_LONG": ("days", "needs"),
    "STAGE_BEYOND_LAW": ("days",),
    "CIRCLE": ("needs",),
    "DATA_TOO_LATE": ("needs",),
    "UNKNOWN_CODE": ("answers", "used_by"),
}
"""Beside which field a fault of the version is told; the first that the form has."""


def words(label: str, longest: int, **more) -> forms.CharField:
    messages = {"required": f"请填写{label}。", "max_length": f"{label}最多{longest}个字。"}
    return forms.CharField(label=label, max_length=longest, error_messages=messages, **more)


def whole(label: str, least: int, most: int, **more) -> forms.IntegerField:
    sentence = f"{label}是{least}到{most}之间的整数。"
    messages = {"required": f"请填写{label}。"} | dict.fromkeys(
        ("invalid", "min_value", "max_value"), sentence
    )
    return forms.IntegerField(label=label, min_value=least, max_value=most, error_messages=messages, **more)


def choice(label: str, **more) -> forms.ChoiceField:
    messages = {"required": f"请选择{label}。", "invalid_choice": f"选的{label}已经不在了，请重新选。"}
    return forms.ChoiceField(label=label, error_messages=messages, **more)


def listed(name: str) -> forms.TextInput:
    """A field to type in, with suggestions."""
    return forms.TextInput(attrs={"list": name, "autocomplete": "off"})


class PartForm(forms.Form):
    """A form among others on the page of a version: its fields have their own ids."""

    name = ""

    def __init__(self, *args, parts: Parts | None = None, **kwargs):
        super().__init__(*args, auto_id=f"{type(self).__name__.lower()}-%s", label_suffix="", **kwargs)
        if parts is not None:
            self.offer(parts)

    def offer(self, parts: Parts) -> None:
        """Fills the choices from what the version holds."""

    def tell(self, faults: list[Fault]) -> None:
        """Puts each fault beside the field that it comes from, else on top."""
        for fault in faults:
            place = next((name for name in PLACES.get(fault.code, ()) if name in self.fields), None)
            self.add_error(place, fault.message)


class RulesForm(PartForm):
    """答复和逾期规则."""

    answer_days = whole("分发后几个工作日内答复", 1, 5)
    opinion_days = whole("征求意见和会签几个工作日内答复", 1, 30)
    silence_on_opinion = forms.BooleanField(label="征求意见逾期未答复，视为无意见", required=False)
    silence_on_survey = forms.BooleanField(label="无故缺席联合踏勘，视为同意", required=False)
    silence_on_meeting = forms.BooleanField(label="无故缺席联审会，视为同意", required=False)


class BundleForm(PartForm):
    """新建套餐."""

    code = words("套餐编码", 20, help_text="例如：YJS-CANYIN；以后不能改")
    name = words("套餐名称", 80)
    audience = choice("面向", choices=Bundle.Audience)
    lead = words("牵头部门", 60, widget=listed("departments"))
    coordinator = words("协调窗口", 60, required=False)

    def clean_code(self) -> str:
        code = self.cleaned_data["code"].strip()
        if not re.fullmatch(r"[A-Za-z0-9-]+", code):
            raise ValidationError("套餐编码只用字母、数字和短横线。")
        return code.upper()


class StageForm(PartForm):
    """设定阶段."""

    number = whole("第几阶段", 1, 20)
    title = words("阶段名称", 40)
    lead = words("牵头部门", 60, required=False, widget=listed("departments"), help_text="发布前必须填")
    days = whole("承诺时限（工作日）", 1, LONGEST)

    def facts(self) -> StageFacts:
        typed = self.cleaned_data
        return StageFacts(typed["number"], typed["title"], typed["lead"], typed["days"])


class BranchForm(PartForm):
    """增加或修改分项."""

    code = words("分项编号", 20, help_text="短的，例如：yd")
    item = words("事项", 40, widget=listed("items"), help_text="填事项编码，或从提示里选")
    title = words("分项名称", 120, required=False, help_text="不填就用事项名称")
    stage = choice("所在阶段")
    department = words("承办部门", 60, widget=listed("departments"), help_text="不带市、县名")
    level = choice("办理层级", required=False)
    days = whole("承诺时限（工作日）", 0, LONGEST, help_text="0 是当场办结")
    is_optional = forms.BooleanField(
        label="视情形办理", required=False, help_text="由情形问题的答案决定办不办"
    )
    condition = words("适用情形", 120, required=False, help_text="给人看的说明，例如：占用林地")

    def clean_code(self) -> str:
        try:
            return fit_for_an_address(self.cleaned_data["code"])
        except NotAllowed as refusal:
            raise ValidationError(str(refusal)) from refusal

    def offer(self, parts: Parts) -> None:
        self.fields["stage"].choices = [(one.number, str(one)) for one in parts.stages]
        self.fields["level"].choices = [("", "与项目同级"), *_levels()]

    def facts(self) -> BranchFacts:
        typed = self.cleaned_data
        return BranchFacts(
            code=typed["code"],
            name=typed["title"],
            item=typed["item"].split()[0],
            department=typed["department"],
            stage=int(typed["stage"]),
            days=typed["days"],
            level=typed["level"],
            is_optional=typed["is_optional"],
            condition=typed["condition"],
        )


class EdgeForm(PartForm):
    """连接两个分项."""

    branch = choice("分项")
    kind = choice("关系", choices=BundleEdge.Kind, initial=BundleEdge.Kind.PREREQUISITE)
    needs = choice("等哪个分项，或听取、取用谁的")
    only_if_applicable = forms.BooleanField(
        label="对方要办才等", required=False, help_text="只用于前置：对方视情形办理时勾选"
    )

    def offer(self, parts: Parts) -> None:
        named = [("", "请选择"), *((one.code, str(one)) for one in parts.branches)]
        self.fields["branch"].choices = self.fields["needs"].choices = named

    def facts(self) -> EdgeFacts:
        typed = self.cleaned_data
        return EdgeFacts(typed["branch"], typed["needs"], typed["kind"], typed["only_if_applicable"])


class QuestionForm(PartForm):
    """设定情形问题."""

    number = whole("第几问", 1, 99)
    text = words("问题", 160)
    hint = words("说明", 200, required=False)
    answers = forms.CharField(
        label="答案",
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text="每行一个答案；冒号后面写它带出的分项编号，不带出的不写。例如：占用：ld",
        error_messages={"required": "请填写答案。"},
    )

    def clean_answers(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        lines = [line.strip() for line in self.cleaned_data["answers"].splitlines() if line.strip()]
        return tuple(_answer(line) for line in lines)

    def facts(self) -> QuestionFacts:
        typed = self.cleaned_data
        return QuestionFacts(typed["number"], typed["text"], typed["answers"], typed["hint"])


class MaterialForm(PartForm):
    """设定共享材料."""

    title = words("材料名称", 160)
    source = choice("由哪个分项产生", required=False, help_text="不选就是申请人提交，只收一次")
    used_by = forms.MultipleChoiceField(
        label="用到它的分项",
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "请选择用到它的分项。",
            "invalid_choice": "选的分项已经不在了，请重新选。",
        },
    )

    def offer(self, parts: Parts) -> None:
        named = [(one.code, str(one)) for one in parts.branches]
        self.fields["used_by"].choices = named
        self.fields["source"].choices = [("", "申请人提交"), *named]

    def facts(self) -> MaterialFacts:
        typed = self.cleaned_data
        return MaterialFacts(typed["title"], tuple(typed["used_by"]), typed["source"] or None)


class WithdrawalForm(PartForm):
    """作废草稿."""

    why = words("作废的理由", 200)


def written(question: QuestionFacts) -> dict:
    """A question as it stands in its form."""
    lines = [f"{label}：{'、'.join(brought)}" if brought else label for label, brought in question.answers]
    return {
        "number": question.number,
        "text": question.text,
        "hint": question.hint,
        "answers": "\n".join(lines),
    }


def _answer(line: str) -> tuple[str, tuple[str, ...]]:
    label, _, codes = line.replace(":", "：").partition("：")
    return label.strip(), tuple(code for code in re.split(r"[、，,\s]+", codes) if code)


def _levels() -> list[tuple[str, str]]:
    return [(level.value, level.label) for level in (Level.CITY, Level.COUNTY)]
