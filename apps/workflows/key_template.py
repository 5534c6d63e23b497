"""推进模板: the fields of 六个一、三个量化、三个倒排 as they are called here. Read-only.

The reports name the three groups, not what is in them: these names are a choice, and the centre changes them. Of the
three quantities and the three backward plans only the names can change, since each means something to the reckoning.
"""

from collections.abc import Iterable

from .models import KeyTemplateField

Group = KeyTemplateField.Group

BUILT_IN = (
    (Group.ONES, "project", "一个项目", "建设内容、规模和投资额"),
    (Group.ONES, "leader", "一名领导", "联系项目的领导和职务"),
    (Group.ONES, "team", "一个专班", "专班名称、牵头单位和成员单位"),
    (Group.ONES, "scheme", "一套方案", "实施方案的名称和文号"),
    (Group.ONES, "ledger", "一本台账", "台账放在哪里，多久更新一次"),
    (Group.ONES, "report", "一份报告", "报告的名称，多久报一次，报给谁"),
    (Group.QUANTITIES, "task", "量化任务", "要办成的事"),
    (Group.QUANTITIES, "time", "量化时间", "要几个工作日"),
    (Group.QUANTITIES, "duty", "量化责任", "哪个部门负责"),
    (Group.BACKWARD, "time", "倒排时间", "按最迟开始日排列"),
    (Group.BACKWARD, "task", "倒排任务", "按先后关系排列"),
    (Group.BACKWARD, "duty", "倒排责任", "按责任单位排列"),
)
MOST_ONES = 12


def template_fields(*, also_unused: bool = False) -> dict[str, list[KeyTemplateField]]:
    """Every group with its fields in order: those on record, and the built-in ones that nobody has renamed."""
    rows = {(row.group, row.code): row for row in KeyTemplateField.objects.order_by("seq", "id")}
    for seq, (group, code, name, hint) in enumerate(BUILT_IN, start=1):
        rows.setdefault(
            (group, code), KeyTemplateField(group=group, code=code, seq=seq, name=name, hint=hint)
        )
    return {
        group.value: sorted(
            (row for row in rows.values() if row.group == group and (row.is_used or also_unused)),
            key=lambda row: (row.seq, row.code),
        )
        for group in Group
    }


def named(fields: Iterable[KeyTemplateField]) -> dict[str, str]:
    """The names of a group by code."""
    return {field.code: field.name for field in fields}
