"""并联分项的办件: cases that a joint project opens, several at once, already accepted; and papers that it replaces."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import Applicant, Mandate, User
from apps.items.models import CaseKind, Item, ItemVersion, Material
from apps.points.models import Department, ServicePoint

from ..models import Case, CaseFile, CaseMaterial
from ..numbers import make
from ..states import RUNNING, Status, Verb
from .acceptance import clock_by_place, promise_facts, start_running
from .clocks import HallClock
from .moves import NotAllowed, record_all, take_serials


@dataclass(frozen=True, slots=True)
class Paper:
    """One line of the item's list: how it stands, and its files, not stored yet, the current one last."""

    line: Material
    state: str
    files: tuple[CaseFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Opening:
    """What a branch knows of its case. `accepted_on` is its day 0 (R20), `days` what the bundle promises."""

    item: Item
    version: ItemVersion
    point: ServicePoint
    department: Department | None
    intake_point: ServicePoint
    applicant: Applicant
    applicant_name: str
    applicant_mask: str
    mandate: Mandate | None
    filed_by: User
    channel: str
    received_on: date
    accepted_on: date
    days: int
    reason: str
    contact_name: str = ""
    contact_phone: str = ""
    summary: str = ""
    privacy_notice: str = ""
    form: dict = field(default_factory=dict)
    papers: tuple[Paper, ...] = ()
    facts: dict = field(default_factory=dict)
    is_sample: bool = False


@transaction.atomic(savepoint=False)
def open_jointly(openings: Sequence[Opening], *, at: datetime, here: HallClock) -> list[Case]:
    """并联受理: every branch that may begin gets its case, number and clocks, in a fixed number of statements.

    `here` is the clock of the project's own place; those of other places are asked for.
    """
    today, clock_at, cases = timezone.localdate(at), clock_by_place(here), []
    for opening in openings:
        case = _case(opening, at=at)
        start_running(
            case, opening.accepted_on, by=None, clock=clock_at(case.path), at=at, promised=opening.days
        )
        if case.kind == CaseKind.IMMEDIATE and opening.days:
            case.kind = CaseKind.COMMITTED
        cases.append(case)
    _number(cases, today)
    Case.objects.bulk_create(cases)
    _hand_over_papers(cases, openings, at=at)
    record_all(
        [
            {
                "case": case, "verb": Verb.ACCEPTED_JOINTLY, "by": None, "at": at, "before": Status.DRAFT,
                "reason": opening.reason,
                "facts": {**promise_facts(case), "number": case.number, **opening.facts},
            }
            for case, opening in zip(cases, openings, strict=True)
        ]
    )  # fmt: skip
    return cases


@transaction.atomic
def replace_paper(
    papers: Sequence[CaseMaterial], file: CaseFile, *, reason: str, by: User | None, at: datetime
) -> None:
    """更换材料: a paper that several cases of one project share gets its new version in all that still run."""
    ids = sorted({paper.case_id for paper in papers})
    cases = list(Case.objects.select_for_update(of=["self"]).filter(pk__in=ids).order_by("id"))
    running = {case.pk: case for case in cases if case.status in RUNNING}
    if not running:
        raise NotAllowed("用到这份材料的分项都已作出决定，不能再更换。")
    concerned = [paper for paper in papers if paper.case_id in running]
    last = dict(
        CaseFile.objects.filter(material__in=concerned).order_by("number").values_list("material", "number")
    )
    CaseFile.objects.filter(material__in=concerned, is_current=True).update(is_current=False)
    CaseFile.objects.bulk_create(_copy(file, paper, last.get(paper.pk, 0) + 1) for paper in concerned)
    CaseMaterial.objects.filter(pk__in=[paper.pk for paper in concerned]).update(
        state=CaseMaterial.State.UPLOADED
    )
    record_all(
        [
            {
                "case": running[paper.case_id], "verb": Verb.PAPER_REPLACED, "by": by, "at": at, "reason": reason,
                "facts": {"material": paper.name, "sha256": file.sha256},
            }
            for paper in concerned
        ]
    )  # fmt: skip


def _case(opening: Opening, *, at: datetime) -> Case:
    return Case(
        item=opening.item,
        version=opening.version,
        kind=opening.version.kind,
        intake_point=opening.intake_point,
        intake_path=opening.intake_point.path,
        point=opening.point,
        path=opening.point.path,
        department=opening.department,
        channel=opening.channel,
        applicant=opening.applicant,
        applicant_name=opening.applicant_name,
        applicant_mask=opening.applicant_mask,
        contact_name=opening.contact_name,
        contact_phone=opening.contact_phone,
        mandate=opening.mandate,
        filed_by=opening.filed_by,
        summary=opening.summary[:200],
        form=opening.form,
        privacy_notice=opening.privacy_notice,
        status=Status.DRAFT,
        created_at=at,
        saved_at=at,
        submitted_at=at,
        received_on=opening.received_on,
        is_joint=True,
        is_sample=opening.is_sample,
    )


def _number(cases: list[Case], today: date) -> None:
    by_region: dict[str, list[Case]] = {}
    for case in cases:
        by_region.setdefault(case.point.code[:6], []).append(case)
    for region in sorted(by_region):
        serials = take_serials(region, today, len(by_region[region]))
        for case, serial in zip(by_region[region], serials, strict=True):
            case.number = make(region, today, serial)


def _hand_over_papers(cases: list[Case], openings: Sequence[Opening], *, at: datetime) -> None:
    shared = CaseMaterial.State.SHARED
    rows = [
        (
            CaseMaterial(
                case=case, material=paper.line, seq=paper.line.seq, name=paper.line.name,
                necessity=paper.line.necessity, state=paper.state,
                checked_at=at if paper.state == shared else None,
            ),
            paper,
        )
        for case, opening in zip(cases, openings, strict=True)
        for paper in opening.papers
    ]  # fmt: skip
    CaseMaterial.objects.bulk_create(row for row, _ in rows)
    files = []
    for row, paper in rows:
        for number, file in enumerate(paper.files, start=1):
            files.append(_copy(file, row, number, is_current=number == len(paper.files)))
    CaseFile.objects.bulk_create(files)


def _copy(file: CaseFile, paper: CaseMaterial, number: int, *, is_current: bool = True) -> CaseFile:
    return CaseFile(
        material=paper,
        number=number,
        name=file.name,
        content_type=file.content_type,
        size=file.size,
        sha256=file.sha256,
        pages=file.pages,
        content=file.content.name,
        is_current=is_current,
        uploaded_by_id=file.uploaded_by_id,
        uploaded_at=file.uploaded_at,
    )
