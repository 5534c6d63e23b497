"""A random walk: many people do right and wrong things to one project over many days, with the sweeps running.

The bundle is drawn with the walk: branches in up to three stages, prerequisites forwards, some branches optional, papers shared
and produced. Whatever is tried either happens or is refused with a Chinese sentence; nothing else may come out of it.
"""

import random
import re
from collections import Counter
from datetime import timedelta

from apps.cases import actions as cases
from apps.items.models import ItemType, Necessity
from apps.points.models import Level
from apps.workflows import actions
from apps.workflows.checking import (
    BranchFacts,
    EdgeFacts,
    MaterialFacts,
    QuestionFacts,
    Sheet,
    StageFacts,
)
from apps.workflows.models import Consultation, Project, ProjectNotice
from tests.cast import a_scan, publish_item

from .projects import FG, FORM, HB, LICENCE, MONDAY, ZJ, ZR, Hall, a_published_bundle

DEPARTMENTS = (FG, ZR, HB, ZJ)
CHINESE = re.compile("[一-鿿]{3,}.*[。！）]")
MOST = 9  # branches
REFUSALS = (actions.NotAllowed, cases.NotAllowed)


def publish_matters() -> None:
    """Items to make branches of, each with a paper of its own and the licence."""
    for n in range(MOST):
        names = [f"申请表{n}", LICENCE, *(f"结果{k}" for k in range(n))]
        necessity = [Necessity.REQUIRED] * 2 + [Necessity.SITUATIONAL] * n
        materials = [
            {"name": name, "form": "original", "originals": 1, "necessity": need}
            for name, need in zip(names, necessity, strict=True)
        ]
        publish_item(
            f"W{n}", f"第{n}件事", level=Level.COUNTY, type=ItemType.PERMIT, days=2, materials=materials,
            form_fields=FORM,
        )  # fmt: skip


def a_drawn_sheet(draw: random.Random) -> Sheet:
    number, stages = draw.randint(3, MOST), draw.randint(1, 3)
    stage_of = sorted([*range(1, stages + 1), *(draw.randint(1, stages) for _ in range(number - stages))])
    optional = {n for n in range(1, number) if draw.random() < 0.3}
    edges = [
        EdgeFacts(f"b{n}", f"b{k}", only_if_applicable=k in optional)
        for n in range(number)
        for k in range(n)
        if draw.random() < 0.35
    ]
    return Sheet(
        stages=tuple(StageFacts(n, f"阶段{n}", draw.choice(DEPARTMENTS), 30) for n in range(1, stages + 1)),
        branches=tuple(
            BranchFacts(
                f"b{n}", "", f"W{n}", draw.choice(DEPARTMENTS), stage_of[n], draw.randint(0, 2),
                is_optional=n in optional, condition=f"要办第{n}件" if n in optional else "",
            )
            for n in range(number)
        ),
        edges=tuple(edges),
        questions=tuple(
            QuestionFacts(n, f"要办第{n}件吗？", (("要", (f"b{n}",)), ("不要", ()))) for n in sorted(optional)
        ),
        materials=(
            MaterialFacts(LICENCE, tuple(f"b{n}" for n in range(number))),
            *(MaterialFacts(f"结果{edge.needs[1:]}", (edge.branch,), edge.needs) for edge in _sources(edges)),
        ),
    )  # fmt: skip


def _sources(edges: list[EdgeFacts]) -> list[EdgeFacts]:
    """One follower for each branch whose result is a paper."""
    return list({edge.needs: edge for edge in edges}.values())


