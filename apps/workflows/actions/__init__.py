"""What can be done to bundles. Every change of one is made here, and leaves an event."""

from .editing import Broken, NotAllowed
from .filling import fill_draft
from .parts import add_branch, change_branch, connect, disconnect, drop_branch, drop_stage, set_stage
from .questions import ask, share_material, unask, unshare_material
from .versions import draft_version, enter_bundle, publish, withdraw_draft

__all__ = [
    "Broken",
    "NotAllowed",
    "add_branch",
    "ask",
    "change_branch",
    "connect",
    "disconnect",
    "draft_version",
    "drop_branch",
    "drop_stage",
    "enter_bundle",
    "fill_draft",
    "publish",
    "set_stage",
    "share_material",
    "unask",
    "unshare_material",
    "withdraw_draft",
]
