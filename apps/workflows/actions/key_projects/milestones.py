"""里程碑: noted when it was reached, put right when the day was wrong, taken back when it was not reached at all."""

from datetime import date, datetime

from django.db import IntegrityError, transaction

from apps.accounts.models import User

from ...milestones import HalfDay
from ...models import Half, KeyMilestone, KeyProject
from ..editing import NotAllowed
from .keeping import Verb, kept_locked, needs_words, not_in_the_future, record

Kind = KeyMilestone.Kind


@transaction.atomic
def set_milestone(
    key_project: KeyProject,
    kind: str,
    *,
    on: date,
    half: str,
    by: User | None,
    at: datetime,
    name: str = "",
) -> KeyMilestone:
    """记里程碑: a half day that is over or running. The same milestone once more puts its day right."""
    key_project = kept_locked(key_project, by=by)
    kind, half = Kind(kind), Half(half)
    name = needs_words(name, "请填写里程碑名称。", 30) if kind == Kind.OWN else kind.label
    if kind == Kind.OWN and name in Kind.labels:
        raise NotAllowed(f"“{name}”请直接选类别，不用另起名称。")
    not_in_the_future(on, at, f"{name}的日期")
    when = HalfDay(on, half == Half.AFTERNOON)
    if when > HalfDay.of(at):
        raise NotAllowed(f"{on}下午还没有到，只能记已经发生的。")
    _in_its_order(key_project, kind, name, when)
    milestone = key_project.milestones.filter(name=name).first()
    facts = {"name": name, "kind": kind.value, "on": on.isoformat(), "half": half.value}
    if milestone is None:
        try:
            with transaction.atomic():
                milestone = key_project.milestones.create(kind=kind, name=name, on=on, half=half)
        except IntegrityError as error:
            raise NotAllowed(f"里程碑“{name}”已经记过。") from error
    else:
        facts["before"] = [milestone.on.isoformat(), milestone.half]
        milestone.on, milestone.half = on, half
        milestone.save(update_fields=["on", "half"])
    record(key_project, Verb.MILESTONE_SET, by=by, at=at, facts=facts)
    return milestone


@transaction.atomic
def take_back_milestone(milestone: KeyMilestone, *, why: str, by: User | None, at: datetime) -> None:
    """撤回里程碑: it goes from the page; that it stood there stays on record."""
    key_project = kept_locked(milestone.key_project, by=by)
    milestone = key_project.milestones.filter(pk=milestone.pk).first()
    if milestone is None:
        raise NotAllowed("这个里程碑已经撤回。")
    why = needs_words(why, "请写明撤回的理由。", 300)
    facts = {"name": milestone.name, "on": milestone.on.isoformat(), "half": milestone.half}
    milestone.delete()
    record(key_project, Verb.MILESTONE_TAKEN_BACK, by=by, at=at, reason=why, facts=facts)


def _in_its_order(key_project: KeyProject, kind: Kind, name: str, when: HalfDay) -> None:
    """Nothing is built and no set of permits complete before the contract is signed."""
    others = key_project.milestones.exclude(name=name)
    if kind == Kind.SIGNED:
        earlier = [one for one in others.filter(kind__in=[Kind.BEGUN, Kind.PERMITTED]) if one.when < when]
        if earlier:
            raise NotAllowed(
                f"签约不能晚于{earlier[0].name}（{earlier[0].on}{earlier[0].get_half_display()}）。"
            )
    if kind in (Kind.BEGUN, Kind.PERMITTED):
        signed = others.filter(kind=Kind.SIGNED).first()
        if signed is not None and when < signed.when:
            raise NotAllowed(f"{name}不能早于签约（{signed.on}{signed.get_half_display()}）。")
