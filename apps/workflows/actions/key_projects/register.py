"""重点项目登记: enter one into the register, put right what stands there, take it off."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.accounts.models import Applicant, User
from apps.points.models import ServicePoint

from ...models import KeyHandover, KeyProject
from ...models.projects import national_code_is_well_formed
from ..editing import NotAllowed
from .channel import channel_facts, shut
from .keeping import Verb, kept_locked, needs_words, not_in_the_future, record


@transaction.atomic
def enlist(
    national_code: str,
    name: str,
    *,
    point: ServicePoint,
    rank: str,
    listed_on: date,
    why: str,
    by: User | None,
    at: datetime,
    investor: Applicant | None = None,
    investor_name: str = "",
    is_sample: bool = False,
) -> KeyProject:
    """列入重点: `why` names the list or the decision. A code stands on the list once, whichever hall enters it."""
    if by is not None and not (by.acting and by.acting.point and by.acting.point.covers(point.path)):
        raise NotAllowed(f"{point}不在您的职责范围内。")
    not_in_the_future(listed_on, at, "列入日")
    code = _a_code(national_code)
    facts = {
        "name": needs_words(name, "请填写项目名称。", 120),
        "investor_name": _investor_name(investor, investor_name),
        "rank": KeyProject.Rank(rank).value,
        "listed_why": needs_words(why, "请写明列入的依据，例如名单的标题和文号。", 200),
    }
    try:
        with transaction.atomic():
            key_project = KeyProject.objects.create(
                national_code=code,
                investor=investor,
                point=point,
                path=point.path,
                listed_on=listed_on,
                is_sample=is_sample,
                **facts,
            )
    except IntegrityError as error:
        raise NotAllowed(f"项目代码{code}已经列入重点项目，不能重复列入。") from error
    facts |= {"national_code": code, "listed_on": listed_on.isoformat(), "point": point.path}
    record(key_project, Verb.LISTED, by=by, at=at, reason=facts["listed_why"], facts=facts)
    return key_project


@transaction.atomic
def correct(
    key_project: KeyProject,
    *,
    name: str,
    rank: str,
    investor: Applicant | None,
    investor_name: str,
    why: str,
    by: User | None,
    at: datetime,
) -> KeyProject:
    """更正登记. The code is never changed: one that was entered wrong is taken off and listed anew."""
    key_project = kept_locked(key_project, by=by)
    why = needs_words(why, "请写明更正的理由。", 300)
    if key_project.investor_id != (investor.pk if investor else None):
        if key_project.agents.present().exists():
            raise NotAllowed("换投资人以前，请先终止现在的代办：代办员的委托书是原投资人给的。")
        key_project.investor = investor
    new = {
        "name": needs_words(name, "请填写项目名称。", 120),
        "rank": KeyProject.Rank(rank).value,
        "investor_name": _investor_name(investor, investor_name),
    }
    before = {field: getattr(key_project, field) for field in new}
    for field, value in new.items():
        setattr(key_project, field, value)
    key_project.save(update_fields=["investor", *new])
    changed = {field: [before[field], value] for field, value in new.items() if before[field] != value}
    record(key_project, Verb.CORRECTED, by=by, at=at, reason=why, facts=changed)
    return key_project


@transaction.atomic
def delist(key_project: KeyProject, *, why: str, by: User | None, at: datetime) -> KeyProject:
    """移出重点: the green channel closes with it, and so does the work of its agent."""
    key_project = kept_locked(key_project, by=by)
    why = needs_words(why, "请写明移出的理由。", 200)
    facts = channel_facts(key_project)
    was_green = key_project.is_green
    shut(key_project)
    key_project.delisted_on, key_project.delisted_why = timezone.localdate(at), why
    key_project.save(
        update_fields=[
            "is_green", "green_since", "green_half", "green_halves", "delisted_on", "delisted_why",
        ]
    )  # fmt: skip
    KeyHandover.objects.filter(key_project=key_project, taken_at=None, withdrawn_at=None).update(
        withdrawn_at=at
    )
    ended = key_project.agents.present().update(ended_at=at, ended_why="移出重点项目")
    if was_green:
        record(key_project, Verb.CHANNEL_CLOSED, by=by, at=at, reason="移出重点项目", facts=facts)
    if ended:
        record(key_project, Verb.AGENT_ENDED, by=by, at=at, reason="移出重点项目")
    record(key_project, Verb.DELISTED, by=by, at=at, reason=why)
    return key_project


def _a_code(text: str) -> str:
    code = text.strip()
    try:
        national_code_is_well_formed(code)
    except ValidationError as error:
        raise NotAllowed(error.message) from error
    return code


def _investor_name(investor: Applicant | None, typed: str) -> str:
    if investor is not None:
        return investor.name
    return needs_words(typed, "请填写投资人名称。", 120)
