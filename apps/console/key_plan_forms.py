"""推进计划的表单: 六个一, target day, tasks; and how the template's fields are called."""

from django import forms

from apps.points.models import Department
from apps.workflows.actions.key_projects import TaskFacts
from apps.workflows.models import LONGEST, KeyTask

from .amendment_forms import day_field
from .bundle_forms import choice, whole, words
from .key_project_forms import ActForm


class OneForm(ActForm):
    """六个一的一栏."""

    owner = words("责任人", 60, help_text="只写一个人的名字")
    words = words("内容", 200)

    field_order = ["words", "owner"]


class TargetForm(ActForm):
    """目标日: empty takes it back."""

    on = day_field("目标日", required=False, help_text="例如开工日、投产日；今天或以后")


class TaskForm(ActForm):
    """量化任务."""

    code = words("任务编号", 20, help_text="短的，例如：a1；同一编号再存一次就是修改")
    name = words("任务", 80)
    days = whole("时间（工作日）", 0, LONGEST)
    department = choice("责任部门", required=False)
    owner = words("责任单位", 60, required=False, help_text="不是本市、本县部门的，在这里写名称")
    needs = forms.MultipleChoiceField(
        label="要等哪些任务完成",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": "选的任务已经不在了，请重新选。"},
    )

    def __init__(self, *args, departments: list[Department], tasks: list[KeyTask], **kwargs):
        super().__init__(*args, **kwargs)
        self.departments = {str(one.pk): one for one in departments}
        self.fields["department"].choices = [("", "请选择"), *_by_hall(departments)]
        self.fields["needs"].choices = [(one.code, str(one)) for one in tasks]
        if not tasks:
            del self.fields["needs"]

    def clean(self):
        facts = super().clean()
        if not facts.get("department") and not (facts.get("owner") or "").strip():
            self.add_error("department", "请选择责任部门，或者填写责任单位。")
        return facts

    def facts(self) -> TaskFacts:
        typed = self.cleaned_data
        return TaskFacts(
            code=typed["code"],
            name=typed["name"],
            days=typed["days"],
            department=self.departments.get(typed["department"]),
            owner=typed["owner"],
            needs=tuple(typed.get("needs", ())),
        )


class DayForm(ActForm):
    """任务开始、任务完成."""

    on = day_field("日期")


class FieldForm(ActForm):
    """推进模板的一栏."""

    name = words("栏目名称", 20)
    hint = words("填写说明", 100, required=False)


def _by_hall(departments: list[Department]) -> list[tuple[str, list[tuple[str, str]]]]:
    halls: dict[str, list[tuple[str, str]]] = {}
    for one in departments:
        halls.setdefault(one.point.region, []).append((str(one.pk), one.name))
    return list(halls.items())
