"""The one way up from projects: sent inside the transaction of the act, with all its events."""

from django.dispatch import Signal

project_moved = Signal()  # events: list[ProjectEvent]
