"""会商: opinions, one survey for all, joint meetings, countersign sheets and votes. None of them decides a permit."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.cases.actions.clocks import HallClock
from apps.points.models import Department

from ..models import Consultation, ConsultationMember, Project, ProjectStage
from ..states import LIVING, ProjectState, Verb, values_of
from .editing import NotAllowed
from .project_moves import Incomplete, Work, locked, must_lead, needs_words

Kind, Reply = Consultation.Kind, ConsultationMember.Reply
LONGEST_TERM = 60  # calendar days
FARTHEST = 366  # calendar days to a gathering: a year typed wrong must not keep everybody waiting for it
COMING = {Reply.CONFIRMED, Reply.OTHER_TIME, Reply.EXCUSED}
SAYING = {Reply.AGREES, Reply.OBJECTS, Reply.ABSTAINS}
ASKS_FOR = {
    Kind.OPINION: {Reply.AGREES, Reply.OBJECTS},
    Kind.SURVEY: COMING,
    Kind.MEETING: COMING,
    Kind.COUNTERSIGN: {Reply.AGREES, Reply.OBJECTS},
    Kind.VOTE: SAYING,
}
SILENCE_RULE = {
    Kind.OPINION: "silence_on_opinion", Kind.SURVEY: "silence_on_survey", Kind.MEETING: "silence_on_meeting",
}  # fmt: skip


@transaction.atomic
def convene(
    project: Project,
    kind: str,
    *,
    subject: str,
    departments: Iterable[Department],
    by: User,
    at: datetime,
    stage: ProjectStage | None = None,
    agenda: str = "",
    place: str = "",
    begins_at: datetime | None = None,
    answer_by: date | None = None,
) -> Consultation:
    """发起会商 (4.2 step 5): by the lead, with departments of this project; by when they answer, and what silence then means."""
    work = locked(project)
    must_lead(by, work.project, stage)
    if work.project.state not in (ProjectState.FILED, ProjectState.CONFIRMED, ProjectState.RUNNING):
        raise NotAllowed(f"项目现在是“{work.project.get_state_display()}”，不能再发起会商。")
    if kind not in Kind.values:
        raise Incomplete("请选择会商方式。", {"kind": "请选择会商方式。"})
    members, today = list(dict.fromkeys(departments)), timezone.localdate(at)
    faults = _faults(work, kind, subject, members, place, begins_at, answer_by, at=at)
    if faults:
        raise Incomplete("；".join(faults.values()), faults)
    same = {"kind": kind, "subject": subject.strip()[:200], "state": Consultation.State.OPEN}
    if work.project.consultations.filter(**same).exists():
        raise NotAllowed(f"同一事由的{Kind(kind).label}正在征询中，不用再发起。")
    version, clock = work.project.version, work.clock
    consultation = Consultation.objects.create(
        project=work.project,
        stage=stage,
        kind=kind,
        subject=subject.strip()[:200],
        agenda=agenda.strip(),
        place=place.strip()[:120],
        begins_at=begins_at,
        answer_by=answer_by or _answer_by(clock, version.opinion_days, today, begins_at),
        silence_agrees=bool(kind in SILENCE_RULE and getattr(version, SILENCE_RULE[kind])),
        called_by=by,
        called_at=at,
    )
    branch_of = {branch.department_id: branch for branch in reversed(work.branches)}
    ConsultationMember.objects.bulk_create(
        ConsultationMember(
            consultation=consultation, department=department, branch=branch_of.get(department.pk)
        )
        for department in members
    )
    facts = {"departments": [str(one) for one in members], "answer_by": consultation.answer_by.isoformat()}
    work.note(
        Verb.CONVENED,
        by=by,
        at=at,
        stage=stage,
        consultation=consultation,
        reason=str(consultation),
        facts=facts,
    )
    work.tell()
    return consultation


@transaction.atomic
def reply(
    member: ConsultationMember,
    said: str,
    *,
    round: int,
    by: User,
    at: datetime,
    words: str = "",
    other_time: datetime | None = None,
) -> ConsultationMember:
    """答复会商: for one's own department, to the time that is set now; another time is proposed, never set."""
    work = locked(member.consultation.project_id)
    consultation, member = _locked(member.consultation), ConsultationMember.objects.get(pk=member.pk)
    if by.acting is None or by.acting.department_id != member.department_id:
        raise NotAllowed(f"这一份由{member.department}答复。")
    _is_open(consultation, work)
    if round != consultation.round:
        raise NotAllowed(
            f"时间已经改为{_moment(consultation.begins_at)}，您答复的那个时间作废了，请按新的时间答复。"
        )
    if member.was_silent:
        raise NotAllowed(f"答复期限已过，已记录为“{member.get_reply_display()}”，不能再改。")
    if said not in ASKS_FOR[consultation.kind]:
        raise Incomplete("请选择一种答复。", {"said": "请选择一种答复。"})
    words = (words or "").strip()
    if said in (Reply.OBJECTS, Reply.EXCUSED) and not words:
        raise Incomplete("请写明意见或理由。", {"words": "请写明意见或理由。"})
    if said == Reply.OTHER_TIME and (fault := _time_fault(other_time, at, "请填写建议的时间，须晚于现在。")):
        raise Incomplete(fault, {"other_time": fault})
    member.reply, member.words, member.answered_round = said, words, round
    member.other_time = other_time if said == Reply.OTHER_TIME else None
    member.answered_at, member.answered_by = at, by
    signs = consultation.kind in (Kind.COUNTERSIGN, Kind.VOTE)
    member.signed_at, member.signed_by = (at, by) if signs else (None, None)
    member.save()
    facts = {
        "department": str(member.department),
        "reply": said,
        "other_time": other_time and other_time.isoformat(),
    }
    work.note(Verb.REPLIED, by=by, at=at, consultation=consultation, reason=words, facts=facts)
    work.tell()
    return member


