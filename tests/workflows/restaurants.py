"""A county where a restaurant is to be opened: two departments, three matters, one of them only with a sign outside.

zz 营业执照 → sp 食品经营许可
zz         → hw 户外招牌 (only with a sign)
"""

from dataclasses import dataclass
from datetime import datetime

import pytest

from apps.accounts.models import Applicant, User
from apps.cases import actions as cases
from apps.cases.models import Channel
from apps.items.models import CaseKind, ItemType, Necessity
from apps.points.models import Department, Level, ServicePoint
from apps.workflows import actions
from apps.workflows.checking import (
    BranchFacts,
    EdgeFacts,
    MaterialFacts,
    QuestionFacts,
    Sheet,
    StageFacts,
)
from apps.workflows.models import BundleVersion, Project, ProjectBranch
from tests.cast import SINCE, a_scan, at, publish_item

from .projects import people_of

SCJG, ZHUJIAN = "市场监督管理局", "住房和城乡建设局"
MONDAY = at("2026-03-02", "09:00")
SIGN = "要挂户外招牌吗？"
SHOP = [{"name": "shop_name", "label": "店名", "kind": "text", "required": True, "max_length": 60}]
PLACE = [{"name": "address", "label": "经营场所", "kind": "text", "required": True, "max_length": 200}]
MATTERS = {  # code → name, result, department, days, form, papers (name, necessity)
    "zz": ("个体工商户登记", "营业执照", SCJG, 1, SHOP, [("经营场所证明", Necessity.REQUIRED)]),
    "sp": (
        "食品经营许可",
        "食品经营许可证",
        SCJG,
        5,
        SHOP + PLACE,
        [
            ("营业执照", Necessity.REQUIRED),
            ("经营场所证明", Necessity.REQUIRED),
            ("健康证明", Necessity.BY_PROMISE),
        ],
    ),
    "hw": (
        "户外招牌设置",
        "招牌设置许可",
        ZHUJIAN,
        3,
        PLACE,
        [("营业执照", Necessity.REQUIRED), ("招牌效果图", Necessity.REQUIRED)],
    ),
}


@dataclass
class Street:
    """The county with its two departments and the bundle of a restaurant."""

    county: ServicePoint
    heads: dict[str, User]
    approvers: dict[str, User]
    version: BundleVersion
    owner: User

    def draft(self, *, sign: str = "要", applicant: Applicant | None = None, **facts) -> Project:
        by = facts.pop("by", self.owner)
        return actions.draft_project(
            self.version, name="开餐馆一件事", applicant=applicant or by.applicant, at_point=self.county,
            channel=Channel.ONLINE, answers={"1": sign}, by=by, at=facts.pop("moment", MONDAY), **facts,
        )  # fmt: skip

    def filled(self, **facts) -> Project:
        moment = facts.get("moment", MONDAY)
        project = self.draft(**facts)
        form = {"shop_name": "江畔小吃店", "address": "滨江路18号"}
        actions.save_project(project, form=form, phone="13800000001", at=moment)
        for material in project.materials.filter(state="absent", necessity=Necessity.REQUIRED):
            actions.attach_paper(material, a_scan(), by=project.filed_by, at=moment)
        return project

    def filed(self, **facts) -> Project:
        project = self.filled(**facts)
        at_ = facts.get("moment", MONDAY)
        return actions.file_project(project, by=project.filed_by, at=at_, privacy_notice="2026-01")

    def told(self, *, moment: datetime = MONDAY, **facts) -> Project:
        """Filed; both departments want something else, and the applicant is told once."""
        project = self.filed(moment=moment, **facts)
        self.answer(project, "zz", "supplement", "经营场所证明", "看不清门牌号", moment=moment)
        self.answer(project, "sp", "accept", moment=moment)
        self.answer(project, "hw", "supplement", "招牌效果图", "没有标尺寸", moment=moment)
        actions.send_notice(project.stages.get(), by=self.heads[SCJG], at=moment)
        return project

    def running(self, *, moment: datetime = MONDAY, **facts) -> Project:
        project = self.filed(moment=moment, **facts)
        self.accept(project, moment=moment)
        return project

    def accept(self, project: Project, *, moment: datetime = MONDAY) -> None:
        """Every department that has not answered yet says yes, and the lead accepts the whole."""
        for branch in project.branches.filter(state="waiting", answer="").order_by("id"):
            self.answer(project, branch.code, "accept", moment=moment)
        actions.accept_stage(project.stages.get(), by=self.heads[SCJG], at=moment)

    def answer(
        self,
        project: Project,
        code: str,
        said: str,
        paper: str = "",
        text: str = "",
        *,
        moment: datetime = MONDAY,
    ) -> None:
        branch = self.branch(project, code)
        wishes = ()
        if text:
            material = project.materials.get(name=paper).pk if paper else None
            wishes = (actions.Wish(text, material=material, remedy="请重新拍一张"),)
        actions.answer(branch, said, wishes=wishes, by=self.heads[branch.department.name], at=moment)

    def grant(self, project: Project, code: str, *, moment: datetime) -> None:
        branch = self._examined(project, code, moment=moment)
        cases.grant(
            branch.case,
            by=self.approvers[branch.department.name],
            at=moment,
            result_number=f"川资{code.upper()}2026001",
        )

    def refuse(self, project: Project, code: str, *, moment: datetime) -> None:
        branch = self._examined(project, code, moment=moment)
        cases.refuse(
            branch.case, reasons="场所不符合卫生要求", by=self.approvers[branch.department.name], at=moment
        )

    def branch(self, project: Project, code: str) -> ProjectBranch:
        return project.branches.select_related("stage", "department", "case", "project").get(code=code)

    def _examined(self, project: Project, code: str, *, moment: datetime) -> ProjectBranch:
        branch = self.branch(project, code)
        head = self.heads[branch.department.name]
        cases.start_review(branch.case, by=head, at=moment)
        cases.finish_review(branch.case, opinion="符合条件", by=head, at=moment)
        return self.branch(project, code)


