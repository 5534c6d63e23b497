"""并联项目 of the sample: a few of every kind, told through the actions, each with the time of its acts.

Told once: a project that is on record by its key is not told again.
"""

import random
import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from apps.accounts.models import Applicant, Assignment, PrivacyNotice, User
from apps.accounts.roles import Role
from apps.calendars import loaded
from apps.cases import actions as cases
from apps.cases.models import Channel
from apps.points.models import Department, ServicePoint
from apps.workflows import actions
from apps.workflows.actions import key_projects
from apps.workflows.models import (
    BundleVersion,
    KeyProject,
    Project,
    ProjectBranch,
    ProjectMaterial,
    ProjectStage,
)
from apps.workflows.one_form import fields_of

from .facts import tree
from .key_projects import keeper
from .scans import scan_of
from .whole import all_or_nothing

HALL = "512002"
NAMESPACE = uuid.UUID("6f0c6b8e-1d4e-4f57-9a55-5b1f0a8f7c21")
LEADERS = (Role.CLERK, Role.WINDOW_HEAD, Role.APPROVER)
DECIDERS = (Role.APPROVER, Role.WINDOW_HEAD)


def load_projects(*, now: datetime, say: Callable[[str], None]) -> None:
    """Each in a transaction of its own, so that a run that was stopped goes on with the next."""
    told = 0
    for number, facts in enumerate(tree("projects.json")["projects"]):
        key = uuid.uuid5(NAMESPACE, str(number))
        if Project.objects.filter(key=key).exists():
            continue
        try:
            with all_or_nothing():
                Telling(facts, key, now).tell()
        except (actions.NotAllowed, cases.NotAllowed) as refusal:
            say(f"项目“{facts['name']}”没有载入：{refusal}")
        else:
            told += 1
    if told:
        say(f"并联项目载入完成，共{told}个")


