"""What can be done to a case. Every change of a case is made here, and leaves an event."""

from .acceptance import REMEDIES, accept, deem_accepted, pass_pre_review, refuse_acceptance, send_back
from .amending import (
    changed_days,
    drop_amendment,
    enter_closure,
    enter_correction,
    enter_notice,
    projection_after,
    sign_amendment,
)
from .archive import archive, borrow, return_file
from .batches import MOST as MOST_IN_A_BATCH
from .batches import finish_batch, run_line, settle, start_batch
from .checking import check_clocks
from .decision import grant, refuse
from .ending import Way, deliver, lapse, reveal_number, share, terminate, withdraw
from .filing import attach, discard_draft, draft, is_complete, mark_material, renew_draft, save_draft, submit
from .forwarding import forward, hand_over, note_result
from .hearing import ask_hearing, call_hearing, hold_hearing, offer_hearing, open_hearing_of, waive_hearing
from .impact import Impact, impact_of
from .intake import collect, give_back, hand_in, hand_up, receive
from .moves import Incomplete, NotAllowed, Stale, before, seen
from .notices import Found, ask_supplement, open_faults, resubmit, return_for_correction, supplement
from .papers import detach
from .recomputing import recompute_next
from .review import dispatch, finish_review, kinds_of_pause, pause, resume, start_review
from .steps import approve, ask_extension, ask_pause, deny, extend, most_to_extend, seek_extension, seek_pause
from .survey import add_photo, open_survey, open_survey_of, sign_survey
from .tolerance import (
    accept_tolerated,
    bring_tolerated,
    check_promise,
    lapse_tolerated,
    take_back_promise,
    take_promise,
)

__all__ = [
    "Found",
    "Impact",
    "Incomplete",
    "MOST_IN_A_BATCH",
    "NotAllowed",
    "REMEDIES",
    "Stale",
    "Way",
    "accept",
    "accept_tolerated",
    "add_photo",
    "approve",
    "archive",
    "ask_extension",
    "ask_hearing",
    "ask_pause",
    "ask_supplement",
    "attach",
    "before",
    "borrow",
    "bring_tolerated",
    "call_hearing",
    "changed_days",
    "check_clocks",
    "check_promise",
    "collect",
    "deem_accepted",
    "deliver",
    "deny",
    "detach",
    "discard_draft",
    "dispatch",
    "draft",
    "drop_amendment",
    "enter_closure",
    "enter_correction",
    "enter_notice",
    "extend",
    "finish_batch",
    "finish_review",
    "forward",
    "give_back",
    "grant",
    "hand_in",
    "hand_over",
    "hand_up",
    "hold_hearing",
    "impact_of",
    "is_complete",
    "kinds_of_pause",
    "lapse",
    "lapse_tolerated",
    "mark_material",
    "most_to_extend",
    "note_result",
    "offer_hearing",
    "open_faults",
    "open_hearing_of",
    "open_survey",
    "open_survey_of",
    "pass_pre_review",
    "pause",
    "projection_after",
    "receive",
    "recompute_next",
    "refuse",
    "refuse_acceptance",
    "renew_draft",
    "resubmit",
    "resume",
    "return_file",
    "return_for_correction",
    "reveal_number",
    "run_line",
    "save_draft",
    "seek_extension",
    "seek_pause",
    "seen",
    "send_back",
    "settle",
    "share",
    "sign_amendment",
    "sign_survey",
    "start_batch",
    "start_review",
    "submit",
    "supplement",
    "take_back_promise",
    "take_promise",
    "terminate",
    "waive_hearing",
    "withdraw",
]
