from ..states import Status, Verb
from .case import NO_DATE, Case, CaseEvent, CaseShare, Channel, DaySerial, FilingKey
from .papers import CaseFile, CaseMaterial, ClockPause, Fault, Notice

__all__ = [
    "NO_DATE",
    "Case",
    "CaseEvent",
    "CaseFile",
    "CaseMaterial",
    "CaseShare",
    "Channel",
    "ClockPause",
    "DaySerial",
    "Fault",
    "FilingKey",
    "Notice",
    "Status",
    "Verb",
]
