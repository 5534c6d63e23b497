"""The one seam upward: what happened to cases, told inside the transaction. `events` are CaseEvents with their cases."""

from django.dispatch import Signal

case_moved = Signal()