@transaction.atomic
def change_time(
    consultation: Consultation, *, begins_at: datetime, by: User, at: datetime, place: str = "", why: str = ""
) -> Consultation:
    """改期: by the lead; every earlier answer belongs to a time that holds no longer, and is asked for again."""
    work, consultation = _led(consultation, by)
    if not consultation.is_gathering:
        raise NotAllowed(f"{consultation.get_kind_display()}没有时间可改。")
    if fault := _time_fault(begins_at, at, "时间须晚于现在。"):
        raise Incomplete(fault, {"begins_at": fault})
    before, today = consultation.begins_at, timezone.localdate(at)
    consultation.begins_at, consultation.round = begins_at, consultation.round + 1
    consultation.place = place.strip()[:120] or consultation.place
    clock = work.clock
    consultation.answer_by = _answer_by(clock, work.project.version.opinion_days, today, begins_at)
    consultation.save()
    consultation.members.update(
        reply=Reply.NONE,
        words="",
        other_time=None,
        answered_at=None,
        answered_by=None,
        answered_round=None,
        was_silent=False,
    )
    facts = {"before": before.isoformat(), "begins_at": begins_at.isoformat(), "round": consultation.round}
    work.note(Verb.TIME_CHANGED, by=by, at=at, consultation=consultation, reason=why.strip(), facts=facts)
    work.tell()
    return consultation


@transaction.atomic
def call_off(consultation: Consultation, *, why: str, by: User, at: datetime) -> Consultation:
    """取消会商: by the lead, with a reason; it stays on record."""
    work, consultation = _led(consultation, by)
    why = needs_words(why, "请写明取消的理由。", 300)
    consultation.state, consultation.outcome = Consultation.State.CALLED_OFF, why
    consultation.save(update_fields=["state", "outcome"])
    work.note(Verb.CALLED_OFF, by=by, at=at, consultation=consultation, reason=why)
    work.tell()
    return consultation


