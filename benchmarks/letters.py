"""Letters in a second: set in type, put on paper, issued one by one and by a sweep; and what a letter adds to an acceptance."""

import json
import statistics
import sys
import time
from collections.abc import Callable
from unittest.mock import patch

from benchmarks.hall import hall

ROUNDS = 7
EACH = 40  # letters of each kind of work in a round
SWEEP = 500


def main() -> None:
    with hall():
        print(json.dumps(report(), ensure_ascii=False, indent=1))


def report() -> dict:
    work = Work()
    work.accept(with_letters=True)  # fonts, calendar and issuing body are read once in a process
    seconds: dict[str, list[float]] = {}
    for number in range(ROUNDS):
        steps = work.steps()
        for name, step in steps if number % 2 == 0 else reversed(steps):
            seconds.setdefault(name, []).append(step())
        print(f"round {number + 1} of {ROUNDS}", file=sys.stderr)
    each = {name: statistics.median(values) for name, values in seconds.items()}
    ratios = [
        one / other for one, other in zip(seconds["accept"], seconds["accept_without_letter"], strict=True)
    ]
    return {
        "a_second": {name: round(1 / value) for name, value in each.items()},
        "acceptance_with_letter_to_without": round(statistics.median(ratios), 3),
        "bytes": work.bytes,
    }


class Work:
    """A small hall with cases to accept and letters to set."""

    def __init__(self):
        from apps.letters import actions, typesetting  # noqa: PLC0415  after django.setup
        from apps.letters.models import Letter  # noqa: PLC0415
        from benchmarks import world  # noqa: PLC0415

        self.letters, self.typesetting, self.Letter, self.worlds = actions, typesetting, Letter, world
        self.world = world.build(0)
        self.bytes = 0

    def steps(self) -> list[tuple[str, Callable[[], float]]]:
        return [
            ("accept", lambda: self.accept(with_letters=True)),
            ("accept_without_letter", lambda: self.accept(with_letters=False)),
            ("set", self.set),
            ("render", self.render),
            ("issue_one_by_one", self.issue_one_by_one),
            ("issue_by_sweep", self.issue_by_sweep),
        ]

    def accept(self, *, with_letters: bool) -> float:
        from apps.cases import actions as cases  # noqa: PLC0415

        waiting = self._submitted(EACH)
        silent = patch("apps.letters.actions.issuing.kinds_for", lambda event: ())
        with silent if not with_letters else patch.dict({}):
            begun = time.perf_counter()
            for case in waiting:
                cases.pass_pre_review(case, by=self.world["clerk"], at=self.worlds.AT)
            return (time.perf_counter() - begun) / EACH

    def set(self) -> float:
        letter = self.Letter.objects.filter(kind="acceptance").order_by("-id").first()
        words = [{**letter.data, "number": f"雁江受〔2026〕{n}号"} for n in range(EACH)]
        begun = time.perf_counter()
        for each in words:
            self.bytes = len(self.typesetting.set_letter(each, letter.layout, letter.layout_version))
        return (time.perf_counter() - begun) / EACH

    def render(self) -> float:
        letters = list(self.Letter.objects.filter(sha256="", kind="acceptance").order_by("id")[:EACH])
        begun = time.perf_counter()
        for letter in letters:
            self.letters.render(letter, at=self.worlds.AT)
        return (time.perf_counter() - begun) / len(letters)

    def issue_one_by_one(self) -> float:
        from django.db import transaction  # noqa: PLC0415

        events = self._events(EACH)
        begun = time.perf_counter()
        for event in events:
            with transaction.atomic():
                self.letters.issue([event])
        return (time.perf_counter() - begun) / EACH

    def issue_by_sweep(self) -> float:
        from django.db import transaction  # noqa: PLC0415

        events = self._events(SWEEP)
        begun = time.perf_counter()
        with transaction.atomic():
            self.letters.issue(events)
        return (time.perf_counter() - begun) / SWEEP

    def _submitted(self, number: int) -> list:
        from apps.cases import actions as cases  # noqa: PLC0415

        citizen = self.world["citizen"]
        return [
            cases.submit(draft, by=citizen, at=self.worlds.AT, privacy_notice="2026-01")
            for draft in self.worlds.drafts(self.world, number)
        ]

    def _events(self, number: int) -> list:
        """Acceptances that happened once more, each with its case at hand."""
        from apps.cases.models import Case, CaseEvent  # noqa: PLC0415

        kind = self.Letter.objects.filter(kind="acceptance").select_related("event").first().event
        case = Case.objects.for_act().get(pk=kind.case_id)
        return CaseEvent.objects.bulk_create(
            CaseEvent(case=case, verb=kind.verb, by=self.world["clerk"], at=kind.at, facts=kind.facts)
            for _ in range(number)
        )


if __name__ == "__main__":
    main()
