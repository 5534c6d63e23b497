"""The flow of django-viewflow that `parallel.py` runs beside ours: a start, a split, five human tasks, a join, an end.

Imported only where that package is installed; the product does not use it.
"""

from viewflow import this
from viewflow.workflow import flow


class FiveBranches(flow.Flow):
    start = flow.StartHandle(this.begin).Next(this.split)
    split = flow.Split().Next(this.one).Next(this.two).Next(this.three).Next(this.four).Next(this.five)
    one = flow.View(this.nothing).Next(this.join)
    two = flow.View(this.nothing).Next(this.join)
    three = flow.View(this.nothing).Next(this.join)
    four = flow.View(this.nothing).Next(this.join)
    five = flow.View(this.nothing).Next(this.join)
    join = flow.Join().Next(this.end)
    end = flow.End()

    def begin(self, activation, **kwargs):
        return activation.process

    def nothing(self, request, **kwargs):
        """What a person would see; the benchmark completes the tasks without pages."""