class Telling:
    """One project with its people and its days. `day` counts working days from its filing."""

    def __init__(self, facts: dict, key: uuid.UUID, now: datetime):
        self.facts, self.key = facts, key
        self.chance = random.Random(str(key))
        self.hall = ServicePoint.objects.get(code__startswith=HALL, level="4", valid_to=None)
        self.now = timezone.localtime(now)
        self.calendar = loaded.current()
        self.first = self.calendar.before(self.now.date(), facts["days_ago"]).likely_on
        self.owner = User.objects.get(username=facts["by"])
        self.project: Project | None = None
        self.minutes: dict[tuple[int, int], int] = {}  # of a day and hour, the last one told

    def tell(self) -> None:
        getattr(self, f"_{self.facts['story']}")()

    def at(self, day: int, hour: int = 9) -> datetime:
        """A moment of the n-th working day after the filing, never later than now; of one hour each later than the one before."""
        on = self.calendar.add(self.first, day).likely_on if day else self.first
        minute = min(self.minutes.get((day, hour), 0) + self.chance.randrange(1, 12), 59)
        self.minutes[day, hour] = minute
        return min(timezone.make_aware(datetime.combine(on, time(hour, minute))), self.now)

    # -- acts ----------------------------------------------------------------------------------------------
    def file(self) -> None:
        version = BundleVersion.objects.in_force_on(self.first).get(bundle__code=self.facts["bundle"])
        questions = version.questions.order_by("number").values_list("number", flat=True)
        answers = {str(number): said for number, said in zip(questions, self.facts["answers"], strict=True)}
        project = actions.draft_project(
            version, name=self.facts["name"], applicant=self._applicant(), at_point=self.hall, channel=Channel.ONLINE,
            answers=answers, national_code=self.facts.get("code", ""), by=self.owner, at=self.at(0, 8), key=self.key,
            is_sample=True,
        )  # fmt: skip
        form = {field["name"]: self._said(field) for field in fields_of(project)}
        actions.save_project(project, form=form, at=self.at(0, 8))
        self.bring(project, project.stages.order_by("number").first(), self.at(0, 8))
        privacy = PrivacyNotice.in_force()
        self.project = actions.file_project(
            project, by=self.owner, at=self.at(0), privacy_notice=privacy.version if privacy else ""
        )
        if self.facts.get("is_key"):
            key_project = KeyProject.objects.get(national_code=self.facts["code"])
            key_projects.link(self.project, key_project, by=keeper(at=self.now), at=self.at(0, 10))

    def bring(self, project: Project, stage: ProjectStage, at: datetime) -> None:
        for material in ProjectMaterial.objects.filter(project=project, stage=stage, state="absent").exclude(
            uses=None
        ):
            actions.attach_paper(material, scan_of(self.chance, material.name), by=self.owner, at=at)

    def start_stage(self, number: int, day: int) -> None:
        """Confirmed if it is the first, handed in, dispatched, answered with yes, accepted: one working day."""
        stage, at = self.stage(number), self.at(day, 8)
        if stage.project.state == "filed":
            actions.confirm(stage.project, left_out={}, by=self.of(stage.project.lead), at=at)
        if stage.state == "waiting":
            self.bring(stage.project, stage, at)
            stage = actions.receive(self.stage(number), by=self.of(stage.lead), at=at)
        if stage.state == "received":
            actions.dispatch(self.stage(number), by=self.of(stage.lead), at=at)
        for branch in self.branches(number):
            if branch.state == "waiting":
                actions.answer(
                    branch, "accept", by=self.of(branch.department, branch.point), at=self.at(day, 9)
                )
        actions.accept_stage(self.stage(number), by=self.of(stage.lead), at=self.at(day, 10))

    def grant(self, code: str, day: int, *, refuse: str = "", hour: int = 11) -> None:
        branch = self.branch(code)
        reviewer = self.of(branch.department, branch.point)
        decider = self.of(branch.department, branch.point, DECIDERS, but=reviewer)
        cases.start_review(branch.case, by=reviewer, at=self.at(day, hour))
        cases.finish_review(
            branch.case,
            opinion=refuse or "经审查，符合办理条件。",
            by=reviewer,
            at=self.at(day, hour + 1),
        )
        if refuse:
            cases.refuse(branch.case, reasons=refuse, by=decider, at=self.at(day, hour + 2))
        else:
            cases.grant(branch.case, by=decider, at=self.at(day, hour + 2))

    # -- stories -------------------------------------------------------------------------------------------
    def _filed(self) -> None:
        self.file()

    def _half_way(self) -> None:
        """The first stage is handed over, the second under way: one branch with experts, one late, a survey to come."""
        self.file()
        self.start_stage(1, 1)
        self.grant("ba", 1)
        self.grant("yd", 6)
        self.grant("yg", 9)
        stage = self.stage(1)
        actions.hand_over(
            stage, way="counter", proof="公司经办人签收", by=self.of(stage.lead), at=self.at(10, 8)
        )
        self.start_stage(2, 10)
        stage = self.stage(2)
        departments = [self.department(name) for name in ("生态环境局", "水务局")]
        asked = {"departments": departments, "by": self.of(stage.lead), "stage": stage}
        actions.convene(self.project, "opinion", subject="厂区总平面布局", at=self.at(11), **asked)
        plan = self.branch("hp")
        cases.start_review(plan.case, by=self.of(plan.department, plan.point), at=self.at(12))
        self.grant("sb", 15)
        actions.note_silence(at=self.at(16))
        ahead = self.calendar.add(self.now.date(), 2).likely_on
        actions.convene(
            self.project, "survey", subject="联合踏勘厂区排水和取土场", place="城南工业集中发展区兴业路",
            begins_at=timezone.make_aware(datetime.combine(ahead, time(15))), at=self.now - timedelta(hours=2), **asked,
        )  # fmt: skip

    def _refused_and_taken_up(self) -> None:
        """The plan of the building was refused, and is decided anew with another scheme."""
        self.file()
        self.start_stage(1, 1)
        for code, day in (("ba", 1), ("yd", 5), ("yg", 8)):
            self.grant(code, day)
        self.start_stage(2, 9)
        self.grant("hp", 14)
        self.grant("gg", 15, refuse="建筑退让道路红线不足，不符合控制性详细规划。")
        branch = self.branch("gg")
        actions.reopen(
            branch, why="厂房整体后移 6 米，重新报送总平面图", by=self.of(branch.stage.lead), at=self.at(18)
        )
        branch = self.branch("gg")
        actions.answer(branch, "accept", by=self.of(branch.department, branch.point), at=self.at(19))

    def _supplement(self) -> None:
        """Two departments want something else, told in one notice; the stage waits for the applicant."""
        self.file()
        stage = self.stage(1)
        lead, at = self.of(stage.lead), self.at(1, 9)
        actions.confirm(self.project, left_out={}, by=self.of(stage.project.lead), at=at)
        actions.receive(self.stage(1), by=lead, at=at)
        actions.dispatch(self.stage(1), by=lead, at=at)
        wishes = {
            "ba": ("没有填写资金来源", "补填资金来源后重新上传"),
            "yd": ("没有加盖公章", "加盖公章后重新扫描"),
        }
        for branch in self.branches(1):
            by = self.of(branch.department, branch.point)
            if branch.code in wishes:
                text, remedy = wishes[branch.code]
                paper = (
                    branch.uses.select_related("material").filter(material__source=None).first().material_id
                )
                wish = actions.Wish(text, paper, remedy)
                actions.answer(branch, "supplement", wishes=[wish], by=by, at=self.at(1, 15))
            elif branch.state == "waiting":
                actions.answer(branch, "accept", by=by, at=self.at(1, 15))
        actions.send_notice(self.stage(1), by=lead, at=self.at(2))

    def _restaurant_running(self) -> None:
        self.file()
        self.start_stage(1, 1)
        first = next(branch for branch in self.branches(1) if branch.state == "open")
        self.grant(first.code, 1)

    def _all_done(self) -> None:
        """Everything granted as it comes, and handed over together."""
        self.file()
        self.start_stage(1, 1)
        day, hour = 1, 11
        while still := [branch for branch in self.branches(1) if branch.state == "open"]:
            for branch in sorted(still, key=lambda one: one.days > 0):  # what is decided at once comes first
                at_once = branch.days == 0
                self.grant(branch.code, day if at_once else day + 2, hour=hour if at_once else 11)
            day, hour = (day, hour + 3) if all(branch.days == 0 for branch in still) else (day + 2, 14)
        day += 1
        stage = self.stage(1)
        actions.hand_over(stage, way="counter", proof="申请人签收", by=self.of(stage.lead), at=self.at(day))

    # -- who and what --------------------------------------------------------------------------------------
    def stage(self, number: int) -> ProjectStage:
        return self.project.stages.select_related("project", "project__lead", "lead").get(number=number)

    def branches(self, number: int) -> list[ProjectBranch]:
        rows = self.project.branches.filter(stage__number=number).select_related(
            "department", "point", "stage"
        )
        return list(rows.order_by("id"))

    def branch(self, code: str) -> ProjectBranch:
        found = self.project.branches.select_related("department", "point", "stage__lead", "case", "project")
        return found.get(code=code)

    def department(self, name: str) -> Department:
        return Department.objects.get(point=self.hall, name__in=[name, f"{self.hall.region}{name}"])

    def of(
        self,
        department: Department | None,
        point: ServicePoint | None = None,
        roles=LEADERS,
        *,
        but: User | None = None,
    ) -> User:
        """Somebody of a department of this hall; of its combined window where there is no department."""
        held = Assignment.objects.filter(
            point=point or self.hall,
            department=department,
            role__in=roles,
            valid_to=None,
            user__is_sample=True,
        )
        if but is not None:
            held = held.exclude(user=but)
        people = held.select_related("user", "point", "department").order_by("id")
        assignment = min(people, key=lambda one: roles.index(one.role), default=None)
        if assignment is None:
            raise actions.NotAllowed(f"{department or '综合窗口'}没有人在岗。")
        assignment.user.acting = assignment
        return assignment.user

    def _applicant(self) -> Applicant:
        if company := self.facts.get("company"):
            return Applicant.objects.get(name=company)
        return Applicant.objects.get(user=self.owner)

    def _said(self, field: dict) -> str:
        said = tree("projects.json")["form"].get(field["name"].split("_2")[0], "")
        if field.get("choices"):
            return said if said in field["choices"] else field["choices"][0]
        if field.get("kind") == "date":
            return self._day(said or "+60").isoformat()
        if field.get("kind") == "number":
            return said if said.isdigit() else "20"
        said = said.replace("{name}", self.facts["name"]).replace("{code}", self.facts.get("code", ""))
        return said or ("按有关规定办理" if field.get("required") else "")

    def _day(self, offset: str) -> date:
        return self.first + timedelta(days=int(offset))
