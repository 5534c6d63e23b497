"""The seams upward, told inside the transaction.

`case_moved`: what happened to cases; `events` are CaseEvents with their cases. `calendar_applied`: an `amendment` of the
calendar has been worked through for all cases; whoever keeps dates of its own reckons them anew.
"""

from django.dispatch import Signal

case_moved = Signal()
calendar_applied = Signal()
