"""并联审批计划: forwards, backwards from a target (倒排), and what if. Pure: no database, no clock."""

from .network import Branch, NoCalendar, Plan, Planned, plan
from .text import answer
from .what_if import Change, WhatIf, what_if

__all__ = ["Branch", "Change", "NoCalendar", "Plan", "Planned", "WhatIf", "answer", "plan", "what_if"]
