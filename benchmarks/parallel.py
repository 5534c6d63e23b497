"""Parallel approval: start a stage of five branches, decide all five, join; beside django-viewflow where it is installed,
and beside the bare rows that the same work leaves."""

import importlib.util
import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from contextlib import contextmanager
from datetime import date, datetime
from zoneinfo import ZoneInfo

from benchmarks.hall import hall

ROUNDS, WARM = 30, 3
BRANCHES = 5
NOW = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
SINCE = date(2025, 1, 1)
HAS_FLOWS = importlib.util.find_spec("viewflow") is not None


def main(rounds: int) -> None:
    with hall("benchmarks.with_flows" if HAS_FLOWS else "config.settings"):
        print(json.dumps(report(rounds), indent=1, ensure_ascii=False))


def report(rounds: int) -> dict:
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("load_calendars", verbosity=0)
    world = World()
    sides: dict[str, Callable[[], tuple[float, int]]] = {"ours": world.run, "bare_rows": world.bare}
    if HAS_FLOWS:
        sides["viewflow"] = world.viewflow
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    statements = {}
    for number in range(WARM + rounds):
        for name, run in sides.items():
            spent, statements[name] = run()
            if number >= WARM:
                seconds[name].append(spent)
    median = {name: statistics.median(found) for name, found in seconds.items()}
    engine = statistics.median(world.engine[WARM:])
    answer = {
        "rounds": rounds,
        "load_average": round(os.getloadavg()[0], 1),
        "branches": BRANCHES,
        "projects_a_second": {name: round(1 / spent, 1) for name, spent in median.items()},
        "statements": statements,
        "statements_of_each_step": world.steps,
        "ours_to_bare_rows": round(median["bare_rows"] / median["ours"], 2),
        "engine_to_bare_rows": round(median["bare_rows"] / engine, 2),
    }
    answer["projects_a_second"]["engine"] = round(1 / engine, 1)
    if HAS_FLOWS:
        answer["ours_to_viewflow"] = round(median["viewflow"] / median["ours"], 2)
        answer["engine_to_viewflow"] = round(median["viewflow"] / engine, 2)
    return answer


