"""并联项目的文书: one letter where several departments have something to say."""

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from apps.cases.actions import Way
from apps.workflows.models import ProjectEvent, SupplementWish
from apps.workflows.states import Verb

from .phrases import ASK, PERMIT_LAW, by, full_stop, zh


@dataclass
class Told:
    """The event, and for a notice what each department wants."""

    event: ProjectEvent
    wishes: list[SupplementWish] = field(default_factory=list)

    @property
    def on(self) -> date:
        return timezone.localdate(self.event.at)

    @property
    def is_person(self) -> bool:
        return self.event.project.applicant.is_person

    @property
    def you(self) -> str:
        return "您" if self.is_person else "你单位"

    @property
    def application(self) -> str:
        """你单位于2026年3月2日申报的“…”（项目编号…）第1阶段"""
        project = self.event.project
        return (
            f"{self.you}于{zh(project.filed_at)}申报的“{project.name}”（项目编号{project.number}）"
            f"{self.event.stage}"
        )


def notice(told: Told) -> dict:
    """补正告知书: all that is wrong, department by department, told once (art. 32(4))."""
    rows = [
        [
            str(number),
            wish.branch.name,
            wish.material.name if wish.material else "申请表",
            wish.text,
            wish.remedy or "按要求重新提交",
        ]
        for number, wish in enumerate(told.wishes, start=1)
    ]
    is_anew = told.event.facts.get("is_anew", False)
    of_what = "中按调整后的方案重新办理的分项" if is_anew else ""
    return {
        "paragraphs": [
            f"{told.application}{of_what}的有关材料收悉。经参加联合办理的部门审查，部分材料不齐全或者不符合法定形式，"
            f"依据{PERMIT_LAW}第三十二条第一款第四项的规定，现将各部门需要补正的全部内容合并为一份，一次告知如下："
        ],
        "tables": [
            {
                "caption": "需要补正的内容",
                "head": ["序号", "分项", "材料", "存在的问题", "如何补正"],
                "widths": [1, 2.6, 2.6, 3.6, 2.8],
                "rows": rows,
            }
        ],
        "closing": [
            f"请于{by(told.event.facts['answer_by'])}一次补正全部内容。要求补正的分项自补正齐全之日起算办理时限，"
            "其他分项照常办理；逾期未补正的，要求补正的分项视为撤回申请。",
            "除上列内容外，上列分项不再要求补正其他内容。"
            if is_anew
            else "除上列内容外，参加联合办理的部门不再要求补正其他内容。",
        ],
        "receiver": True,
    }


def acceptance(told: Told) -> dict:
    """受理通知书 of a stage: one day 0 for all, the committed days and the ceiling of art. 42(2)."""
    stage, facts = told.event.stage, told.event.facts
    day = zh(facts["accepted_on"])
    deemed = told.event.verb == Verb.STAGE_DEEMED
    found = (
        f"本机关在收到申请材料之日起五个工作日内没有作出受理决定，依法自{day}起即为受理。"
        if deemed
        else f"经审查，本机关决定统一受理，受理日期为{day}。"
    )
    until = f"（最迟{zh(facts['due_on'])}）" if facts.get("due_on") else ""
    branches = stage.project.branches.filter(stage=stage).exclude(state="not_needed")
    rows = [
        [
            str(number),
            branch.name,
            str(branch.department or "综合窗口"),
            f"{branch.days}个工作日" if branch.days else "当日",
        ]
        for number, branch in enumerate(branches.select_related("department").order_by("id"), start=1)
    ]
    return {
        "paragraphs": [
            f"{told.application}的有关材料收悉。",
            found,
            f"这一阶段由{stage.lead or stage.project.point}牵头联合办理，承诺自受理之日起{stage.days}个工作日内{until}办结；"
            f"依据{PERMIT_LAW}第四十二条第二款，法定期限为{stage.legal_days}个工作日。",
            "有前置的分项，自最后一个前置分项办结之日起算；各分项开办时另行通知。",
        ],
        "tables": [
            {
                "caption": "联合办理的分项",
                "head": ["序号", "分项", "承办部门", "承诺时限"],
                "widths": [1, 5, 3.6, 2],
                "rows": rows,
            }
        ],
        "closing": [ASK.replace("办件编号", "项目编号")],
        "receiver": True,
    }


def extension(told: Told) -> dict:
    """延期告知书 of a stage: approved by the head of the government, with its reason (art. 42(2))."""
    facts = told.event.facts
    until = f"，办结日期相应延至{zh(facts['due_on'])}" if facts.get("due_on") else ""
    return {
        "paragraphs": [
            f"{told.application}因{told.event.reason.strip().rstrip('。')}，不能在规定的期限内办结。",
            f"依据{PERMIT_LAW}第四十二条第二款的规定，经本级人民政府负责人批准，延长{facts['days']}个工作日{until}。",
        ],
        "tables": [],
        "closing": [ASK.replace("办件编号", "项目编号")],
        "receiver": True,
    }


def results(told: Told) -> dict:
    """一站式出件清单: what was decided in a stage, in one list, with how it was handed over."""
    facts = told.event.facts
    rows = [
        [str(number), one["name"], one["result"] or "见决定书"]
        for number, one in enumerate(facts["results"], start=1)
    ]
    return {
        "paragraphs": [f"{told.application}的下列分项已经办结，结果一并送达："],
        "tables": [
            {
                "caption": "出件清单",
                "head": ["序号", "分项", "结果文号"],
                "widths": [1, 6, 5],
                "rows": rows,
            }
        ],
        "closing": [full_stop(f"送达方式：{Way(facts['way']).label}；送达凭证：{facts['proof']}")],
        "receiver": True,
    }
