"""并联审批计划: forwards, backwards from a target (倒排), and what if. Pure: no database, no clock."""

from .network import Branch, NoCalendar, Plan, Planned, plan
from .text import answer

__all__ = ["Branch", "NoCalendar", "Plan", "Planned", "answer", "plan"]
