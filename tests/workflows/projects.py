"""A county where a factory is to be built: four departments with their people, six items, one bundle in two stages.

ba 备案 → yd 用地 → gg 工程规划 → sg 施工        stage 1: ba, yd, hp, jn    stage 2: gg, sg
ba → hp 环评 ─────────────────→ sg
ba → jn 节能 (only with large energy use) → sg, where it applies
"""

from dataclasses import dataclass
from datetime import date, datetime

import pytest

from apps.accounts.models import Applicant, User
from apps.accounts.roles import Role
from apps.cases import actions as cases
from apps.cases.models import Case, Channel
from apps.items.models import CaseKind, ItemType, ItemVersion, Necessity
from apps.points.models import Department, Level, ServicePoint
from apps.windows import actions as windows
from apps.windows.models import Authorisation
from apps.workflows import actions
from apps.workflows.checking import (
    BranchFacts,
    EdgeFacts,
    MaterialFacts,
    QuestionFacts,
    Sheet,
    StageFacts,
)
from apps.workflows.models import BundleVersion, Project, ProjectBranch, ProjectMaterial, ProjectStage
from tests.cast import SINCE, a_scan, at, make_user, publish_item

MONDAY = at("2026-03-02", "09:00")
FG, ZR, HB, ZJ = "发展和改革局", "自然资源和规划局", "生态环境局", "住房和城乡建设局"
LICENCE, PLAN, FILING = "营业执照", "总平面图", "项目备案证"
CODE = "2603-512002-04-01-123456"
FORM = [
    {"name": "investment", "label": "总投资（万元）", "kind": "number", "required": True},
    {"name": "site", "label": "建设地点", "kind": "text", "required": True, "max_length": 100},
]
ASKS_FOR_THE_PROJECT = [
    {"name": "project_name", "label": "项目名称", "kind": "text", "required": True, "max_length": 100},
    {"name": "project_code", "label": "项目代码", "kind": "text", "required": False, "max_length": 24},
]
ITEMS = {  # code → name, department, promised days, papers
    "ba": ("企业投资项目备案", FG, 1, ["备案申请表", LICENCE]),
    "yd": ("建设项目用地预审", ZR, 7, ["用地申请表", LICENCE, FILING]),
    "hp": ("环境影响报告表审批", HB, 7, ["环评报告表", LICENCE, FILING]),
    "jn": ("节能审查", FG, 5, ["节能报告", FILING]),
    "gg": ("建设工程规划许可", ZR, 7, ["规划申请表", PLAN]),
    "sg": ("建筑工程施工许可", ZJ, 3, ["施工申请表", PLAN]),
}


@dataclass
class Hall:
    """The county, its departments and who works there: `head` leads and receives, `approver` decides."""

    county: ServicePoint
    departments: dict[str, Department]
    heads: dict[str, User]
    approvers: dict[str, User]
    version: BundleVersion
    company: Applicant
    owner: User

    def draft(self, *, moment: datetime = MONDAY, energy: str = "否", **facts) -> Project:
        facts = {"name": "年产六万吨调味料生产线", "national_code": CODE} | facts
        return actions.draft_project(
            self.version, applicant=self.company, at_point=self.county, channel=Channel.ONLINE,
            answers={"1": energy}, by=self.owner, at=moment, **facts,
        )  # fmt: skip

    def asks_for_the_project(self, code: str) -> None:
        """The item of a branch asks again for the name and the code of the project."""
        form = ASKS_FOR_THE_PROJECT + FORM
        ItemVersion.objects.filter(item__code=f"XK-{code}").update(form_fields=form)

    def filed(self, *, moment: datetime = MONDAY, **facts) -> Project:
        project = self.draft(moment=moment, **facts)
        actions.save_project(project, form={"investment": "6000", "site": "雁江区城南"}, at=moment)
        self.bring(project, 1, moment=moment)
        return actions.file_project(project, by=self.owner, at=moment, privacy_notice="2026-01")

    def bring(self, project: Project, stage: int, *, moment: datetime = MONDAY) -> None:
        """The applicant hands up every paper that a stage asks for."""
        for material in ProjectMaterial.objects.filter(project=project, stage__number=stage, state="absent"):
            actions.attach_paper(material, a_scan(), by=self.owner, at=moment)

    def received(self, *, stage: int = 1, moment: datetime = MONDAY, **facts) -> ProjectStage:
        project = self.filed(moment=moment, **facts)
        actions.confirm(project, left_out={}, by=self.heads[FG], at=moment)
        return actions.receive(self.stage(project, stage), by=self.heads[FG], at=moment)

    def dispatched(self, *, moment: datetime = MONDAY, **facts) -> ProjectStage:
        stage = self.received(moment=moment, **facts)
        return actions.dispatch(stage, by=self.heads[ZR], at=moment)

    def told(self, *, moment: datetime = MONDAY, **facts) -> Project:
        """用地 wants something of the applicant, the others agree; the one notice of the first stage is out."""
        stage = self.dispatched(moment=moment, **facts)
        for branch in stage.project.branches.filter(stage=stage, state="waiting").order_by("id"):
            wishes = [actions.Wish("没有加盖公章", None, "加盖公章")] if branch.code == "yd" else []
            said = "supplement" if wishes else "accept"
            actions.answer(branch, said, wishes=wishes, by=self.head_of(branch), at=moment)
        actions.send_notice(self.stage(stage.project, 1), by=self.heads[ZR], at=moment)
        return Project.objects.get(pk=stage.project_id)

    def running(self, *, moment: datetime = MONDAY, **facts) -> Project:
        """The first stage is accepted, all its departments have said yes, and 备案 has its case."""
        stage = self.dispatched(moment=moment, **facts)
        for branch in stage.project.branches.filter(stage=stage, state="waiting").order_by("id"):
            actions.answer(branch, "accept", by=self.head_of(branch), at=moment)
        actions.accept_stage(stage, by=self.heads[ZR], at=moment)
        return Project.objects.get(pk=stage.project_id)

    def second_stage(self, project: Project, *, moment: datetime) -> ProjectStage:
        """Papers in, received, dispatched, answered and accepted in one day."""
        stage = self.stage(project, 2)
        self.bring(project, 2, moment=moment)
        actions.receive(stage, by=self.heads[ZJ], at=moment)
        actions.dispatch(stage, by=self.heads[ZJ], at=moment)
        for branch in project.branches.filter(stage=stage, state="waiting").order_by("id"):
            actions.answer(branch, "accept", by=self.head_of(branch), at=moment)
        return actions.accept_stage(stage, by=self.heads[ZJ], at=moment)

    def head_of(self, branch: ProjectBranch) -> User:
        return self.heads[branch.department.name]

    def stage(self, project: Project, number: int) -> ProjectStage:
        return project.stages.select_related("project").get(number=number)

    def branch(self, project: Project, code: str) -> ProjectBranch:
        return project.branches.select_related("stage", "department", "case", "project").get(code=code)

    def examined(self, project: Project, code: str, *, moment: datetime) -> Case:
        """The case of a branch, up to where only the decision is left."""
        branch = self.branch(project, code)
        head = self.head_of(branch)
        cases.start_review(branch.case, by=head, at=moment)
        return cases.finish_review(branch.case, opinion="符合条件", by=head, at=moment)

    def grant(self, project: Project, code: str, *, moment: datetime) -> ProjectBranch:
        case = self.examined(project, code, moment=moment)
        cases.grant(case, by=self.approvers[self.branch(project, code).department.name], at=moment)
        return self.branch(project, code)

    def refuse(self, project: Project, code: str, *, moment: datetime) -> ProjectBranch:
        case = self.examined(project, code, moment=moment)
        by = self.approvers[self.branch(project, code).department.name]
        cases.refuse(case, reasons="不符合规划", by=by, at=moment)
        return self.branch(project, code)

    def states(self, project: Project) -> dict[str, str]:
        return dict(project.branches.order_by("id").values_list("code", "state"))


