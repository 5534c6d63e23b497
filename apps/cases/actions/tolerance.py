"""容缺受理与告知承诺: accepted with a paper missing that may come later; a promise in place of a paper."""

from collections.abc import Collection
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import CreditRecord, User

from ..models import Case, CaseMaterial, ClockPause
from ..states import Status, Verb
from ..terms import last_day
from .acceptance import ACCEPTANCE_FIELDS, BATCH, promise_facts, start_running
from .clocks import HallClock, close_clocks
from .moves import NotAllowed, begin, needs_words, record, record_all

S = CaseMaterial.State


@transaction.atomic
def accept_tolerated(case: Case, *, promised_by: str, by: User, at: datetime) -> Case:
    """容缺受理: only tolerable papers are missing and the applicant promised in writing to bring them in time (R19)."""
    case = begin(case, Verb.ACCEPTED_TOLERATED)
    before, today = case.status, timezone.localdate(at)
    promised_by = needs_words(promised_by, "请填写签署容缺承诺书的人。")[:60]
    if before == Status.PRE_SUBMITTED and (case.version.needs_originals or case.version.advisory_pre_review):
        raise NotAllowed("这个事项须交验原件，请先预审通过，收件时再容缺受理。")
    _has_good_credit(case, "容缺受理", on=today)
    papers = list(case.materials.order_by("seq"))
    case.has_promise = any(paper.state == S.PROMISED for paper in papers)
    lacking = [paper.name for paper in papers if paper.is_missing or paper.may_be_promised]
    if lacking:
        raise NotAllowed(f"“{lacking[0]}”等{len(lacking)}份不是可容缺材料，请一次告知申请人补正。")
    tolerated = [paper for paper in papers if paper.may_be_tolerated]
    if not tolerated:
        raise NotAllowed("材料已经齐全，请直接受理。")
    clock = HallClock(case.path)
    until = clock.workdays_after(today, case.version.tolerance_days)
    CaseMaterial.objects.filter(pk__in=[paper.pk for paper in tolerated]).update(
        state=S.TOLERATED, tolerated_until=until
    )
    start_running(case, case.answered_on or today, by=by, clock=clock, at=at)
    case.is_tolerated, case.tolerated_until = True, until
    case.save(update_fields=[*ACCEPTANCE_FIELDS, "is_tolerated", "tolerated_until"])
    facts = {
        **promise_facts(case),
        "tolerated": [paper.name for paper in tolerated],
        "tolerated_until": until.isoformat(),
        "promised_by": promised_by,
    }
    record(case, Verb.ACCEPTED_TOLERATED, by=by, at=at, before=before, facts=facts)
    return case


@transaction.atomic
def bring_tolerated(case: Case, seqs: Collection[int], *, by: User, at: datetime) -> Case:
    """补交容缺材料: at the counter or uploaded before; with the last one the case is whole."""
    case = begin(case, Verb.TOLERATED_BROUGHT)
    today = timezone.localdate(at)
    if not case.is_tolerated:
        raise NotAllowed("这件没有待补交的容缺材料。")
    if today > case.tolerated_until:
        raise NotAllowed(f"补交的截止日{last_day(case.tolerated_until)}已过，依承诺视为撤回申请。")
    waiting = list(case.materials.filter(state=S.TOLERATED).prefetch_related("files"))
    brought = [paper for paper in waiting if paper.seq in set(seqs)]
    if not brought:
        raise NotAllowed("请选择补交了哪份材料。")
    for paper in brought:
        uploaded = any(file.is_current for file in paper.files.all())
        paper.state = S.UPLOADED if uploaded else S.ON_PAPER
        paper.originals = paper.originals if uploaded else 1
    CaseMaterial.objects.bulk_update(brought, ["state", "originals"])
    case.is_tolerated = len(brought) < len(waiting)
    case.save(update_fields=["is_tolerated"])
    facts = {"brought": [paper.name for paper in brought], "left": len(waiting) - len(brought)}
    record(case, Verb.TOLERATED_BROUGHT, by=by, at=at, facts=facts)
    return case


