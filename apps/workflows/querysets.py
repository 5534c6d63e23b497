"""Which projects: who sees them, and what waits for whom."""

from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, When
from django.utils import timezone

from apps.accounts.identity import normalised
from apps.accounts.models import Applicant, Mandate
from apps.accounts.roles import Role

from .states import LIVING, UNSTARTED, BranchState, ProjectState, StageState, values_of

COUNTERS = frozenset({Role.CLERK, Role.WINDOW_HEAD, Role.APPROVER, Role.DEPARTMENT_LEADER})
_OF_THE_SUBTREE = frozenset({Role.CENTRE_ADMIN, Role.SUPERVISOR, Role.LEADER, Role.AUDITOR})
NOBODY = Q(pk__in=[])
_NEVER_ITS_OWN = Q(state=BranchState.NOT_NEEDED, attempt=1, answered_at=None, case=None)
"""A branch that the answers or the lead left out before its department had a word in it."""


class ProjectQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Every door goes through here: lead and taking part, the hall that took it in, the subtree; one's own and mandated."""
        if not user.is_authenticated:
            return self.none()
        today = timezone.localdate()
        held = [user.acting] if user.acting else user.assignments_on(today)
        if not (user.is_staff and held):
            return self.owned_by(user)
        condition = NOBODY
        for one in held:
            condition |= self._scope(one, user)
        of_ones_own = Q(state=ProjectState.DRAFT, filed_by=user)
        return self.filter(condition & ~Q(state=ProjectState.DRAFT) | of_ones_own)

    def _scope(self, held, user) -> Q:
        if held.role in _OF_THE_SUBTREE:
            return Q(path__startswith=held.point.path)
        if held.role not in COUNTERS:
            return NOBODY
        branches = self.model._meta.get_field("branches").related_model.objects
        taking_part = branches.exclude(_NEVER_ITS_OWN)
        if (
            held.department_id is None
        ):  # the combined window of a hall, for other halls' projects where it stands in
            standing_in = taking_part.filter(department=None, point=held.point_id)
            return (
                Q(intake_point=held.point_id)
                | Q(point=held.point_id)
                | Q(pk__in=standing_in.values("project"))
            )
        members = self.model._meta.get_field("consultations").related_model.objects
        return (
            Q(lead=held.department_id)
            | Q(filed_by=user, intake_point=held.point_id)  # taken in here, for other departments
            | Q(pk__in=taking_part.filter(department=held.department_id).values("project"))
            | Q(pk__in=branches.filter(stage__lead=held.department_id).values("project"))
            | Q(pk__in=members.filter(members__department=held.department_id).values("project"))
        )

    def owned_by(self, user):
        """The portal's view of a person, staff or not: own projects and those under a valid mandate for everything.

        As with cases, that of a representative: an agent of the administration sees what the role gives.
        """
        today = timezone.localdate()
        own = Applicant.objects.filter(user=user).values_list("pk", flat=True)
        mandates = Mandate.objects.valid_on(today).filter(
            agent=user, item_codes=[], kind=Mandate.Kind.REPRESENTATIVE
        )
        mine = own.union(
            mandates.values_list("principal", flat=True)
        )  # one statement, by the index of either
        return self.filter(Q(applicant__in=sorted(mine)) | Q(filed_by=user, state=ProjectState.DRAFT))

    def awaiting_answer_of(self, user):
        """待我答复: a dispatch that one's department has not answered, or a consultation that it has said nothing to."""
        acting = user.acting
        if acting is None or acting.is_of_the_centre or not user.has_perm("workflows.answer_branch"):
            return self.none()
        branches = self.model._meta.get_field("branches").related_model.objects
        asked = branches.filter(
            _of(acting), answer="", answer_by__isnull=False, state__in=values_of(UNSTARTED),
            stage__state__in=values_of({StageState.DISPATCHED, StageState.RUNNING}),
        )  # fmt: skip
        condition = Q(pk__in=asked.values("project"))
        if acting.department_id is not None:
            meetings = self.model._meta.get_field("consultations").related_model.objects
            silent = meetings.filter(
                state="open", members__department=acting.department_id, members__reply=""
            )
            condition |= Q(pk__in=silent.values("project"))
        return self.living().filter(condition)

    def led_by(self, user):
        """我牵头的: as a whole, or in one of the stages (D-32)."""
        acting = user.acting
        if acting is None or acting.is_of_the_centre or not user.has_perm("workflows.lead_project"):
            return self.none()
        stages = self.model._meta.get_field("stages").related_model.objects
        if acting.department_id is None:
            mine = stages.filter(lead=None, project__point=acting.point_id)
            return self.filter(Q(lead=None, point=acting.point_id) | Q(pk__in=mine.values("project")))
        mine = stages.filter(lead=acting.department_id)
        return self.filter(Q(lead=acting.department_id) | Q(pk__in=mine.values("project")))

    def search(self, words: str):
        """By any part of the name, or by the beginning of the number or of the national code."""
        code = words.upper()
        return self.filter(
            Q(name__icontains=words) | Q(number__startswith=code) | Q(national_code__startswith=code)
        )

    def filed(self):
        return self.exclude(state=ProjectState.DRAFT)

    def living(self):
        return self.filter(state__in=values_of(LIVING - {ProjectState.DRAFT}))

    def ended(self):
        return self.exclude(state__in=values_of(LIVING))

    def with_open_notice(self):
        """With `has_open_notice`: whether a 补正告知书 waits for the applicant; and `answer_by`, its last day."""
        waiting = self._notices().open().filter(stage__project=OuterRef("pk"))
        first = waiting.order_by("answer_by", "id").values("answer_by")[:1]
        return self.annotate(has_open_notice=Exists(waiting), answer_by=Subquery(first))

    def with_visits(self):
        """With `has_visits`: whether several departments are to come together at the applicant's."""
        consultations = self.model._meta.get_field("consultations").related_model
        ahead = consultations.objects.surveys_ahead().filter(project=OuterRef("pk"))
        return self.annotate(has_visits=Exists(ahead))

    def _notices(self):
        stages = self.model._meta.get_field("stages").related_model
        return stages._meta.get_field("notices").related_model.objects

    def with_number_and_last4(self, number: str, last4: str):
        """The public progress query: both must fit."""
        fits = {"number": normalised(number), "applicant_mask__endswith": normalised(last4)[-4:]}
        return self.filed().filter(**fits)

    def for_page(self):
        return self.select_related(
            "bundle", "version", "point", "intake_point", "lead", "applicant", "mandate__agent", "key_project"
        ).defer("applicant__number")

    def for_list(self):
        named = self.select_related("bundle", "point", "lead", "applicant", "key_project")
        return named.defer("applicant__number").order_by("-id")

    def ranked(self):
        """绿色通道优先 (D-25): with `rank`, by which what goes by the green channel comes first."""
        green = Case(
            When(key_project__is_green=True, then=1), default=0, output_field=models.SmallIntegerField()
        )
        return self.annotate(rank=green)


def _of(acting) -> Q:
    """The branches for which somebody speaks: of the department, or of the combined window where there is none."""
    if acting.department_id is None:
        return Q(department=None, point=acting.point_id)
    return Q(department=acting.department_id)
