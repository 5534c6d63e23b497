"""Which cases: who sees them, which desk they lie on, and the words by which they are found."""

import re
from datetime import date

from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Right
from django.utils import timezone

from apps.accounts.identity import normalised
from apps.accounts.models import Applicant, Mandate
from apps.accounts.roles import Role
from apps.items.models import CjkGrams, Item, grams
from apps.points.models import Level, ServicePoint
from apps.windows.models import Posting

from .states import DECIDED, ENDED, OPEN, RUNNING, UNANSWERED, WAITING, Status, values_of

_OF_THE_DEPARTMENT = frozenset({Role.CLERK, Role.WINDOW_HEAD, Role.APPROVER, Role.DEPARTMENT_LEADER})
_OF_THE_SUBTREE = frozenset(
    {Role.CENTRE_ADMIN, Role.SUPERVISOR, Role.LEADER, Role.TOWNSHIP_DIRECTOR, Role.AUDITOR}
)
_AT_A_WINDOW = frozenset({Role.CLERK, Role.WINDOW_HEAD})
NOBODY = Q(pk__in=[])
_LAST_OF_ALL = 2**63 - 1
_ROW = (
    "key", "number", "kind", "channel", "status", "applicant_name", "applicant_mask", "collected_on", "hand_up_due_on",
    "received_on", "pre_review_due_on", "notice_due_on", "wait_until", "accepted_on", "due_on", "statutory_due_on",
    "provisional_due_on", "calendar_missing", "paused_since", "pause_kind", "decided_on", "delivery_due_on",
    "delivered_on", "closed_on", "desk_due_on", "item__code", "item__name", "point__name", "point__path",
    "department__name", "applicant__kind",
)  # fmt: skip


