"""Draws docs/states.md from the one table of moves, so that the drawing is never behind the code."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from ...states import ENDED, MOVES, NOTED, RUNNING, UNANSWERED, WAITING, Status, Verb

PAGE = Path("docs") / "states.md"
_GROUPS = {
    "the authority owes an answer (art. 32)": UNANSWERED,
    "the applicant's turn": WAITING,
    "accepted, the clocks run or are paused": RUNNING,
    "ended": ENDED,
}


def drawn() -> str:
    """The whole page: a diagram, and the two tables it comes from."""
    return "\n".join(
        [
            "# States and moves of a case (办件)",
            "",
            "Written by `manage.py draw_states` from `apps/cases/states.py`; do not edit by hand.",
            "",
            "```mermaid",
            "stateDiagram-v2",
            *(f'    state "{state.label}" as {state.value}' for state in Status),
            "    [*] --> draft",
            *_arrows(),
            *(
                f"    {state.value} --> [*]"
                for state in Status
                if state in ENDED and state != Status.DELIVERED
            ),
            "```",
            "",
            *(f"- **{words}**: {_labels(states)}" for words, states in _GROUPS.items()),
            "",
            "## Moves",
            "",
            "| verb | 动作 | from | to |",
            "|---|---|---|---|",
            *(
                f"| `{verb}` | {Verb(verb).label} | {_labels(move.before)} | {Status(move.after).label} |"
                for verb, move in MOVES.items()
            ),
            "",
            "## Noted, without a move",
            "",
            "| verb | 动作 | in |",
            "|---|---|---|",
            *(f"| `{verb}` | {Verb(verb).label} | {_labels(states)} |" for verb, states in NOTED.items()),
            "",
        ]
    )


def _arrows() -> list[str]:
    """One arrow for each pair of states, with every verb that leads along it."""
    ways: dict[tuple[str, str], list[str]] = {}
    for verb, move in MOVES.items():
        for before in _in_order(move.before):
            ways.setdefault((before, move.after), []).append(Verb(verb).label)
    return [f"    {before} --> {after}: {' / '.join(labels)}" for (before, after), labels in ways.items()]


def _labels(states) -> str:
    return "、".join(Status(state).label for state in _in_order(states))


def _in_order(states) -> list[Status]:
    return [state for state in Status if state in states]


class Command(BaseCommand):
    help = "Writes docs/states.md from the table of moves; with --check only says whether it is up to date."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="fail when the page is behind the code")

    def handle(self, *args, check=False, **options):
        page = Path(settings.BASE_DIR) / PAGE
        if check:
            if not page.exists() or page.read_text(encoding="utf-8") != drawn():
                raise CommandError(f"{PAGE} is behind apps/cases/states.py: run manage.py draw_states")
            return
        page.write_text(drawn(), encoding="utf-8")
        self.stdout.write(f"{PAGE} written")
