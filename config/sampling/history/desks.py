"""岗位: who acts where. Everybody acts under the one assignment of the sample."""

import random
from dataclasses import dataclass, field

from apps.accounts.models import Assignment, User
from apps.accounts.roles import Role
from apps.cases.models import Case
from apps.windows.models import Posting

Desk = tuple[int, int | None]  # point, department


@dataclass
class Desks:
    clerks: dict[Desk, list[User]] = field(default_factory=dict)
    deciders: dict[Desk, list[User]] = field(default_factory=dict)
    agents: dict[int, User] = field(default_factory=dict)
    windows: dict[int, int] = field(default_factory=dict)  # user → window
    supervisor: User | None = None

    def clerk_of(self, case: Case, chance: random.Random) -> User:
        return chance.choice(self.clerks[case.point_id, case.department_id])

    def decider_of(self, case: Case, chance: random.Random) -> User:
        """Somebody with a letter who has not accepted the case; where there are more, one who has had no hand in it."""
        others = [
            user
            for user in self.deciders[case.point_id, case.department_id]
            if user.pk != case.accepted_by_id
        ]
        return chance.choice([user for user in others if user.pk != case.reviewer_id] or others)

    def window_of(self, user: User) -> int | None:
        return self.windows.get(user.pk)


def staffed() -> Desks:
    """The desks of the sample hall, from its assignments and postings."""
    desks = Desks()
    held = Assignment.objects.filter(user__is_sample=True, valid_to=None)
    for assignment in held.select_related("user", "point", "department").order_by("id"):
        user = assignment.user
        user.acting = assignment
        desk = (assignment.point_id, assignment.department_id)
        if assignment.role == Role.CLERK:
            desks.clerks.setdefault(desk, []).append(user)
        elif assignment.role in (Role.APPROVER, Role.WINDOW_HEAD, Role.TOWNSHIP_DIRECTOR):
            desks.deciders.setdefault(desk, []).append(user)
        elif assignment.role == Role.VILLAGE_AGENT:
            desks.agents[assignment.point_id] = user
        elif assignment.role == Role.SUPERVISOR:
            desks.supervisor = user
    postings = Posting.objects.filter(user__is_sample=True, to_on=None, is_primary=True)
    desks.windows = dict(postings.values_list("user", "window"))
    return desks
