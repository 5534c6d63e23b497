from ..states import Status, Verb
from .amendments import ON_THEIR_WAY, AmendmentFault, CalendarAmendment, ClockDifference
from .batches import Batch, BatchLine
from .case import NO_DATE, Case, Channel
from .papers import CaseFile, CaseMaterial, ClockPause, Fault, Notice
from .procedures import ArchiveLoan, Hearing, StepRequest, Survey, SurveyPhoto
from .records import CaseEvent, CaseShare, DaySerial, FilingKey

__all__ = [
    "NO_DATE",
    "ON_THEIR_WAY",
    "AmendmentFault",
    "ArchiveLoan",
    "Batch",
    "BatchLine",
    "CalendarAmendment",
    "Case",
    "CaseEvent",
    "CaseFile",
    "CaseMaterial",
    "CaseShare",
    "Channel",
    "ClockDifference",
    "ClockPause",
    "DaySerial",
    "Fault",
    "FilingKey",
    "Hearing",
    "Notice",
    "Status",
    "StepRequest",
    "Survey",
    "SurveyPhoto",
    "Verb",
]