class CaseQuerySet(models.QuerySet):
    # who sees what --------------------------------------------------------------------------------------------

    def visible_to(self, user):
        """Every door goes through here: the scope of the role, one's own and mandated cases, postings, shares."""
        if not user.is_authenticated:
            return self.none()
        today = timezone.localdate()
        if user.is_staff and (user.acting or user.assignments_on(today)):
            return self.filter(_scope_of_staff(user, today) | _shared_with(self._shares, user, today))
        return self.filter(_own(user, today) | _shared_with(self._shares, user, today))

    @property
    def _shares(self):
        return self.model.shares.rel.related_model.objects

    def owned_by(self, user):
        """The portal's view of a person, staff or not: own cases and those under a valid mandate."""
        return self.filter(_own(user, timezone.localdate()))

    def collected_by(self, user):
        return self.filter(collected_by=user)

    def on_desk_of(self, user):
        """What waits for this person's role: the handling side of the scope, open cases only."""
        condition = NOBODY
        for held in _held(user, timezone.localdate()):
            condition |= _desk(held)
        return self.filter(condition, status__in=values_of(OPEN))

    # where they stand -----------------------------------------------------------------------------------------

    def drafts(self):
        return self.filter(status=Status.DRAFT)

    def started(self):
        return self.exclude(status=Status.DRAFT)

    def open(self):
        return self.filter(status__in=values_of(OPEN))

    def running(self):
        return self.filter(status__in=values_of(RUNNING))

    def unanswered(self):
        return self.filter(status__in=values_of(UNANSWERED))

    def waiting_for_applicant(self):
        return self.filter(status__in=values_of(WAITING))

    def to_deliver(self):
        return self.filter(status__in=values_of(DECIDED))

    def ended(self):
        return self.filter(status__in=values_of(ENDED))

    def overdue(self, *, on: date):
        """Running past the promise; a provisional date never makes a case late (R21)."""
        return self.running().filter(due_on__lt=on)

    def due_within(self, *, on: date, until: date):
        return self.running().filter(due_on__gte=on, due_on__lte=until)

    def paused(self):
        return self.filter(status=Status.SPECIAL)

    # for the sweeps -------------------------------------------------------------------------------------------

    def with_dates_that_hold(self):
        """Without those that an amendment has yet to reach or could not recompute: what falls due by an old date is left.

        Two conditions on tables that are all but empty, in the sweep's own statement; the next run does what this one left.
        """
        fault = self.model.amendment_faults.rel.related_model
        amendment = fault._meta.get_field("amendment").related_model
        reached = amendment.objects.on_their_way().order_by("last_case").values("last_case")[:1]
        unsettled = fault.objects.open().filter(case=OuterRef("pk"))
        return self.filter(~Exists(unsettled), pk__lte=Coalesce(Subquery(reached), Value(_LAST_OF_ALL)))

    def notice_period_over(self, *, on: date):
        """Received and unanswered past the last day of notice: accepted by law from the day of receipt (R4)."""
        late = self.filter(status__in=values_of(UNANSWERED), notice_due_on__lt=on)
        return late.with_dates_that_hold()

    def waited_too_long(self, *, on: date):
        late = self.filter(status__in=values_of(WAITING), wait_until__lt=on)
        return late.with_dates_that_hold()

    def tolerated_too_long(self, *, on: date):
        """容缺材料逾期: accepted without a paper that did not come in time."""
        late = self.filter(is_tolerated=True, tolerated_until__lt=on, status__in=values_of(RUNNING))
        return late.with_dates_that_hold()

    # how they are found ---------------------------------------------------------------------------------------

    def search(self, words: str):
        """By number, short number, full or masked ID number or its last four, or part of the applicant's name.

        A short number (1122-00004) is one of this year or the last, of any region.
        """
        text = normalised(words)
        if short := re.fullmatch(r"(\d{4})[-－—–](\d{5})", text):
            return self.filter(_short_number(*short.groups()))
        if re.fullmatch(r"\d{3}[\dX]", text):
            return self.alias(last4=Right("applicant_mask", 4)).filter(last4=text)
        if re.fullmatch(r"\d{20}", text):
            return self.filter(number=text)
        if re.fullmatch(r"(\d{17}[\dX]|[0-9A-HJ-NP-RTUWXY]{18})", text):
            return self.filter(applicant__in=Applicant.objects.with_number(text))
        if "*" in text and len(text) == 18:
            return self.filter(applicant_mask=text)
        if re.fullmatch(r"\d{6,19}", text):
            return self.filter(number__startswith=text)
        name = words.strip()
        if len(name) < 2:
            return self.none()
        pieces = grams(name)
        return self.alias(name_grams=CjkGrams("applicant_name")).filter(
            name_grams__contains=pieces, applicant_name__icontains=name
        )

    def with_number_and_last4(self, number: str, last4: str):
        """The public progress query: both must fit."""
        return self.started().filter(
            number=normalised(number), applicant_mask__endswith=normalised(last4)[-4:]
        )

    # for the screens ------------------------------------------------------------------------------------------

    def for_row(self):
        """One line of a list: its names and its dates. A list of twenty costs by the columns it fetches."""
        return self.select_related("item", "point", "department", "applicant").only(*_ROW)

    def for_desk(self):
        return self.for_row().order_by("desk_due_on", "id")

    def with_applicant(self):
        """With what naming the applicant takes; the sealed number stays shut."""
        return self.select_related("applicant").defer("applicant__number")

    def for_my_cases(self):
        return self.select_related("item", "point", "applicant").defer("applicant__number").order_by("-id")

    def for_act(self):
        """What a verb needs at hand. Few joins: planning a wide one costs more than running it."""
        return self.select_related("item", "version", "point", "applicant").defer("applicant__number")

    def for_page(self):
        """Everything a page names. The sealed number stays shut: only the act that shows it opens it."""
        return self.select_related(
            "item", "version", "point", "intake_point", "department", "applicant", "mandate",
            "filed_by", "collected_by", "reviewer",
        ).defer("applicant__number")  # fmt: skip


