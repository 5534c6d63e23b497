"""现场踏勘 (art. 34(3)): arranged for two, signed by both, with photos of the place."""

from datetime import date, datetime

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User

from ..evidence import SURVEY
from ..models import Case, ClockPause, Survey, SurveyPhoto
from ..states import Status, Verb
from ..terms import day_words
from ..uploads import BadFile, check
from .clocks import CLOCK_FIELDS, HallClock, pauses_of, set_clocks
from .moves import Incomplete, NotAllowed, begin, needs_words, record
from .review import kinds_of_pause

KIND = SURVEY
MOST_PHOTOS = 20


@transaction.atomic
def open_survey(
    case: Case, *, planned_on: date, place: str, first: User, second: User, by: User, at: datetime
) -> Survey:
    """安排踏勘: stops the promised clock only where the guide names it as a procedure (R5); never the statutory one."""
    case = begin(case, Verb.SURVEY_OPENED)
    place = needs_words(place, "请填写踏勘地点。")[:200]
    today = timezone.localdate(at)
    if first.pk == second.pk:
        raise NotAllowed("踏勘须有两名以上工作人员，请选两个不同的人（行政许可法第三十四条）。")
    if planned_on < today:
        raise NotAllowed("踏勘日期不能早于今天。")
    pause = None
    if KIND in kinds_of_pause(case):
        pause = ClockPause.objects.create(
            case=case,
            kind=KIND,
            from_on=today,
            stops_statutory=False,
            reason=place,
            opened_by=by,
            approved_by=by,
        )
        case.pause_kind = KIND
        set_clocks(case, HallClock(case.path), pauses_of(case))
    survey = Survey.objects.create(
        case=case, planned_on=planned_on, place=place, first=first, second=second, pause=pause
    )
    case.status = Status.SURVEY
    case.save(update_fields=["status", *CLOCK_FIELDS])
    facts = {
        "survey": survey.pk,
        "planned_on": planned_on.isoformat(),
        "place": place,
        "people": [[first.pk, first.name], [second.pk, second.name]],
        "pauses": pause is not None,
    }
    record(case, Verb.SURVEY_OPENED, by=by, at=at, before=Status.IN_REVIEW, facts=facts)
    return survey


@transaction.atomic
def add_photo(survey: Survey, file: UploadedFile, *, by: User, at: datetime) -> SurveyPhoto:
    """踏勘照片: a picture, checked by content; the same picture twice is one. Raises BadFile."""
    checked = check(file)
    if not checked.content_type.startswith("image/"):
        raise BadFile(f"“{checked.name}”不是照片，请上传JPG或PNG。")
    begin(survey.case, Verb.SURVEY_SIGNED)
    _is_one_of_the_two(survey, by)
    if survey.photos.count() >= MOST_PHOTOS:
        raise NotAllowed(f"每次踏勘最多{MOST_PHOTOS}张照片。")
    known = survey.photos.filter(sha256=checked.sha256).first()
    if known is not None:
        return known
    photo = SurveyPhoto(
        survey=survey,
        name=checked.name,
        content_type=checked.content_type,
        size=checked.size,
        sha256=checked.sha256,
        by=by,
        at=at,
    )
    photo.content.save(checked.name, file, save=False)
    photo.save()
    return photo


@transaction.atomic
def sign_survey(
    survey: Survey, *, by: User, at: datetime, findings: str = "", is_passed: bool | None = None
) -> Case:
    """签署踏勘记录: the first signature writes what was found, the second confirms it and ends the survey."""
    case = begin(survey.case, Verb.SURVEY_SIGNED)
    survey = Survey.objects.select_related("pause").get(pk=survey.pk)
    _is_one_of_the_two(survey, by)
    is_first = by.pk == survey.first_id
    if (survey.first_signed_at if is_first else survey.second_signed_at) is not None:
        raise NotAllowed("您已经签过了，等另一位踏勘人员签署。")
    if timezone.localdate(at) < survey.planned_on:
        raise NotAllowed(f"踏勘定在{day_words(survey.planned_on)}，到当天才能签署记录。")
    starts = survey.first_signed_at is None and survey.second_signed_at is None
    if starts:
        survey.findings = needs_words(findings, "请写明踏勘情况。")
        if is_passed is None:
            sentence = "请选择踏勘结论：符合，或不符合。"
            raise Incomplete(sentence, {"is_passed": sentence})
        survey.is_passed = is_passed
    elif not survey.photos.exists():
        raise NotAllowed("还没有现场照片，请先上传至少一张。")
    if is_first:
        survey.first_signed_at = at
    else:
        survey.second_signed_at = at
    if starts:
        survey.save()
        record(
            case,
            Verb.SURVEY_SIGNED,
            by=by,
            at=at,
            reason=survey.findings,
            facts={"survey": survey.pk, "by": by.pk},
        )
        return case
    return _close(case, survey, by=by, at=at)


def open_survey_of(case: Case) -> Survey | None:
    return case.surveys.filter(closed_at=None).select_related("first", "second").first()


def _close(case: Case, survey: Survey, *, by: User, at: datetime) -> Case:
    survey.closed_at = at
    survey.save()
    if survey.pause is not None:
        survey.pause.to_on, survey.pause.result = timezone.localdate(at), survey.findings
        survey.pause.save(update_fields=["to_on", "result"])
        case.pause_kind = ""
        set_clocks(case, HallClock(case.path), pauses_of(case))
    case.status = Status.IN_REVIEW
    case.save(update_fields=["status", *CLOCK_FIELDS])
    facts = {"survey": survey.pk, "passed": survey.is_passed, "photos": survey.photos.count()}
    record(case, Verb.SURVEYED, by=by, at=at, before=Status.SURVEY, reason=survey.findings, facts=facts)
    return case


def _is_one_of_the_two(survey: Survey, by: User) -> None:
    if by.pk not in (survey.first_id, survey.second_id):
        raise NotAllowed(f"踏勘记录由{survey.first.name}和{survey.second.name}签署。")
