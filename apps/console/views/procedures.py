"""程序与移交: what is done now and then to a case, on one page beside the case page."""

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from apps.accounts.gates import permission
from apps.accounts.models import User
from apps.calendars import loaded
from apps.cases import actions, evidence
from apps.cases.models import Case, Hearing, StepRequest, Survey, SurveyPhoto
from apps.points.models import Department

from ..forms import day_in, number_in, time_in
from ..panels import procedures_for
from .acts import Page, act
from .case import case_of, words_typed
from .files import shown


@require_safe
@permission("cases.view_case")
def procedures(request: HttpRequest, number: str) -> HttpResponse:
    return render(request, PAGE.template, facts_of(request, case_of(request, number)))


@require_safe
@never_cache
@permission("cases.view_papers")
def survey_photo(request: HttpRequest, pk: int) -> HttpResponse:
    """踏勘照片: through a case that one may see."""
    seen = Case.objects.visible_to(request.user)
    photo = get_object_or_404(SurveyPhoto.objects.filter(survey__case__in=seen), pk=pk)
    return shown(photo)


def facts_of(request: HttpRequest, case: Case, *, refusal=None, panel="", faults=None) -> dict:
    """What the page shows: the acts that fit this state of the procedures, and the people and bodies to choose from."""
    events = list(case.events.select_related("by").order_by("-id"))
    told = evidence.read(events)
    panels = [one for one in procedures_for(case, request.user) if _fits(one.name, case, told)]
    names, today = {one.name for one in panels}, timezone.localdate()
    why_not_extend = actions.why_not_extend(case, on=today)
    has_form = names - {"extension"} if why_not_extend else names
    return {
        "case": case,
        "told": told,
        "seen": events[0].pk if events else "",
        "panels": panels,
        "open_panel": panel,
        "kept_words": words_typed(request) if refusal and panel not in has_form else [],
        "refusal": refusal,
        "field_faults": faults or {},
        "typed": request.POST,
        "today": today,
        "calendar": loaded.current(),
        "most_to_extend": actions.most_to_extend(case),
        "why_not_extend": why_not_extend,
        "hearing": actions.open_hearing_of(case) if told.hearing else None,
        "colleagues": _colleagues(case) if names & {"survey", "hand_over", "hearing_call"} else [],
        "bodies": _bodies_above(case) if "forward" in names else [],
        "survey_people": (("first", "踏勘人员一"), ("second", "踏勘人员二")),
        "photos": list(SurveyPhoto.objects.filter(survey__case=case).order_by("id")),
        "loan": case.loans.filter(returned_on=None).first() if "loan" in names else None,
    }


PAGE = Page("console/case_procedures.html", facts_of, "console:case-procedures")


# ── what the head answers ────────────────────────────────────────────────────────────────────────────
@act("cases.approve_step", panel="answer", done="已批复", page=PAGE)
def answer(case, posted: QueryDict, by, at):
    request = _of(case, StepRequest.objects, number_in(posted, "request"))
    if posted.get("answer") == "approve":
        return actions.approve(request, by=by, at=at)
    return actions.deny(request, answer=posted.get("why", ""), by=by, at=at)


@act("cases.pause_case", panel="extension", done="已登记延期", page=PAGE)
def extension(case, posted, by, at):
    return actions.seek_extension(
        case, amount=number_in(posted, "amount"), reason=posted.get("reason", ""), by=by, at=at
    )


@act("cases.approve_step", panel="terminate", done="已终止办理", page=PAGE)
def termination(case, posted, by, at):
    return actions.terminate(case, reason=posted.get("reason", ""), by=by, at=at)


# ── survey ───────────────────────────────────────────────────────────────────────────────────────────
@act("cases.survey_case", panel="survey", done="已安排踏勘", page=PAGE)
def survey(case, posted, by, at):
    planned_on = day_in(posted, "planned_on")
    people = [_colleague(case, number_in(posted, name)) for name in ("first", "second")]
    if planned_on is None or None in people:
        raise actions.Incomplete(
            "请填好踏勘日期和两位踏勘人员。", {"survey": "日期按 2026-01-31 的样子填，人员各选一位。"}
        )
    return actions.open_survey(
        case,
        planned_on=planned_on,
        place=posted.get("place", ""),
        first=people[0],
        second=people[1],
        by=by,
        at=at,
    ).case


@act("cases.survey_case", panel="survey_record", done="已上传照片", page=PAGE, with_files=True)
def survey_photos(case, posted, files, by, at):
    """上传踏勘照片: some at once; each is checked by itself."""
    found = _of(case, Survey.objects, number_in(posted, "survey"))
    photos = files.getlist("photo")
    if not photos:
        raise actions.Incomplete("请选择照片。", {"photo": "请选择至少一张照片。"})
    for photo in photos:
        actions.add_photo(found, photo, by=by, at=at)
    return case


@act("cases.survey_case", panel="survey_record", done="已签署踏勘记录", page=PAGE)
def survey_signature(case, posted, by, at):
    found = _of(case, Survey.objects, number_in(posted, "survey"))
    passed = {"yes": True, "no": False}.get(posted.get("is_passed", ""))
    return actions.sign_survey(found, by=by, at=at, findings=posted.get("findings", ""), is_passed=passed)


# ── hearing ──────────────────────────────────────────────────────────────────────────────────────────
@act("cases.hear_case", panel="hearing_offer", done="已告知听证权利", page=PAGE)
def hearing_offer(case, posted, by, at):
    return actions.offer_hearing(case, subject=posted.get("subject", ""), by=by, at=at).case


