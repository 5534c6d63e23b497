"""What can be done to bundles and projects. Every change of one is made here, and leaves an event."""

from .chasing import chase
from .consulting import call_off, change_time, convene, hold, note_silence, reply, sign
from .dispatching import Wish, accept_stage, answer, answer_notice, dispatch, send_notice
from .editing import Broken, NotAllowed, fit_for_an_address
from .filling import fill_draft
from .handing_over import hand_over
from .intake import (
    change_answers,
    confirm,
    discard_project,
    draft_project,
    file_project,
    missing_from,
    receive,
    renew_project,
    save_project,
)
from .joining import FOLLOWED, follow, has_to_be_settled
from .package import attach_paper, detach_paper, is_settled, mark_paper, may_bring, replace_paper
from .parts import add_branch, change_branch, connect, disconnect, drop_branch, drop_stage, set_stage
from .project_moves import Incomplete, answers_for, leads, takes_in
from .questions import ask, share_material, unask, unshare_material
from .reckoning import reckon_stages
from .replanning import (
    end_stage,
    extend_stage,
    leave_out,
    reopen,
    take_in,
    withdraw_branch,
    withdraw_project,
)
from .sweeping import deem_stages, lapse_notices, note_late_answers
from .versions import draft_version, enter_bundle, publish, set_rules, withdraw_draft

__all__ = [
    "FOLLOWED",
    "Broken",
    "Incomplete",
    "NotAllowed",
    "Wish",
    "accept_stage",
    "add_branch",
    "answer",
    "answer_notice",
    "answers_for",
    "ask",
    "attach_paper",
    "call_off",
    "change_answers",
    "change_branch",
    "change_time",
    "chase",
    "confirm",
    "connect",
    "convene",
    "deem_stages",
    "detach_paper",
    "discard_project",
    "disconnect",
    "dispatch",
    "draft_project",
    "draft_version",
    "drop_branch",
    "drop_stage",
    "end_stage",
    "enter_bundle",
    "extend_stage",
    "file_project",
    "fill_draft",
    "fit_for_an_address",
    "follow",
    "hand_over",
    "has_to_be_settled",
    "hold",
    "is_settled",
    "lapse_notices",
    "leads",
    "leave_out",
    "mark_paper",
    "may_bring",
    "missing_from",
    "note_late_answers",
    "note_silence",
    "publish",
    "receive",
    "reckon_stages",
    "renew_project",
    "reopen",
    "replace_paper",
    "reply",
    "save_project",
    "send_notice",
    "set_rules",
    "set_stage",
    "share_material",
    "sign",
    "take_in",
    "takes_in",
    "unask",
    "unshare_material",
    "withdraw_branch",
    "withdraw_draft",
    "withdraw_project",
]