@transaction.atomic
def hold(
    consultation: Consultation,
    *,
    record: str,
    by: User,
    at: datetime,
    outcome: str = "",
    absent: Iterable[int] = (),
) -> Consultation:
    """结束会商: what was found or agreed goes on record, with who was absent. Who did not come without a word counts by the rule.

    An opinion, a sheet or a vote ends when all have answered or the time for it is over; a gathering not before its day.
    """
    work, consultation = _led(consultation, by)
    record = needs_words(record, "请写明记录：到场的人、看到或议定的内容。", 5000)
    today, members = (
        timezone.localdate(at),
        list(consultation.members.select_related("department").order_by("id")),
    )
    if consultation.is_gathering and timezone.localdate(consultation.begins_at) > today:
        raise NotAllowed(f"定在{_moment(consultation.begins_at)}，到当天才能写记录。")
    if not consultation.is_gathering:
        waiting = [str(one.department) for one in members if not one.has_answered]
        if waiting and today <= consultation.answer_by:
            raise NotAllowed(f"{'、'.join(waiting[:3])}还在答复期内，不能结束。")
    absent, gone, marked = set(absent), [], []
    for member in members:
        if consultation.is_gathering and member.pk in absent and member.reply != Reply.EXCUSED:
            known = member.was_silent  # on record already: not told a second time
            member.reply, member.was_silent = Reply.ABSENT, True
            (marked if known else gone).append(member)
        elif not member.has_answered and not consultation.is_gathering:
            _fall_silent(consultation, member)
            gone.append(member)
    ConsultationMember.objects.bulk_update([*gone, *marked], ["reply", "was_silent"])
    consultation.state, consultation.record, consultation.held_at = Consultation.State.HELD, record, at
    consultation.outcome = (outcome.strip() or _tally(consultation, members))[:300]
    consultation.save(update_fields=["state", "record", "held_at", "outcome"])
    work.note(
        Verb.HELD, by=by, at=at, consultation=consultation, reason=consultation.outcome,
        facts={"silent": [_silent(one) for one in gone], "agrees": consultation.silence_agrees},
    )  # fmt: skip
    work.tell()
    return consultation


@transaction.atomic
def sign(member: ConsultationMember, *, by: User, at: datetime) -> ConsultationMember:
    """签署记录: each department that was there signs what is on record, once."""
    work = locked(member.consultation.project_id)
    consultation, member = _locked(member.consultation), ConsultationMember.objects.get(pk=member.pk)
    if by.acting is None or by.acting.department_id != member.department_id:
        raise NotAllowed(f"这一份由{member.department}签署。")
    if consultation.state != Consultation.State.HELD:
        raise NotAllowed("记录写好以后才能签署。")
    if member.signed_at is not None:
        raise NotAllowed(f"{member.signed_by.name}已经代表{member.department}签署。")
    if member.reply in (Reply.ABSENT, Reply.EXCUSED):
        raise NotAllowed("没有到场的部门不签署记录。")
    member.signed_at, member.signed_by = at, by
    member.save(update_fields=["signed_at", "signed_by"])
    work.note(
        Verb.SIGNED, by=by, at=at, consultation=consultation, facts={"department": str(member.department)}
    )
    work.tell()
    return member


@transaction.atomic
def note_silence(*, at: datetime) -> int:
    """逾期未答复: whoever has not answered by the last day is on record as silent. By the bundle's rule an opinion, a survey
    or a meeting then counts as met without objection; a sheet or a vote never does. Returns how many consultations.
    """
    today = timezone.localdate(at)
    late = Consultation.objects.filter(
        state=Consultation.State.OPEN,
        answer_by__lt=today,
        members__reply="",
        project__state__in=values_of(LIVING),
    )
    seen = 0
    for project, pk in sorted(set(late.values_list("project", "pk"))):
        seen += _note_silence(project, pk, today, at=at)
    return seen


def _note_silence(project: int, pk: int, today: date, *, at: datetime) -> int:
    work = locked(project)
    consultation = Consultation.objects.select_for_update().get(pk=pk)
    members = list(consultation.members.filter(reply="").select_related("department").order_by("id"))
    if not consultation.is_open or consultation.answer_by >= today or not members:
        return 0
    for member in members:
        _fall_silent(consultation, member)
    ConsultationMember.objects.bulk_update(members, ["reply", "was_silent"])
    names = "、".join(str(member.department) for member in members)
    means = "，视为无意见" if consultation.silence_agrees else ""
    work.note(
        Verb.SILENT, by=None, at=at, consultation=consultation, stage=consultation.stage,
        reason=f"{names}逾期未答复{means}，责任仍在该部门",
        facts={"silent": [_silent(one) for one in members], "agrees": consultation.silence_agrees},
    )  # fmt: skip
    work.tell()
    return 1


