"""时限核算: a question about a deadline in one line of JSON, and its answer in another (docs/deadlines.md).

For auditors, who check dates without a hall: pure, no database, no clock, no state between two lines.
"""

from .answers import Answers

__all__ = ["Answers"]