def _short_number(day: str, serial: str) -> Q:
    """The whole numbers that a short one may stand for: few regions give numbers, and the index finds each start."""
    year = timezone.localdate().year
    codes = ServicePoint.objects.filter(level__in=[Level.CITY, Level.COUNTY]).values_list("code", flat=True)
    condition = NOBODY
    for region in sorted({code[:6] for code in codes}):
        for one in (year, year - 1):
            condition |= Q(number__startswith=f"{region}{one}{day}{serial}")
    return condition


def _held(user, today: date):
    return [user.acting] if user.acting else user.assignments_on(today)


def _scope_of_staff(user, today: date) -> Q:
    condition = Q(collected_by=user)
    for held in _held(user, today):
        condition |= _scope(held)
        if held.role in _AT_A_WINDOW:
            condition |= _cover(user, today)
    return condition & ~Q(status=Status.DRAFT) | Q(status=Status.DRAFT, filed_by=user)


def _scope(held) -> Q:
    if held.role in _OF_THE_DEPARTMENT:
        if held.department_id:
            return Q(department=held.department_id, path__startswith=held.point.path)
        if held.point.level == Level.TOWNSHIP:  # what its villages collected, wherever it is decided
            return Q(point=held.point_id) | Q(intake_path__startswith=held.point.path)
        return Q(point=held.point_id) | Q(intake_point=held.point_id)
    if held.role in _OF_THE_SUBTREE:
        return Q(path__startswith=held.point.path) | Q(intake_path__startswith=held.point.path)
    return NOBODY  # a village agent sees what was collected; a system administrator sees no case


def _desk(held) -> Q:
    if held.role in _OF_THE_DEPARTMENT:
        if held.department_id:
            return Q(department=held.department_id, path__startswith=held.point.path)
        return Q(point=held.point_id) | _to_sign_for(held.point)
    if held.role == Role.TOWNSHIP_DIRECTOR:
        return Q(point=held.point_id) | _to_sign_for(held.point)
    if held.role in _OF_THE_SUBTREE:
        return Q(path__startswith=held.point.path)
    return NOBODY


def _to_sign_for(point) -> Q:
    """What the villages below a township collected and have not handed up yet, wherever it is decided."""
    if point.level != Level.TOWNSHIP:
        return NOBODY
    return Q(status=Status.COLLECTED, intake_path__startswith=point.path)


def _cover(user, today: date) -> Q:
    """派驻与AB岗: the windows one is posted to open their department's cases, also as cover."""
    condition = NOBODY
    postings = Posting.objects.valid_on(today).filter(user=user).select_related("window__point")
    for posting in postings:
        window = posting.window
        if window.department_id:
            condition |= Q(department=window.department_id, path__startswith=window.point.path)
        else:
            condition |= Q(point=window.point_id)
    return condition


def _own(user, today: date) -> Q:
    """本人和受托. Keys are looked up first: a condition on a joined table inside the OR would cost the list its index."""
    mine = set(Applicant.objects.filter(user=user).values_list("pk", flat=True))
    some = NOBODY
    mandates = Mandate.objects.valid_on(today).filter(agent=user, kind=Mandate.Kind.REPRESENTATIVE)
    for principal, codes in mandates.values_list("principal", "item_codes"):
        if codes:
            some |= Q(applicant=principal, item__in=Item.objects.filter(code__in=codes))
        else:
            mine.add(principal)
    return Q(applicant__in=sorted(mine)) | Q(filed_by=user, status=Status.DRAFT) | some


def _shared_with(shares, user, today: date) -> Q:
    """Shares are few: the planner hashes them once, whatever the list."""
    departments = [held.department_id for held in _held(user, today) if held.department_id]
    with_me = Q(user=user) | Q(department__in=departments)
    in_time = Q(until=None) | Q(until__gte=today)
    return Q(pk__in=shares.filter(with_me & in_time).values("case"))
