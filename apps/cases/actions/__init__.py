"""What can be done to a case. Every change of a case is made here, and leaves an event."""

from .acceptance import REMEDIES, accept, deem_accepted, pass_pre_review, refuse_acceptance, send_back
from .decision import grant, refuse
from .ending import Way, archive, deliver, lapse, reveal_number, share, withdraw
from .filing import attach, discard_draft, draft, is_complete, mark_material, renew_draft, save_draft, submit
from .intake import collect, give_back, hand_in, hand_up, receive
from .moves import Incomplete, NotAllowed
from .notices import Found, ask_supplement, open_faults, resubmit, return_for_correction, supplement
from .review import finish_review, kinds_of_pause, pause, resume, start_review

__all__ = [
    "REMEDIES",
    "Found",
    "Incomplete",
    "NotAllowed",
    "Way",
    "accept",
    "archive",
    "ask_supplement",
    "attach",
    "collect",
    "deem_accepted",
    "deliver",
    "discard_draft",
    "draft",
    "finish_review",
    "give_back",
    "grant",
    "hand_in",
    "hand_up",
    "is_complete",
    "kinds_of_pause",
    "lapse",
    "mark_material",
    "open_faults",
    "pass_pre_review",
    "pause",
    "receive",
    "refuse",
    "refuse_acceptance",
    "renew_draft",
    "resubmit",
    "resume",
    "return_for_correction",
    "reveal_number",
    "save_draft",
    "send_back",
    "share",
    "start_review",
    "submit",
    "supplement",
    "withdraw",
]
