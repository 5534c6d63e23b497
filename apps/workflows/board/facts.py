"""看板的事实: what is stored of a project, as plain values. Nothing here asks the database or the clock."""

from dataclasses import dataclass
from datetime import date, datetime

from apps.cases.terms import Pause

from ..states import STAGE_OVER, TO_SETTLE, Answer, BranchState, StageState

B, S = BranchState, StageState


@dataclass(frozen=True, slots=True)
class Asked:
    """补正告知书 that is out: since when, and the last day to answer it."""

    told_on: date
    answer_by: date


@dataclass(frozen=True, slots=True)
class StageNow:
    """阶段现状. `ended_on` is the day on which its work ended, however it ended.

    `asked` are the notices that the applicant has not answered yet; there are more where a branch was taken up anew.
    """

    number: int
    name: str
    lead: str
    state: str
    days: int
    extension_days: int = 0
    received_on: date | None = None
    accept_by: date | None = None
    accepted_on: date | None = None
    due_on: date | None = None
    statutory_due_on: date | None = None
    calendar_missing: bool = False
    paused_since: date | None = None
    ended_on: date | None = None
    pauses: tuple[Pause, ...] = ()
    asked: tuple[Asked, ...] = ()
    is_led: bool = False  # whether whoever looks leads it, or the whole project

    @property
    def title(self) -> str:
        return f"第{self.number}阶段 {self.name}"

    @property
    def committed(self) -> int:
        return self.days + self.extension_days

    @property
    def is_over(self) -> bool:
        return self.state in STAGE_OVER

    @property
    def is_paused(self) -> bool:
        return self.paused_since is not None and not self.is_over


@dataclass(frozen=True, slots=True)
class BranchNow:
    """分项现状, with the dates of its case; `closed` are the days on which the terms of its hall stand still (R12)."""

    code: str
    name: str
    department: str
    stage: int
    state: str
    days: int
    needs: tuple[str, ...] = ()
    answer: str = Answer.NONE
    answer_by: date | None = None
    is_told: bool = False
    reason: str = ""
    attempt: int = 1
    case: str = ""
    is_seen: bool = False  # whether whoever looks may open the case
    opened_on: date | None = None
    due_on: date | None = None
    provisional_due_on: date | None = None
    paused_since: date | None = None
    pause_kind: str = ""
    finished_on: date | None = None
    pauses: tuple[Pause, ...] = ()
    closed: frozenset[date] = frozenset()
    chased_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        return self.state == B.OPEN

    @property
    def is_paused(self) -> bool:
        return self.is_open and self.paused_since is not None and self.due_on is None

    @property
    def is_to_settle(self) -> bool:
        return self.state in TO_SETTLE

    @property
    def awaits_answer(self) -> bool:
        return (
            self.state in (B.WAITING, B.BLOCKED) and self.answer == Answer.NONE and self.answer_by is not None
        )


@dataclass(frozen=True, slots=True)
class Meeting:
    """会商 that is not over: what it asks of how many departments, and who of them has not said anything yet."""

    pk: int
    kind: str
    subject: str
    place: str
    begins_at: datetime | None
    answer_by: date
    asked: tuple[str, ...]
    silent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sharing:
    """一套材料、一张表单: brought once, against what the items ask for one by one."""

    papers: int
    papers_one_by_one: int
    fields: int
    fields_one_by_one: int


@dataclass(frozen=True, slots=True)
class Agent:
    """代办员 of these days; his mandate decides day by day whether he may act."""

    name: str
    since: date
    valid_from: date
    valid_to: date | None
    is_revoked: bool

    def holds_on(self, day: date) -> bool:
        return (
            not self.is_revoked and self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)
        )

    def days_until(self, day: date) -> int:
        """跟了几日, the first one counted."""
        return (day - self.since).days + 1


@dataclass(frozen=True, slots=True)
class Visit:
    on: date
    place: str
    done: str
    next_step: str
    next_on: date | None


@dataclass(frozen=True, slots=True)
class Handover:
    giver: str
    taker: str
    given_on: date
    taken_on: date | None


@dataclass(frozen=True, slots=True)
class Agency:
    """代办服务 of the key project that a joint project belongs to. `visits` are the latest, `visited` counts them all."""

    key_project: int
    agent: Agent | None
    visited: int
    visits: tuple[Visit, ...]
    handover: Handover | None


@dataclass(frozen=True, slots=True)
class Facts:
    """一个项目的现状. `branches` are those that apply, in the order of the stages; `left_out` are the others by name."""

    stages: tuple[StageNow, ...]
    branches: tuple[BranchNow, ...]
    left_out: tuple[tuple[str, str], ...] = ()  # name, why
    meetings: tuple[Meeting, ...] = ()
    sharing: Sharing = Sharing(0, 0, 0, 0)
    agency: Agency | None = None
    is_living: bool = True
    closed: frozenset[date] = frozenset()

    @property
    def left_out_by_reason(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for name, why in self.left_out:
            found.setdefault(why, []).append(name)
        return found

    def stage(self, number: int) -> StageNow:
        return next(one for one in self.stages if one.number == number)

    def branch(self, code: str) -> BranchNow:
        return next(one for one in self.branches if one.code == code)

    def of_stage(self, number: int) -> list[BranchNow]:
        return [one for one in self.branches if one.stage == number]