def a_menu(*, question: str = SIGN) -> Sheet:
    return Sheet(
        stages=(StageFacts(1, "证照联办", SCJG, 10),),
        branches=tuple(
            BranchFacts(
                code, "", f"CY-{code}", department, 1, days,
                is_optional=code == "hw", condition="有户外招牌" if code == "hw" else "",
            )
            for code, (_, _, department, days, _, _) in MATTERS.items()
        ),
        edges=(EdgeFacts("sp", "zz"), EdgeFacts("hw", "zz")),
        questions=(QuestionFacts(1, question, (("要", ("hw",)), ("不要", ())), "门头字牌也算"),),
        materials=(
            MaterialFacts("营业执照", ("sp", "hw"), "zz"),
            MaterialFacts("经营场所证明", ("zz", "sp")),
        ),
    )  # fmt: skip


@pytest.fixture
def street(calendar, county, market_bureau, citizen, privacy_notice):
    for code, (name, result, _, days, form, papers) in MATTERS.items():
        publish_item(
            f"CY-{code}", name, level=Level.COUNTY, type=ItemType.PERMIT, kind=CaseKind.COMMITTED, days=days,
            materials=[
                {"name": paper, "form": "original", "originals": 1, "necessity": necessity}
                for paper, necessity in papers
            ],
            form_fields=form, synonyms=["开餐馆"], result_name=result,
        )  # fmt: skip
    heads, approvers = {}, {}
    for short, name in {"sc": SCJG, "zh": ZHUJIAN}.items():
        department = market_bureau
        if name != SCJG:
            department = Department.objects.create(point=county, code=short.upper(), name=name)
        heads[name], approvers[name] = people_of(county, department, short)
    bundle = actions.enter_bundle(
        "CANYIN", "开餐馆一件事", audience="citizen", lead=SCJG, by=None, at=at("2025-01-01")
    )
    version = actions.fill_draft(bundle.versions.get(), a_menu(), by=None, at=at("2025-01-01"))
    version = actions.publish(version, on=SINCE, by=None, at=at("2025-01-01"))
    return Street(county, heads, approvers, version, citizen)


def publish_anew(street: Street, *, question: str = SIGN, on: datetime) -> BundleVersion:
    """The bundle in a new version, in force the same day; `question` as it is worded now."""
    draft = actions.draft_version(street.version.bundle, by=None, at=on)
    if question != SIGN:
        actions.unask(draft, 1, by=None, at=on)
        asked = QuestionFacts(1, question, (("要", ("hw",)), ("不要", ())), "")
        actions.ask(draft, asked, by=None, at=on)
    return actions.publish(draft, on=on.date(), by=None, at=on)
