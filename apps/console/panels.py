"""办理面板: which acts a case page offers, by the step the case is at and the permissions of whoever looks."""

from dataclasses import dataclass

from apps.cases.models import Case
from apps.cases.states import MOVES, Verb


@dataclass(frozen=True)
class Panel:
    """One act: its template `console/acts/_<name>.html`, the permission for it, and the verb that must be possible."""

    name: str
    permission: str
    verb: Verb

    def fits(self, case: Case, user) -> bool:
        return case.status in MOVES[self.verb].before and user.has_perm(self.permission)

    @property
    def template(self) -> str:
        return f"console/acts/_{self.name}.html"


PANELS = (
    Panel("hand_up", "cases.receive_case", Verb.HANDED_UP),
    Panel("give_back", "cases.return_case", Verb.GIVEN_BACK),
    Panel("pre_pass", "cases.pre_review_case", Verb.PRE_PASSED),
    Panel("hand_in", "cases.receive_case", Verb.HANDED_IN),
    Panel("accept", "cases.accept_case", Verb.ACCEPTED),
    Panel("pre_return", "cases.return_case", Verb.PRE_RETURNED),
    Panel("supplement_ask", "cases.return_case", Verb.SUPPLEMENT_ASKED),
    Panel("supplement_take", "cases.receive_case", Verb.SUPPLEMENTED),
    Panel("pre_refuse", "cases.return_case", Verb.OUT_OF_SCOPE),
    Panel("refuse_acceptance", "cases.return_case", Verb.NOT_ACCEPTED),
    Panel("send_back", "cases.return_case", Verb.SENT_BACK),
    Panel("review_start", "cases.review_case", Verb.REVIEW_STARTED),
    Panel("review_finish", "cases.review_case", Verb.REVIEW_FINISHED),
    Panel("pause", "cases.pause_case", Verb.PAUSED),
    Panel("resume", "cases.pause_case", Verb.RESUMED),
    Panel("decide", "cases.decide_case", Verb.GRANTED),
    Panel("deliver", "cases.deliver_case", Verb.DELIVERED),
    Panel("archive", "cases.archive_case", Verb.ARCHIVED),
    Panel("withdraw", "cases.withdraw_case", Verb.WITHDRAWN),
)


def panels_for(case: Case, user) -> list[Panel]:
    return [panel for panel in PANELS if panel.fits(case, user)]