def _fall_silent(consultation: Consultation, member: ConsultationMember) -> None:
    member.reply = Reply.SILENT_AGREES if consultation.silence_agrees else Reply.SILENT
    member.was_silent = True


def _silent(member: ConsultationMember) -> dict:
    return {"member": member.pk, "department": member.department_id, "reply": member.reply}


def _faults(
    work: Work, kind, subject, members, place, begins_at, answer_by, *, at: datetime
) -> dict[str, str]:
    faults, today = {}, timezone.localdate(at)
    taking_part = {branch.department_id for branch in work.branches if branch.state != "not_needed"}
    taking_part |= {stage.lead_id for stage in work.stages} | {work.project.lead_id}
    strangers = [str(one) for one in members if one.pk not in taking_part]
    if not (subject or "").strip():
        faults["subject"] = "请写明会商的事由。"
    if not members:
        faults["departments"] = "请选择参加的部门。"
    elif strangers:
        faults["departments"] = f"{'、'.join(strangers[:3])}不在这个项目里，请从参加部门中选择。"
    if kind in (Kind.SURVEY, Kind.MEETING):
        if fault := _time_fault(begins_at, at, "请填写时间，须晚于现在。"):
            faults["begins_at"] = fault
        if not (place or "").strip():
            faults["place"] = "请填写地点。"
    if answer_by is not None and answer_by < today:
        faults["answer_by"] = "答复期限不能早于今天。"
    elif answer_by is not None and (answer_by - today).days > LONGEST_TERM:
        faults["answer_by"] = f"答复期限最长{LONGEST_TERM}天。"
    elif answer_by is not None and begins_at is not None and answer_by > timezone.localdate(begins_at):
        faults["answer_by"] = "答复期限不能晚于会商当天。"
    return faults


def _time_fault(begins_at: datetime | None, at: datetime, missing: str) -> str:
    if begins_at is None or begins_at <= at:
        return missing
    return "时间最远定在一年以内，请核对年份。" if begins_at - at > timedelta(days=FARTHEST) else ""


def _answer_by(clock: HallClock, days: int, today: date, begins_at: datetime | None) -> date:
    """Working days from today, and never behind the meeting itself."""
    last = clock.workdays_after(today, days)
    return min(last, timezone.localdate(begins_at)) if begins_at is not None else last


def _tally(consultation: Consultation, members: list[ConsultationMember]) -> str:
    if consultation.kind == Kind.VOTE:
        said = [member.reply for member in members]
        counts = [
            (Reply.AGREES, "同意"),
            (Reply.OBJECTS, "不同意"),
            (Reply.ABSTAINS, "弃权"),
            (Reply.SILENT, "未投票"),
        ]
        return "，".join(f"{words}{said.count(kind)}票" for kind, words in counts)
    against = [str(member.department) for member in members if member.reply == Reply.OBJECTS]
    return f"{'、'.join(against)}有意见" if against else "没有不同意见"


def _locked(consultation: Consultation) -> Consultation:
    return Consultation.objects.select_for_update().get(pk=consultation.pk)


def _led(consultation: Consultation, by: User) -> tuple[Work, Consultation]:
    work = locked(consultation.project_id)
    consultation = _locked(consultation)
    stage = work.stage(consultation.stage_id) if consultation.stage_id else None
    must_lead(by, work.project, stage)
    _is_open(consultation, work)
    return work, consultation


def _is_open(consultation: Consultation, work: Work) -> None:
    if not work.project.is_living:
        raise NotAllowed(f"项目{work.project.get_state_display()}，会商不再进行。")
    if not consultation.is_open:
        raise NotAllowed(
            f"这次{consultation.get_kind_display()}{consultation.get_state_display()}，不能再答复或更改。"
        )


def _moment(at: datetime | None) -> str:
    return f"{timezone.localtime(at):%m月%d日 %H:%M}" if at else "另行通知的时间"