class World:
    """One county, one department that decides and one that leads, five items, one bundle without prerequisites."""

    def __init__(self):
        from apps.accounts import actions as accounts  # noqa: PLC0415
        from apps.accounts.models import Applicant, User  # noqa: PLC0415
        from apps.accounts.roles import Role  # noqa: PLC0415
        from apps.items import actions as items  # noqa: PLC0415
        from apps.items.models import CaseKind, ItemType, Necessity  # noqa: PLC0415
        from apps.points import actions as points  # noqa: PLC0415
        from apps.points.models import Department, HallRules, Level  # noqa: PLC0415
        from apps.windows import actions as windows  # noqa: PLC0415
        from apps.workflows import actions  # noqa: PLC0415
        from apps.workflows.checking import BranchFacts, Sheet, StageFacts  # noqa: PLC0415

        city = points.open_point(
            level=Level.CITY, code="512000000000", region="资阳市", name="市中心", parent=None
        )
        HallRules.objects.create(point=city)
        self.county = points.open_point(
            level=Level.COUNTY, code="512002000000", region="雁江区", name="区中心", parent=city
        )
        bureau = Department.objects.create(point=self.county, code="FG", name="发展和改革局")
        self.people = []
        for number, role in enumerate([Role.WINDOW_HEAD, Role.APPROVER]):
            user = User.objects.create(username=f"staff{number}", name=f"职员{number}", is_sample=True)
            user.acting = accounts.assign(
                user, role, point=self.county, department=bureau, on=SINCE, by=None, at=NOW
            )
            self.people.append(user)
        windows.authorise(
            self.people[1], point=self.county, department=bureau, power="decide", on=SINCE, until=None
        )
        paper = [{"name": "申请表", "form": "original", "originals": 1, "necessity": Necessity.REQUIRED}]
        for number in range(BRANCHES):
            item = items.enter(
                code=f"B{number}", name=f"分项{number}", type=ItemType.PERMIT, level=Level.COUNTY
            )
            version = items.draft_version(
                item, effective_on=SINCE, materials=paper * 1, kind=CaseKind.COMMITTED, statutory_amount=20,
                statutory_basis="行政许可法第四十二条", committed_amount=5, service_objects=["2"],
                basis=[{"law": "行政许可法", "article": "第四十二条"}], conditions=["符合条件"], result_name="许可证",
            )  # fmt: skip
            items.publish(version, on=SINCE, at=NOW)
        bundle = actions.enter_bundle(
            "BENCH", "五项并联", audience="company", lead="发展和改革局", by=None, at=NOW
        )
        branches = tuple(
            BranchFacts(f"b{number}", "", f"B{number}", "发展和改革局", 1, 5) for number in range(BRANCHES)
        )
        sheet = Sheet(stages=(StageFacts(1, "一个阶段", "发展和改革局", 10),), branches=branches)
        version = actions.fill_draft(bundle.versions.get(), sheet, by=None, at=NOW)
        self.version = actions.publish(version, on=SINCE, by=None, at=NOW)
        self.applicant = accounts.note_applicant(
            kind=Applicant.Kind.ENTERPRISE,
            name="江畔公司",
            number="91519999MA00000158",
            phone="02826000001",
            at=NOW,
        )
        self.steps: dict[str, int] = {}
        self.engine: list[float] = []

    def run(self) -> tuple[float, int]:
        """Timed: the stage is accepted, which opens five cases; each is decided; the last decision finishes the stage.

        Not timed: filing, the answers of the department, and the examination of each case. `engine` is what of it is not
        the decision of a permit itself (its rights, clocks, event and letter): the start, and the five times that a branch
        follows its case.
        """
        from apps.cases import actions as cases  # noqa: PLC0415
        from apps.cases.models import Case  # noqa: PLC0415
        from apps.workflows import actions  # noqa: PLC0415
        from apps.workflows.models import ProjectStage  # noqa: PLC0415

        stage = self._answered()
        started, accepting = measured(lambda: actions.accept_stage(stage, by=self.people[0], at=NOW))
        following: list[tuple[float, int]] = []
        opened = Case.objects.filter(branch__project=stage.project_id)
        opened.update(status="in_approval", reviewer=self.people[0], review_opinion="符合条件")
        deciding, spent = [], started
        with following_measured(following):
            for case in opened.order_by("id"):
                seconds, count = measured(lambda case=case: cases.grant(case, by=self.people[1], at=NOW))
                spent += seconds
                deciding.append(count)
        self.engine.append(started + sum(seconds for seconds, _ in following))
        assert ProjectStage.objects.get(pk=stage.pk).state == "closing"
        self.steps = {
            "start": accepting, "each_decision": deciding[0], "last_decision_with_join": deciding[-1],
            "of_which_each_join": following[0][1], "of_which_last_join": following[-1][1],
            "engine": accepting + sum(count for _, count in following),
        }  # fmt: skip
        return spent, accepting + sum(deciding)

    def _answered(self):
        from apps.workflows import actions  # noqa: PLC0415
        from apps.workflows.models import ProjectMaterial  # noqa: PLC0415

        head = self.people[0]
        project = actions.draft_project(
            self.version, name="五项", applicant=self.applicant, at_point=self.county, channel="1", answers={},
            by=head, at=NOW,
        )  # fmt: skip
        for material in ProjectMaterial.objects.filter(project=project):
            actions.mark_paper(material, "on_paper", at=NOW)
        actions.file_project(project, by=head, at=NOW, privacy_notice="2026-01")
        stage = project.stages.get()
        for branch in project.branches.order_by("id"):
            actions.answer(branch, "accept", by=head, at=NOW)
        return stage

    def bare(self) -> tuple[float, int]:
        """The plainest Django that does as much: five cases, each with a paper and an event, and five decisions with theirs."""
        from django.db import transaction  # noqa: PLC0415

        from apps.cases.models import Case, CaseEvent, CaseMaterial  # noqa: PLC0415

        cases = list(Case.objects.filter(is_joint=True).order_by("-id")[:BRANCHES])
        papers = list(CaseMaterial.objects.filter(case__in=cases))
        events = list(CaseEvent.objects.filter(case__in=cases).order_by("id")[: 2 * BRANCHES])

        def rows():
            made = {}
            for case, paper, event in zip(cases, papers, events, strict=False):
                with transaction.atomic():
                    made[case.pk] = again(Case, case, key=None, number=None, status="draft", decided_on=None)
                    again(CaseMaterial, paper, case_id=made[case.pk].pk)
                    again(CaseEvent, event, case_id=made[case.pk].pk)
            for case, event in zip(cases, events, strict=False):
                with transaction.atomic():
                    again(CaseEvent, event, case_id=made[case.pk].pk)
                    Case.objects.filter(pk=made[case.pk].pk).update(used_days=1)

        return measured(rows)

    def viewflow(self) -> tuple[float, int]:
        from django.db import transaction  # noqa: PLC0415
        from viewflow.workflow.models import Task  # noqa: PLC0415

        from benchmarks.flows import FiveBranches  # noqa: PLC0415

        user = self.people[0]

        def flow():
            with transaction.atomic():
                process = FiveBranches.start.run()
            tasks = Task.objects.filter(process=process, flow_task_type="HUMAN").order_by("id")
            for pk in list(tasks.values_list("pk", flat=True)):
                with transaction.atomic(), FiveBranches.lock(process.pk):
                    task = Task.objects.get(pk=pk)
                    activation = task.flow_task.activation_class(task)
                    activation.assign(user)
                    activation.start(None)
                    activation.execute()
            process.refresh_from_db()
            assert process.status == "DONE", process.status

        return measured(flow)


@contextmanager
def following_measured(found: list[tuple[float, int]]):
    """What following a case costs, out of the decision that it follows."""
    from apps.workflows import actions  # noqa: PLC0415

    follow = actions.follow
    actions.follow = lambda events: found.append(measured(lambda: follow(events)))
    try:
        yield
    finally:
        actions.follow = follow


def again(model, row, **changed):
    import uuid  # noqa: PLC0415

    facts = {field.attname: getattr(row, field.attname) for field in model._meta.concrete_fields}
    facts |= {"id": None} | changed
    if "key" in facts:
        facts["key"] = uuid.uuid4()
    copy = model(**facts)
    copy.save(force_insert=True)
    return copy


def measured(act: Callable) -> tuple[float, int]:
    from django.db import connection  # noqa: PLC0415

    counted = 0

    def count(execute, sql, params, many, context):
        nonlocal counted
        counted += 1
        return execute(sql, params, many, context)

    with connection.execute_wrapper(count):
        began = time.perf_counter()
        act()
        return time.perf_counter() - began, counted


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