@act("cases.hear_case", panel="hearing_ask", done="已登记", page=PAGE)
def hearing_request(case, posted, by, at):
    """The applicant's or a third party's word at the counter: a hearing is asked for, or waived."""
    found = _of(case, Hearing.objects, number_in(posted, "hearing"))
    if posted.get("word") == "waive":
        return actions.waive_hearing(found, reason=posted.get("reason", ""), by=by, at=at)
    return actions.ask_hearing(found, asked_by_name=posted.get("asked_by_name", ""), by=by, at=at)


@act("cases.hear_case", panel="hearing_call", done="已通知听证", page=PAGE)
def hearing_call(case, posted, by, at):
    found = _of(case, Hearing.objects, number_in(posted, "hearing"))
    held_on, presider = day_in(posted, "held_on"), _colleague(case, number_in(posted, "presider"))
    begins_at = time_in(posted, "begins_at")
    if held_on is None or presider is None:
        raise actions.Incomplete(
            "请填好听证日期和主持人。", {"held_on": "日期按 2026-01-31 的样子填，并选主持人。"}
        )
    if begins_at is None and posted.get("begins_at", "").strip():
        raise actions.Incomplete("请填好听证开始的时间。", {"begins_at": "时间按 09:30 的样子填。"})
    return actions.call_hearing(
        found,
        held_on=held_on,
        begins_at=begins_at,
        place=posted.get("place", ""),
        presider=presider,
        by=by,
        at=at,
    )


@act("cases.hear_case", panel="hearing_hold", done="已登记听证笔录", page=PAGE)
def hearing_record(case, posted, by, at):
    found = _of(case, Hearing.objects, number_in(posted, "hearing"))
    return actions.hold_hearing(
        found, minutes=posted.get("minutes", ""), signed_by=posted.get("signed_by", ""), by=by, at=at
    )


# ── up, over, and afterwards ─────────────────────────────────────────────────────────────────────────
@act("cases.forward_case", panel="forward", done="已上报", page=PAGE)
def forwarding(case, posted, by, at):
    to = next((body for body in _bodies_above(case) if body.pk == number_in(posted, "to")), None)
    if to is None:
        raise actions.Incomplete("请选择上级部门。", {"to": "请选择上级部门。"})
    return actions.forward(case, to=to, opinion=posted.get("opinion", ""), by=by, at=at)


@act("cases.forward_case", panel="result", done="已登记上级结果", page=PAGE)
def upper_result(case, posted, by, at):
    return actions.note_result(case, result=posted.get("result", ""), by=by, at=at)


@act("cases.hand_over_case", panel="hand_over", done="已移交", page=PAGE)
def handover(case, posted, by, at):
    to = _colleague(case, number_in(posted, "to"))
    if to is None:
        raise actions.Incomplete("请选择接手的同事。", {"to": "请选择接手的同事。"})
    return actions.hand_over(case, to=to, note=posted.get("note", ""), by=by, at=at)


@act("cases.accept_case", panel="promise_back", done="已撤回承诺", page=PAGE)
def promise_withdrawal(case, posted, by, at):
    return actions.take_back_promise(case, reason=posted.get("reason", ""), by=by, at=at)


@act("cases.review_case", panel="promise_check", done="已登记核查", page=PAGE)
def promise_check(case, posted, by, at):
    kept = posted.get("kept") == "yes"
    return actions.check_promise(case, is_kept=kept, note=posted.get("note", ""), by=by, at=at)


@act("cases.archive_case", panel="loan", done="已登记借阅", page=PAGE)
def loan(case, posted, by, at):
    due_on = day_in(posted, "due_on")
    if due_on is None:
        raise actions.Incomplete("请填应还日期。", {"due_on": "应还日期按 2026-01-31 的样子填。"})
    words = {name: posted.get(name, "") for name in ("borrower", "unit", "purpose")}
    return actions.borrow(case, due_on=due_on, by=by, at=at, **words).case


@act("cases.archive_case", panel="loan", done="已登记归还", page=PAGE)
def loan_return(case, posted, by, at):
    return actions.return_file(case, condition=posted.get("condition", ""), by=by, at=at).case


def _fits(name: str, case: Case, told: evidence.Facts) -> bool:
    """Which step of a procedure is next; what has no step of its own fits whenever the state allows it."""
    return {
        "answer": bool(told.asked),
        "extension": not case.extension_amount,
        "hearing_offer": not told.hearing,
        "hearing_ask": bool(told.hearing),
        "hearing_hold": "held_on" in told.hearing,
        "forward": case.kind == "forwarded",
        "promise_back": case.has_promise,
        "promise_check": case.has_promise,
    }.get(name, True)


def _of(case: Case, rows, pk: int):
    """A row of this case and no other; it brings along what the page had seen of the case."""
    found = rows.filter(case=case, pk=pk).first()
    if found is None:
        raise Http404
    found.case = case
    return found


def _colleagues(case: Case) -> list[User]:
    """Who works where the case is handled."""
    here = {"department": case.department_id} if case.department_id else {"point": case.point_id}
    held = {f"assignments__{name}": value for name, value in here.items()}
    return list(User.objects.filter(is_active=True, **held).distinct().order_by("name", "id"))


def _colleague(case: Case, pk: int) -> User | None:
    return next((person for person in _colleagues(case) if person.pk == pk), None)


def _bodies_above(case: Case) -> list[Department]:
    paths = [case.path[:length] for length in range(4, len(case.path), 2)]
    above = Department.objects.filter(point__path__in=paths).exclude(pk=case.department_id)
    return list(above.select_related("point").order_by("point__path", "code"))
