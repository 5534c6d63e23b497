"""重点项目: those of `key_projects.json`, told through the actions in the order of their days, counted back from the loading."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from apps.accounts.models import Applicant, Mandate, User
from apps.calendars.loaded import current
from apps.calendars.workdays import WorkCalendar
from apps.workflows.actions import key_projects as actions
from apps.workflows.models import KeyProject

from . import names
from .facts import tree
from .people import applicant_of, beginning
from .places import Departments, Points

_FIRST_SERIAL = 910_001  # of credit codes of investors
_KEEPER = "zy-admin"


def load_key_projects(points: Points, departments: Departments, *, at: datetime) -> None:
    """What stands already is left as it is."""
    standing = set(KeyProject.objects.values_list("national_code", flat=True))
    told = [
        _Story(facts, number, points, departments, at=at)
        for number, facts in enumerate(tree("key_projects.json")["projects"])
        if facts["code"] not in standing
    ]
    for story in told:
        story.run()


def keeper(*, at: datetime) -> User:
    """Who keeps the register of the sample."""
    user = User.objects.get(username=_KEEPER)
    user.acting = user.assignments_on(timezone.localdate(at))[0]
    return user


class _Story:
    """One key project: what happened to it, each on its day."""

    def __init__(self, facts: dict, number: int, points: Points, departments: Departments, *, at: datetime):
        self.facts, self.point, self.departments, self.now = facts, points[facts["point"]], departments, at
        self.calendar: WorkCalendar = current()
        self.keeper = keeper(at=at)
        self.investor = self._investor(number)
        self.steps: list[tuple[datetime, Callable[[datetime], object]]] = []
        self.key_project: KeyProject | None = None

    def run(self) -> None:
        self._plan_register()
        self._plan_milestones()
        self._plan_tasks()
        self._plan_service()
        for moment, step in sorted(self.steps, key=lambda one: one[0]):
            step(moment)

    # ── when ─────────────────────────────────────────────────────────────────────────────────────────
    def _day(self, ago: int) -> date:
        """So many days before the loading, or the working day before that."""
        return self.calendar.on_or_before(timezone.localdate(self.now) - timedelta(days=ago)).likely_on

    def _on(self, day: date, hour: int, minute: int, step: Callable[[datetime], object]) -> None:
        moment = timezone.make_aware(datetime.combine(day, time(hour, minute)))
        self.steps.append((min(moment, self.now), step))

    # ── what ─────────────────────────────────────────────────────────────────────────────────────────
    def _plan_register(self) -> None:
        facts = self.facts
        self._on(self._day(facts["listed"]), 9, 0, self._enlist)
        if "green" in facts:
            green = facts["green"]
            self._on(
                self._day(green["since"]),
                9,
                30,
                lambda at: self._keep(actions.open_channel, green["halves"], why=green["why"], at=at),
            )
        for number, (code, (words, owner)) in enumerate(facts["ones"].items()):
            self._on(
                self._day(facts["listed"] - 3),
                10,
                number,
                lambda at, code=code, words=words, owner=owner: self._keep(
                    actions.name_one, code, words=words, owner=owner, at=at
                ),
            )
        if "delisted" in facts:
            ago, why = facts["delisted"]
            self._on(self._day(ago), 17, 0, lambda at: self._keep(actions.delist, why=why, at=at))

    def _enlist(self, at: datetime) -> None:
        facts = self.facts
        self.key_project = actions.enlist(
            facts["code"],
            facts["name"],
            point=self.point,
            rank=facts["rank"],
            listed_on=timezone.localdate(at),
            why=facts["why"],
            investor=self.investor,
            is_sample=True,
            by=self.keeper,
            at=at,
        )

    def _plan_milestones(self) -> None:
        signed = None
        for one in self.facts["milestones"]:
            day = self._day(one["ago"]) if "ago" in one else signed + timedelta(days=one["after"])
            signed = signed or day
            self._on(
                day,
                11 if one["half"] == "am" else 17,
                30,
                lambda at, one=one, day=day: self._keep(
                    actions.set_milestone,
                    one["kind"],
                    on=day,
                    half=one["half"],
                    name=one.get("name", ""),
                    at=at,
                ),
            )

    def _plan_tasks(self) -> None:
        facts = self.facts
        for number, one in enumerate(facts["tasks"]):
            self._on(self._day(facts["listed"] - 5), 14, number, lambda at, one=one: self._set_task(one, at))
            for name, action in (("begun", actions.begin_task), ("finished", actions.finish_task)):
                if name in one:
                    self._on(
                        self._day(one[name]),
                        16,
                        number,
                        lambda at, code=one["code"], action=action: action(
                            self.key_project.tasks.get(code=code),
                            on=timezone.localdate(at),
                            by=self.keeper,
                            at=at,
                        ),
                    )
        if "target" in facts:
            target = timezone.localdate(self.now) + timedelta(days=facts["target"])
            self._on(
                self._day(facts["listed"] - 5),
                15,
                0,
                lambda at: self._keep(actions.set_target, target, at=at),
            )

    def _set_task(self, one: dict, at: datetime) -> None:
        task = actions.TaskFacts(
            code=one["code"],
            name=one["name"],
            days=one["days"],
            department=self.departments[tuple(one["department"])] if "department" in one else None,
            owner=one.get("owner", ""),
            needs=tuple(one.get("after", ())),
        )
        self._keep(actions.set_task, task, at=at)

    def _plan_service(self) -> None:
        facts = self.facts
        agents = [User.objects.get(username=username) for username in facts["agents"]]
        for agent in agents:
            self._mandate(agent)
        if agents:
            day = self._day(facts["listed"] - 4)
            self._on(day, 9, 0, lambda at: self._keep(actions.name_agent, agents[0], at=at))
        for visit in facts["visits"]:
            self._on(
                self._day(visit["ago"]), 16, 40, lambda at, visit=visit: self._visit(visit, agents[0], at)
            )
        if "handover" in facts:
            self._on(self._day(facts["handover"]["ago"]), 15, 0, lambda at: self._hand_over(*agents, at))

    def _visit(self, visit: dict, agent: User, at: datetime) -> None:
        day = timezone.localdate(at)
        actions.record_visit(
            self.key_project,
            visited_on=day,
            place=visit["place"],
            done=visit["done"],
            next_step=visit["next"],
            next_on=day + timedelta(days=visit["in"]) if "in" in visit else None,
            by=agent,
            at=at,
        )

    def _hand_over(self, giver: User, taker: User, at: datetime) -> None:
        facts = self.facts["handover"]
        papers = [actions.Paper(*paper) for paper in facts["papers"]]
        handover = actions.give_papers(self.key_project, taker, papers, note=facts["note"], by=giver, at=at)
        actions.take_papers(handover, by=taker, at=min(at + timedelta(minutes=20), self.now))

    # ── who ──────────────────────────────────────────────────────────────────────────────────────────
    def _keep(self, action: Callable, *args, at: datetime, **facts) -> None:
        action(self.key_project, *args, **facts, by=self.keeper, at=at)

    def _investor(self, number: int) -> Applicant:
        facts = self.facts["investor"]
        if name := facts.get("known"):
            return Applicant.objects.get(name=name)
        code = names.credit_code("91MA", _FIRST_SERIAL + number)
        known = Applicant.objects.with_number(code).first()
        if known is not None:
            return known
        investor = applicant_of(
            kind=Applicant.Kind.ENTERPRISE,
            name=facts["name"],
            number=code,
            phone=f"028-2681{number:04d}",
            address=facts["address"],
            user=None,
            at=beginning(),
        )
        investor.save()
        return investor

    def _mandate(self, agent: User) -> None:
        """Given the day after the listing."""
        day = self._day(self.facts["listed"] - 1)
        Mandate.objects.create(
            principal=self.investor,
            agent=agent,
            kind=Mandate.Kind.AGENT,
            valid_from=day,
            given_at=timezone.make_aware(datetime.combine(day, time(9))),
            note="重点项目全程代办",
        )