@transaction.atomic
def lapse_tolerated(*, at: datetime) -> int:
    """容缺材料逾期未补 (R19): one batch; not complete in time means withdrawn. Returns how many; again until none."""
    today = timezone.localdate(at)
    late = Case.objects.tolerated_too_long(on=today).select_for_update(of=["self"], skip_locked=True)
    cases = list(late.order_by("tolerated_until", "id")[:BATCH])
    ClockPause.objects.filter(case__in=cases, to_on=None).update(to_on=today)
    entries = []
    for case in cases:
        before = case.status
        case.status, case.closed_on = Status.LAPSED, today
        close_clocks(case)
        reason = f"容缺材料到截止日{last_day(case.tolerated_until)}没有补齐，依承诺视为撤回申请。"
        facts = {"until": case.tolerated_until.isoformat()}
        entries.append(
            {
                "case": case, "verb": Verb.TOLERANCE_LAPSED, "by": None, "at": at, "before": before,
                "reason": reason, "facts": facts,
            }
        )  # fmt: skip
    fields = ["status", "closed_on", "paused_since", "pause_kind", "stops_statutory", "desk_due_on"]
    Case.objects.bulk_update(cases, fields, batch_size=200)
    record_all(entries)
    return len(cases)


@transaction.atomic
def take_promise(case: Case, seqs: Collection[int], *, by: User, at: datetime) -> Case:
    """告知承诺: a written promise stands in for the papers that the guide allows it for."""
    case = begin(case, Verb.PROMISED)
    papers = [paper for paper in case.materials.order_by("seq") if paper.seq in set(seqs)]
    if not papers:
        raise NotAllowed("请选择以承诺代替的材料。")
    wrong = next((paper for paper in papers if not paper.may_be_promised), None)
    if wrong is not None:
        raise NotAllowed(f"“{wrong}”是{wrong.get_necessity_display()}材料，不能以承诺代替。")
    _has_good_credit(case, "告知承诺", on=timezone.localdate(at))
    CaseMaterial.objects.filter(pk__in=[paper.pk for paper in papers]).update(state=S.PROMISED)
    case.has_promise = True
    case.save(update_fields=["has_promise"])
    record(case, Verb.PROMISED, by=by, at=at, facts={"promised": [paper.name for paper in papers]})
    return case


@transaction.atomic
def take_back_promise(case: Case, *, reason: str, by: User, at: datetime) -> Case:
    """撤回承诺: possible until the decision; the papers are wanted again."""
    case = begin(case, Verb.PROMISE_TAKEN_BACK)
    reason = needs_words(reason, "请写明撤回承诺的原因。")
    taken_back = case.materials.filter(state=S.PROMISED).update(state=S.ABSENT)
    if not taken_back:
        raise NotAllowed("这件没有告知承诺，不用撤回。")
    case.has_promise = False
    case.save(update_fields=["has_promise"])
    record(case, Verb.PROMISE_TAKEN_BACK, by=by, at=at, reason=reason, facts={"papers": taken_back})
    return case


@transaction.atomic
def check_promise(case: Case, *, is_kept: bool, note: str, by: User, at: datetime) -> Case:
    """核查承诺: after the decision; a promise that was not kept is to be put right, or the permit is revoked."""
    case = begin(case, Verb.PROMISE_CHECKED)
    if not case.has_promise:
        raise NotAllowed("这件不是按告知承诺办理的。")
    note = needs_words(note, "请写明核查情况。")
    record(case, Verb.PROMISE_CHECKED, by=by, at=at, reason=note, facts={"kept": is_kept})
    return case


def _has_good_credit(case: Case, path: str, *, on: date) -> None:
    """Neither path is open to whom a record of bad credit stands against, until it ends or credit is repaired."""
    records = CreditRecord.objects.against(case.applicant).in_force_on(on)
    record = records.order_by("-valid_from", "-id").first()
    if record is None:
        return
    until = f"，截止日{last_day(record.valid_to)}" if record.valid_to else ""
    raise NotAllowed(
        f"申请人有失信记录（{record.source}{until}），在信用修复以前不适用{path}。"
        "请告知申请人提交全部材料，或者先向认定机关申请信用修复，修复后再办。"
    )
