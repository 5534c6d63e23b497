"""What can be done to key projects. Every change of one is made here, and leaves an event."""

from ..editing import NotAllowed
from .agents import end_agent, name_agent, record_visit
from .channel import close_channel, open_channel
from .handovers import Paper, give_papers, take_papers, withdraw_papers
from .keeping import keeps
from .linking import link, unlink
from .milestones import set_milestone, take_back_milestone
from .register import correct, delist, enlist
from .tasks import TaskFacts, begin_task, drop_task, finish_task, reopen_task, set_target, set_task
from .template import add_one, name_field, name_one, use_field

__all__ = [
    "NotAllowed",
    "Paper",
    "TaskFacts",
    "add_one",
    "begin_task",
    "close_channel",
    "correct",
    "delist",
    "drop_task",
    "end_agent",
    "enlist",
    "finish_task",
    "give_papers",
    "keeps",
    "link",
    "name_agent",
    "name_field",
    "name_one",
    "open_channel",
    "record_visit",
    "reopen_task",
    "set_milestone",
    "set_target",
    "set_task",
    "take_back_milestone",
    "take_papers",
    "unlink",
    "use_field",
    "withdraw_papers",
]
