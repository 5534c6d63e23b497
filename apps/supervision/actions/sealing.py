"""封存: each day's events under one root, chained to the day before; a later change is found and its row named."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone

from apps.cases.models import Case, CaseEvent

from ..merkle import BEGINNING, chained, event_text, leaf, proof, root
from ..models import DaySeal
from .cards import NotAllowed

ID, HASH = 8, 32  # bytes of one entry in `DaySeal.leaves`


@dataclass(frozen=True, slots=True)
class Fault:
    """One difference between what was sealed and what stands there now."""

    day: date
    what: str
    event: int | None = None

    def __str__(self):
        row = f"，办件日志第{self.event}号" if self.event else ""
        return f"{self.day}{row}：{self.what}"


def seal_days(*, at: datetime) -> int:
    """封存 every day that is over and not sealed yet, the oldest first. Returns how many were sealed."""
    last = DaySeal.objects.order_by("-day").first()
    if last is not None:
        day = last.day + timedelta(days=1)
    else:
        first = CaseEvent.objects.order_by("at").values_list("at", flat=True).first()
        if first is None:
            return 0
        day = timezone.localdate(first)
    sealed = 0
    while day < timezone.localdate(at):
        sealed += seal_day(day, at=at) is not None
        day += timedelta(days=1)
    return sealed


@transaction.atomic
def seal_day(day: date, *, at: datetime) -> DaySeal | None:
    """封存一天: its root, chained to the day before. None when another worker has sealed it."""
    if day >= timezone.localdate(at):
        raise NotAllowed(f"{day}还没有过完，不能封存。")
    last = DaySeal.objects.select_for_update().order_by("-day").first()
    if last is not None and day <= last.day:
        return None
    if last is not None and day != last.day + timedelta(days=1):
        raise NotAllowed(f"请先封存{last.day + timedelta(days=1)}。")
    ids, leaves = [], []
    for event in _events_of(day):
        ids.append(event.pk)
        leaves.append(leaf(text_of(event)))
    day_root = root(leaves)
    previous = bytes.fromhex(last.seal) if last else BEGINNING
    try:
        with transaction.atomic():
            return DaySeal.objects.create(
                day=day,
                previous=last,
                count=len(ids),
                root=day_root.hex(),
                seal=chained(previous, day, len(ids), day_root).hex(),
                leaves=b"".join(pk.to_bytes(ID, "big") + one for pk, one in zip(ids, leaves, strict=True)),
                sealed_at=at,
            )
    except IntegrityError:  # sealed in the same moment by another worker
        return None


def verify_seals(*, since: date | None = None) -> Iterator[Fault]:
    """核验: every sealed day against what stands there now. Yields each difference, naming the row."""
    previous = BEGINNING
    for seal in DaySeal.objects.order_by("day").iterator(chunk_size=50):
        entries = dict(_entries(seal))
        day_root = root(list(entries.values()))
        if seal.root != day_root.hex() or seal.count != len(entries):
            yield Fault(seal.day, "封存记录本身被改动")
        if seal.seal != chained(previous, seal.day, seal.count, bytes.fromhex(seal.root)).hex():
            yield Fault(seal.day, "与前一日的链接断开")
        previous = bytes.fromhex(seal.seal)
        if since is None or seal.day >= since:
            yield from _compared(seal.day, entries)
    first, last = (
        DaySeal.objects.order_by(way).values_list("day", flat=True).first() for way in ("day", "-day")
    )
    if first is not None:
        if (last - first).days + 1 != DaySeal.objects.count():
            yield Fault(last, "中间缺少封存的日子")
        for pk in CaseEvent.objects.filter(at__lt=_start(first)).values_list("pk", flat=True).order_by("pk"):
            yield Fault(first, "封存之后插入", pk)


def bundle_of(case: Case) -> dict:
    """一件的证据包: its events as they were sealed, each with its way to the root of its day; for the offline verifier."""
    events, days = [], {}
    for event in case.events.order_by("id"):
        day = timezone.localdate(event.at)
        if day not in days:
            seal = DaySeal.objects.filter(day=day).first()
            days[day] = list(_entries(seal)) if seal else None
        entries = days[day]
        told = {"text": text_of(event), "day": day.isoformat(), "proof": None}
        index = next((n for n, (pk, _) in enumerate(entries or ()) if pk == event.pk), None)
        if index is not None:
            way = proof([one for _, one in entries], index)
            told["proof"] = [[side, neighbour.hex()] for side, neighbour in way]
        events.append(told)
    return {"case": case.number, "events": events}


def published(seals) -> Iterator[dict]:
    """公布的封存: what anybody may keep to check against; nothing in it tells of a person."""
    for seal in seals.order_by("day").values("day", "count", "root", "seal"):
        yield {**seal, "day": seal["day"].isoformat()}


def text_of(event: CaseEvent) -> str:
    return event_text(
        id=event.pk, case=event.case_id, verb=event.verb, by=event.by_id, assignment=event.assignment_id,
        at=event.at, before=event.before, after=event.after, reason=event.reason, facts=event.facts,
    )  # fmt: skip


def _compared(day: date, entries: dict[int, bytes]) -> Iterator[Fault]:
    left = dict(entries)
    for event in _events_of(day):
        sealed = left.pop(event.pk, None)
        if sealed is None:
            yield Fault(day, "封存之后插入", event.pk)
        elif sealed != leaf(text_of(event)):
            yield Fault(day, "封存之后被改动", event.pk)
    for pk in sorted(left):
        yield Fault(day, "封存之后被删除或移到别的日子", pk)


def _events_of(day: date):
    events = CaseEvent.objects.filter(at__gte=_start(day), at__lt=_start(day + timedelta(days=1)))
    return events.order_by("id").iterator(chunk_size=5_000)


def _start(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _entries(seal: DaySeal) -> Iterator[tuple[int, bytes]]:
    blob = bytes(seal.leaves)
    for at in range(0, len(blob), ID + HASH):
        yield int.from_bytes(blob[at : at + ID], "big"), blob[at + ID : at + ID + HASH]
