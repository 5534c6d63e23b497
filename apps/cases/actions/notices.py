"""一次性告知 (art. 32(4)): pre-review returns and supplement notices, every fault at once, and their answers."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User

from ..models import Case, CaseMaterial, Fault, Notice
from ..states import Status, Verb
from ..terms import last_day
from .clocks import HallClock, open_notice_period, set_desk_due, wait_for_applicant
from .moves import Incomplete, NotAllowed, begin, needs_words, record


@dataclass(frozen=True)
class Found:
    """One fault found: of a material (its seq), or of the form when `seq` is None."""

    text: str
    seq: int | None = None
    remedy: str = ""


@transaction.atomic
def return_for_correction(
    case: Case, faults: list[Found], *, by: User, at: datetime, note: str = "", why_new: str = ""
) -> Case:
    """预审退回: it is the one-time notice, so it must name every fault; it stops the five days (R4)."""
    case = begin(case, Verb.PRE_RETURNED)
    notice = _notify(
        case, Notice.Kind.PRE_RETURN, Status.PRE_RETURNED, faults, by=by, at=at, note=note, why_new=why_new
    )
    record(
        case, Verb.PRE_RETURNED, by=by, at=at, before=Status.PRE_SUBMITTED, reason=note, facts=_facts(notice)
    )
    return case


@transaction.atomic
def ask_supplement(
    case: Case, faults: list[Found], *, by: User, at: datetime, note: str = "", why_new: str = ""
) -> Case:
    """补正告知书: within five working days of receipt, once, everything.

    A second one only repeats what was not cured; a new fault needs the head's permission (`by` may approve steps) and
    a reason, counts as 多次补正 and raises a red card.
    """
    case = begin(case, Verb.SUPPLEMENT_ASKED)
    today = timezone.localdate(at)
    if case.notice_due_on is not None and today > case.notice_due_on:
        raise NotAllowed(
            f"一次告知的截止日{last_day(case.notice_due_on)}已过，依法自收件之日起视为受理，不能再要求补正。"
        )
    notice = _notify(
        case, Notice.Kind.SUPPLEMENT, Status.SUPPLEMENT, faults, by=by, at=at, note=note, why_new=why_new
    )
    record(
        case, Verb.SUPPLEMENT_ASKED, by=by, at=at, before=Status.RECEIVED, reason=note, facts=_facts(notice)
    )
    return case


@transaction.atomic
def resubmit(case: Case, answers: dict[int, str], *, by: User, at: datetime) -> Case:
    """改正后重新提交: every fault answered; the five days run anew from this day. Raises Incomplete per fault."""
    return _answer(case, Verb.RESUBMITTED, Status.PRE_SUBMITTED, answers, by=by, at=at)


@transaction.atomic
def supplement(case: Case, answers: dict[int, str], *, by: User, at: datetime) -> Case:
    """补正: the complete papers came in today; accepting dates back to this day however late it is looked at."""
    return _answer(case, Verb.SUPPLEMENTED, Status.RECEIVED, answers, by=by, at=at)


def open_faults(case: Case):
    """The faults the applicant must still answer, with their materials."""
    return Fault.objects.filter(notice__case=case, notice__answered_at=None).select_related(
        "material", "notice"
    )


def _notify(
    case: Case,
    kind: str,
    status: str,
    faults: list[Found],
    *,
    by: User,
    at: datetime,
    note: str,
    why_new: str,
) -> Notice:
    if not faults:
        sentence = "请至少指出一处问题；要求补正必须一次告知全部内容。"
        raise Incomplete(sentence, {"faults": sentence})
    today = timezone.localdate(at)
    materials = {material.seq: material for material in case.materials.all()}
    unknown = [found.seq for found in faults if found.seq is not None and found.seq not in materials]
    if unknown:
        raise NotAllowed(f"材料清单中没有第{unknown[0]}项；不能要求清单以外的材料（行政许可法第三十一条）。")
    new_faults = 0
    if case.notices_sent:
        new_faults = _new_faults(case, faults, materials, by=by, why_new=why_new)
    clock = HallClock(case.path)
    case.status = status
    case.notices_sent += 1
    wait_for_applicant(case, clock, today, case.version.supplement_days or clock.rules.supplement_days)
    case.notice_due_on = case.pre_review_due_on = None
    set_desk_due(case)
    case.save(
        update_fields=[
            "status",
            "notices_sent",
            "wait_until",
            "notice_due_on",
            "pre_review_due_on",
            "desk_due_on",
        ]
    )
    notice = Notice.objects.create(
        case=case,
        kind=kind,
        number=case.notices_sent,
        sent_at=at,
        sent_by=by,
        answer_by=case.wait_until,
        note=note,
        new_faults=new_faults,
        permitted_by=by if new_faults else None,
        why_new=why_new.strip() if new_faults else "",
    )
    Fault.objects.bulk_create(
        Fault(
            notice=notice,
            material=materials.get(found.seq),
            text=needs_words(found.text, "请写明每一处问题。"),
            remedy=found.remedy.strip(),
        )
        for found in faults
    )
    return notice


def _new_faults(
    case: Case, faults: list[Found], materials: dict[int, CaseMaterial], *, by: User, why_new: str
) -> int:
    """How many were not named before: none, unless the head permits it and says why."""
    named = set(Fault.objects.filter(notice__case=case).values_list("material__seq", flat=True))
    new = [found for found in faults if found.seq not in named]
    if new and not (by.has_perm("cases.approve_step") and why_new.strip()):
        what = f"“{materials[new[0].seq]}”" if new[0].seq is not None else "申请表"
        raise NotAllowed(
            f"{what}在第一次告知中没有提出。再次告知只能重复尚未改正的问题；确须提出新的问题的，"
            "由首席代表写明理由后发出，并记红牌（行政许可法第三十二条）。"
        )
    return len(new)


def _answer(case: Case, verb: Verb, status: str, answers: dict[int, str], *, by: User, at: datetime) -> Case:
    case = begin(case, verb)
    before, today = case.status, timezone.localdate(at)
    if case.wait_until is not None and today > case.wait_until:
        raise NotAllowed(f"补正的截止日{last_day(case.wait_until)}已过，不能再提交。")
    notice = case.notices.order_by("-number").first()
    faults = list(notice.faults.select_related("material").prefetch_related("material__files"))
    open_ones = {}
    for fault in faults:
        fault.answer = (answers.get(fault.pk) or "").strip()[:5000]
        if not fault.answer and not _new_paper(fault, notice):
            open_ones[f"fault-{fault.pk}"] = "请重新上传这份材料，或写明如何改正。"
        fault.answered_at = at
    if open_ones:
        raise Incomplete(f"还有{len(open_ones)}处问题没有答复，全部答复后一次提交。", open_ones)
    Fault.objects.bulk_update(faults, ["answer", "answered_at"])
    notice.answered_at = at
    notice.save(update_fields=["answered_at"])
    clock = HallClock(case.path)
    case.status, case.answered_on, case.wait_until = status, today, None
    open_notice_period(case, clock, today)
    if status == Status.PRE_SUBMITTED:
        case.pre_review_due_on = clock.workdays_after(today, clock.rules.pre_review_days)
    set_desk_due(case)
    case.save(
        update_fields=[
            "status",
            "answered_on",
            "wait_until",
            "notice_due_on",
            "pre_review_due_on",
            "desk_due_on",
        ]
    )
    record(
        case,
        verb,
        by=by,
        at=at,
        before=before,
        facts={"notice": notice.number, "notice_due_on": _iso(case.notice_due_on)},
    )
    return case


def _new_paper(fault: Fault, notice: Notice) -> bool:
    if fault.material is None:
        return False
    return any(file.is_current and file.uploaded_at > notice.sent_at for file in fault.material.files.all())


def _facts(notice: Notice) -> dict:
    return {
        "notice": notice.number,
        "faults": notice.faults.count(),
        "answer_by": _iso(notice.answer_by),
        "new_faults": notice.new_faults,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