class Walk:
    """One project, and everything that can be tried with it; `done` counts what went through, `refused` what did not."""

    def __init__(self, hall: Hall, strangers: list, seed: int):
        self.draw, self.hall, self.moment = random.Random(seed), hall, MONDAY
        self.sheet = a_drawn_sheet(self.draw)
        self.hall.version = a_published_bundle(
            self.sheet, code=f"WALK{seed}", lead=self.draw.choice(DEPARTMENTS),
            audience=self.draw.choice(["investment", "investment", "company"]),
        )  # fmt: skip
        self.people = [*hall.heads.values(), *hall.approvers.values(), hall.owner, *strangers]
        self.done, self.refused, self.tried = Counter(), Counter(), []
        self.project = self._filed(seed)

    def _filed(self, seed: int) -> Project:
        answers = {str(one.number): self.draw.choice(["要", "不要"]) for one in self.sheet.questions}
        project = actions.draft_project(
            self.hall.version, name="随机的项目", applicant=self.hall.company, at_point=self.hall.county, channel="2",
            answers=answers, by=self.hall.owner, at=self.moment, national_code=f"2603-512002-04-01-{seed:06d}",
        )  # fmt: skip
        actions.save_project(project, form={"investment": "1", "site": "城南"}, at=self.moment)
        self.hall.bring(project, self._first_stage(project), moment=self.moment)
        return actions.file_project(project, by=self.hall.owner, at=self.moment, privacy_notice="2026-01")

    def _first_stage(self, project: Project) -> int:
        return project.branches.exclude(state="not_needed").order_by("stage__number").first().stage.number

    # ── one step ─────────────────────────────────────────────────────────────────────────────────────
    def step(self) -> str:
        self.moment += timedelta(hours=self.draw.choice([0, 0, 0, 1, 5, 24, 30, 72]))
        if self.draw.random() < 0.01:
            self.moment += timedelta(days=self.draw.choice([8, 31, 40]))
        if self.draw.random() < 0.15:
            self.sweep()
        for _ in range(20):
            name = self.draw.choice(ACTS)
            self.tried.append(f"{name} {self.moment:%m-%d %H:%M}")
            try:
                getattr(self, name)()
            except REFUSALS as refusal:
                assert CHINESE.search(str(refusal)), (name, str(refusal))
                self.refused[name] += 1
            except Nothing:
                self.tried.pop()
                continue
            else:
                self.done[name] += 1
            break
        return name

    def sweep(self) -> None:
        for due in (
            actions.deem_stages, actions.note_late_answers, actions.lapse_notices, actions.note_silence, actions.reckon_stages,
        ):  # fmt: skip
            due(at=self.moment)
            assert due(at=self.moment) == 0, due.__name__  # at once again it finds nothing to do

    # ── picking ──────────────────────────────────────────────────────────────────────────────────────
    def anybody(self):
        return self.draw.choice(self.people)

    def mostly(self, right):
        """The right person, or now and then anybody."""
        return right if self.draw.random() < 0.85 else self.anybody()

    def one(self, rows):
        rows = list(rows)
        if not rows:
            raise Nothing
        return self.draw.choice(rows)

    def branch(self, **facts):
        code = self.one(self.project.branches.filter(**facts).order_by("id")).code
        return self.hall.branch(self.project, code)

    def stage(self, *likely):
        """Mostly one in a state that the act asks for."""
        rows = self.project.stages.select_related("project", "lead").order_by("number")
        if likely and self.draw.random() < 0.8:
            return self.one(rows.filter(state__in=likely))
        return self.one(rows)

    def seldom(self, chance: float = 0.2) -> None:
        if self.draw.random() > chance:
            raise Nothing

    def lead(self, stage=None):
        of = stage.lead if stage is not None else Project.objects.get(pk=self.project.pk).lead
        return self.mostly(self.hall.heads[of.name])

    def case(self, *states):
        return self.branch(state="open", case__status__in=states)

    def head_of(self, branch):
        return self.hall.heads[branch.department.name]

    # ── acts of the lead and the counter ─────────────────────────────────────────────────────────────
    def confirm(self):
        out = {
            one.pk: self.draw.choice(["不办", ""])
            for one in self.project.branches.all()
            if self.draw.random() < 0.1
        }
        taken = tuple(
            one.pk for one in self.project.branches.filter(state="not_needed") if self.draw.random() < 0.2
        )
        actions.confirm(self.project, left_out=out, taken_in=taken, by=self.lead(), at=self.moment)

    def receive(self):
        stage = self.stage("waiting")
        if self.draw.random() < 0.8:
            for paper in self.project.materials.filter(stage=stage, state="absent"):
                actions.attach_paper(paper, a_scan(), by=self.hall.owner, at=self.moment)
        actions.receive(stage, by=self.lead(stage), at=self.moment)

    def dispatch(self):
        stage = self.stage("received")
        actions.dispatch(stage, by=self.lead(stage), at=self.moment)

    def accept_stage(self):
        stage = self.stage("dispatched")
        actions.accept_stage(stage, by=self.lead(stage), at=self.moment)

    def send_notice(self):
        stage = self.stage("dispatched", "running")
        actions.send_notice(stage, by=self.lead(stage), at=self.moment)

    def reopen(self):
        branch = (
            self.branch(state__in=["refused", "returned", "withdrawn"])
            if self.draw.random() < 0.8
            else self.branch()
        )
        actions.reopen(branch, why="换了方案", by=self.lead(branch.stage), at=self.moment)

    def leave_out(self):
        self.seldom()
        branch = self.branch()
        actions.leave_out(branch, why="不用办", by=self.lead(branch.stage), at=self.moment)

    def take_in(self):
        branch = self.branch(state="not_needed")
        actions.take_in(branch, why="还要办", by=self.lead(branch.stage), at=self.moment)

    def end_stage(self):
        self.seldom()
        stage = self.stage()
        actions.end_stage(stage, why="方案不能调整", by=self.lead(stage), at=self.moment)

    def extend_stage(self):
        days = self.draw.choice([0, 5, 15, 16])
        actions.extend_stage(self.stage(), days=days, reason="复杂", by=self.people[-1], at=self.moment)

    def hand_over(self):
        stage = self.stage("closing")
        way, proof = self.draw.choice([("counter", "李明"), ("mail", "x"), ("飞鸽", "y")])
        actions.hand_over(stage, way=way, proof=proof, by=self.lead(stage), at=self.moment)

    def chase(self):
        branch = self.branch()
        actions.chase(
            branch, words=self.draw.choice(["请快办", ""]), by=self.lead(branch.stage), at=self.moment
        )

    # ── acts of the departments ──────────────────────────────────────────────────────────────────────
    def answer(self):
        said = self.draw.choice(
            ["accept", "accept", "accept", "supplement", "supplement", "out_of_scope", "maybe"]
        )
        branch = (
            self.branch(answer="", answer_by__isnull=False) if self.draw.random() < 0.9 else self.branch()
        )
        papers = list(self.project.materials.filter(uses__branch=branch).order_by("seq"))
        wishes = [actions.Wish("看不清", self.draw.choice([None, *(paper.pk for paper in papers)]))]
        by = self.mostly(self.head_of(branch))
        actions.answer(branch, said, words="应由市局办理", wishes=wishes, by=by, at=self.moment)

    def start_review(self):
        branch = self.case("accepted")
        cases.start_review(branch.case, by=self.head_of(branch), at=self.moment)

    def finish_review(self):
        branch = self.case("in_review")
        cases.finish_review(branch.case, opinion="符合", by=self.head_of(branch), at=self.moment)

    def grant(self):
        branch = self.case("in_approval")
        by = self.mostly(self.hall.approvers[branch.department.name])
        cases.grant(branch.case, by=by, at=self.moment)

    def refuse(self):
        branch = self.case("in_approval")
        by = self.mostly(self.hall.approvers[branch.department.name])
        cases.refuse(branch.case, reasons="不符合规划", by=by, at=self.moment)

    def pause(self):
        branch = self.case("in_review", "special")
        kind = self.draw.choice(["专家评审", "检测"])
        cases.pause(
            branch.case, kind, days_needed=5, reason="要评审", by=self.head_of(branch), at=self.moment
        )

    def resume(self):
        branch = self.case("special")
        kind = self.draw.choice(["专家评审", "检测", ""])
        cases.resume(branch.case, result="合格", kind=kind, by=self.head_of(branch), at=self.moment)

    def terminate(self):
        self.seldom()
        branch = self.branch(state="open")
        cases.terminate(branch.case, reason="申请人终止", by=self.head_of(branch), at=self.moment)

    def deliver(self):
        branch = self.branch(state="granted", case__status="granted")
        cases.deliver(branch.case, "counter", proof="李明", by=self.head_of(branch), at=self.moment)

    # ── acts of the applicant ────────────────────────────────────────────────────────────────────────
    def answer_notice(self):
        notice = self.one(ProjectNotice.objects.filter(stage__project=self.project).order_by("id"))
        wishes = list(notice.wishes.values_list("pk", flat=True))
        if self.draw.random() < 0.3:
            wishes = wishes[1:]
        actions.answer_notice(notice, dict.fromkeys(wishes, "已改"), by=self.hall.owner, at=self.moment)

    def attach_paper(self):
        paper = self.one(self.project.materials.order_by("seq"))
        actions.attach_paper(paper, self._scan(), by=self.hall.owner, at=self.moment)

    def replace_paper(self):
        paper = self.one(self.project.materials.order_by("seq"))
        actions.replace_paper(paper, self._scan(), why="换新版", by=self.lead(), at=self.moment)

    def withdraw_branch(self):
        self.seldom()
        branch = self.branch()
        actions.withdraw_branch(branch, why="不办了", by=self.mostly(self.hall.owner), at=self.moment)

    def withdraw_case(self):
        self.seldom()
        branch = self.branch(state="open")
        cases.withdraw(branch.case, reason="不办了", by=self.hall.owner, at=self.moment)

    def withdraw_project(self):
        self.seldom(0.03)
        actions.withdraw_project(
            self.project, why="停止投资", by=self.mostly(self.hall.owner), at=self.moment
        )

    def _scan(self):
        return a_scan(f"第{self.draw.randint(1, 10**9)}版.png")

    # ── consultations ────────────────────────────────────────────────────────────────────────────────
    def convene(self):
        kind = self.draw.choice(Consultation.Kind.values)
        whom = self.draw.sample(
            [self.hall.departments[name] for name in DEPARTMENTS], self.draw.randint(0, 3)
        )
        begins_at = self.moment + timedelta(days=self.draw.choice([-1, 1, 3]))
        stage = self.draw.choice([None, self.stage()])
        actions.convene(
            self.project, kind, subject=f"事由{self.draw.randint(1, 5)}", departments=whom, by=self.lead(stage), at=self.moment,
            stage=stage, place="现场", begins_at=begins_at if kind in ("survey", "meeting") else None,
        )  # fmt: skip

    def _consultation(self) -> Consultation:
        return self.one(self.project.consultations.select_related("stage__lead").order_by("id"))

    def reply(self):
        found = self._consultation()
        member = self.one(found.members.select_related("department", "consultation").order_by("id"))
        said = self.draw.choice(
            ["agrees", "objects", "confirmed", "other_time", "excused", "abstains", "silent_agrees"]
        )
        actions.reply(
            member, said, round=self.draw.choice([found.round, found.round, 1]), by=self.mostly(self.hall.heads[member.department.name]),
            at=self.moment, words="有意见", other_time=self.moment + timedelta(days=self.draw.choice([-1, 2])),
        )  # fmt: skip

    def change_time(self):
        found = self._consultation()
        begins_at = self.moment + timedelta(days=self.draw.choice([-1, 2]))
        actions.change_time(found, begins_at=begins_at, by=self.lead(found.stage), at=self.moment)

    def call_off(self):
        found = self._consultation()
        self.seldom()
        actions.call_off(found, why="不用了", by=self.lead(found.stage), at=self.moment)

    def hold(self):
        found = self._consultation()
        absent = [one.pk for one in found.members.all() if self.draw.random() < 0.3]
        actions.hold(found, record="到场看了", absent=absent, by=self.lead(found.stage), at=self.moment)

    def sign(self):
        found = self._consultation()
        member = self.one(found.members.select_related("department", "consultation").order_by("id"))
        actions.sign(member, by=self.mostly(self.hall.heads[member.department.name]), at=self.moment)


class Nothing(Exception):
    """There is nothing to try this with."""


OFTEN = ("answer", "start_review", "finish_review", "grant")
ACTS = [
    name for name, act in vars(Walk).items()
    if callable(act) and not name.startswith("_")
    and name not in ("step", "sweep", "anybody", "mostly", "one", "branch", "stage", "lead", "case", "head_of", "seldom")
] + [*OFTEN, *OFTEN, "receive", "dispatch", "accept_stage", "confirm", "send_notice", "answer_notice"]  # fmt: skip
