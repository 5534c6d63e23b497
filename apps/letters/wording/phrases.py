"""Words that many letters share: dates and terms in Chinese, how the applicant is addressed, what a law is called."""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone

from apps.cases.models import Case, CaseEvent, CaseMaterial, Fault, Hearing
from apps.items.models import ItemType, Unit

from ..bodies import Body
from ..kinds import Kind

PERMIT_LAW = "《中华人民共和国行政许可法》"
PROVISIONAL = "具体日期以国务院放假通知为准"
ASK = "凭办件编号和证件号码后四位，可以随时查询办理进度。"


@dataclass
class Told:
    """What a letter is made of: the event, who issues it, and the rows that its kind speaks of."""

    event: CaseEvent
    kind: Kind
    body: Body
    materials: list[CaseMaterial] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    hearing: Hearing | None = None
    decision: str = ""  # title and number of the decision that was delivered

    @property
    def case(self) -> Case:
        return self.event.case

    @property
    def facts(self) -> dict:
        return self.event.facts

    @property
    def on(self) -> date:
        return timezone.localdate(self.event.at)

    @property
    def is_permit(self) -> bool:
        return self.case.item.type == ItemType.PERMIT

    @property
    def you(self) -> str:
        return "您" if self.case.applicant.is_person else "你单位"

    @property
    def officer(self) -> str:
        return self.event.by.name if self.event.by else ""

    @property
    def application(self) -> str:
        """您于2026年3月2日提出的“…”申请（办件编号…）"""
        handed_in = self.case.submitted_at or self.case.received_on or self.on
        return f"{self.you}于{zh(handed_in)}提出的“{self.case.item.name}”申请（办件编号{self.case.number}）"


def zh(day: date | datetime | str | None) -> str:
    """2026年3月2日, as dates of official papers are written (GB/T 9704)."""
    if not day:
        return ""
    if isinstance(day, str):
        day = date.fromisoformat(day)
    if isinstance(day, datetime):
        day = timezone.localdate(day)
    return f"{day.year}年{day.month}月{day.day}日"


def by(day: date | datetime | str | None) -> str:
    """2026年3月9日（含当日）前: the last day is still in time."""
    return f"{zh(day)}（含当日）前"


def term(amount: int, unit: str) -> str:
    """3个工作日; nothing is left of a day for what is promised at once."""
    return f"{amount}{Unit(unit).label}" if amount else "当日"


def within(amount: int, unit: str, due_on: str | None, *, provisional: bool) -> str:
    """自受理之日起3个工作日内（最迟2026年3月6日）. A day that no calendar vouches for yet is not printed (R21)."""
    start = f"自受理之日起{term(amount, unit)}内" if amount else "于受理当日"
    if provisional:
        return f"{start}（{PROVISIONAL}）"
    return f"{start}（最迟{zh(due_on)}）" if due_on else start


def full_stop(text: str) -> str:
    text = text.strip()
    return text if text.endswith(("。", "！", "？", "…")) else f"{text}。"