def a_sheet() -> Sheet:
    return Sheet(
        stages=(StageFacts(1, "立项用地", ZR, 15), StageFacts(2, "工程建设", ZJ, 15)),
        branches=tuple(
            BranchFacts(
                code, "", f"XK-{code}", department, 2 if code in ("gg", "sg") else 1, days,
                is_optional=code == "jn", condition="年用电500万千瓦时以上" if code == "jn" else "",
            )
            for code, (_, department, days, _) in ITEMS.items()
        ),
        edges=(
            EdgeFacts("yd", "ba"), EdgeFacts("hp", "ba"), EdgeFacts("jn", "ba"), EdgeFacts("gg", "yd"),
            EdgeFacts("sg", "gg"), EdgeFacts("sg", "hp"), EdgeFacts("sg", "jn", only_if_applicable=True),
        ),
        questions=(QuestionFacts(1, "年用电在500万千瓦时以上吗？", (("是", ("jn",)), ("否", ()))),),
        materials=(
            MaterialFacts(LICENCE, ("ba", "yd", "hp")),
            MaterialFacts(PLAN, ("gg", "sg")),
            MaterialFacts(FILING, ("yd", "hp", "jn"), "ba"),
        ),
    )  # fmt: skip


def a_published_bundle(
    sheet: Sheet, *, code: str = "TZ", audience: str = "investment", lead: str = FG
) -> BundleVersion:
    bundle = actions.enter_bundle(
        code, "企业投资项目（备案制）", audience=audience, lead=lead, by=None, at=at("2025-01-01")
    )
    version = actions.fill_draft(bundle.versions.get(), sheet, by=None, at=at("2025-01-01"))
    return actions.publish(version, on=SINCE, by=None, at=at("2025-01-01"))


def people_of(county: ServicePoint, department: Department, short: str) -> tuple[User, User]:
    """首席代表 and 审批人员 of a department, the latter with a letter."""
    head = make_user(f"{short}-head", f"{short}首席", Role.WINDOW_HEAD, point=county, department=department)
    approver = make_user(
        f"{short}-approver", f"{short}审批", Role.APPROVER, point=county, department=department
    )
    windows.authorise(
        approver, point=county, department=department, power=Authorisation.Power.DECIDE, on=date(2025, 1, 1),
        until=None, letter_no="授〔2025〕1号",
    )  # fmt: skip
    return head, approver


def publish_items() -> None:
    for code, (name, _, days, papers) in ITEMS.items():
        materials = [
            {"name": paper, "form": "original", "originals": 1, "necessity": Necessity.REQUIRED}
            for paper in papers
        ]
        publish_item(
            f"XK-{code}", name, level=Level.COUNTY, type=ItemType.PERMIT, kind=CaseKind.COMMITTED, days=days,
            materials=materials, form_fields=FORM,
        )  # fmt: skip


@pytest.fixture
def hall(calendar, county, company, citizen):
    publish_items()
    departments, heads, approvers = {}, {}, {}
    for short, name in {"fg": FG, "zr": ZR, "hb": HB, "zj": ZJ}.items():
        departments[name] = Department.objects.create(point=county, code=short.upper(), name=name)
        heads[name], approvers[name] = people_of(county, departments[name], short)
    version = a_published_bundle(a_sheet())
    return Hall(county, departments, heads, approvers, version, company, citizen)
