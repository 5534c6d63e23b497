"""办理面板: which acts a case page offers, by the step the case is at, its papers, and the permissions of whoever looks."""

from collections.abc import Iterable
from dataclasses import dataclass

from apps.cases import actions
from apps.cases.models import Case, CaseMaterial
from apps.cases.states import Verb


@dataclass(frozen=True)
class Panel:
    """One act: its template `console/acts/_<name>.html`, the permission for it, and the verb that must be possible.

    `paper`: it is about papers of a certain kind, and shown only where the case has one.
    """

    name: str
    permission: str
    verb: Verb
    paper: str = ""

    def fits(self, case: Case, user, materials: Iterable[CaseMaterial]) -> bool:
        if case.status not in actions.before(self.verb) or not user.has_perm(self.permission):
            return False
        return not self.paper or any(getattr(material, self.paper) for material in materials)

    @property
    def template(self) -> str:
        return f"console/acts/_{self.name}.html"

    @property
    def procedure_template(self) -> str:
        return f"console/procedures/_{self.name}.html"


PANELS = (
    Panel("hand_up", "cases.receive_case", Verb.HANDED_UP),
    Panel("give_back", "cases.return_case", Verb.GIVEN_BACK),
    Panel("pre_pass", "cases.pre_review_case", Verb.PRE_PASSED),
    Panel("hand_in", "cases.receive_case", Verb.HANDED_IN),
    Panel("promise", "cases.accept_case", Verb.PROMISED, paper="may_be_promised"),
    Panel("accept", "cases.accept_case", Verb.ACCEPTED),
    Panel("accept_tolerated", "cases.accept_case", Verb.ACCEPTED_TOLERATED, paper="may_be_tolerated"),
    Panel("pre_return", "cases.return_case", Verb.PRE_RETURNED),
    Panel("supplement_ask", "cases.return_case", Verb.SUPPLEMENT_ASKED),
    Panel("supplement_take", "cases.receive_case", Verb.SUPPLEMENTED),
    Panel("pre_refuse", "cases.return_case", Verb.OUT_OF_SCOPE),
    Panel("refuse_acceptance", "cases.return_case", Verb.NOT_ACCEPTED),
    Panel("send_back", "cases.return_case", Verb.SENT_BACK),
    Panel("tolerated_bring", "cases.receive_case", Verb.TOLERATED_BROUGHT, paper="is_awaited"),
    Panel("review_start", "cases.review_case", Verb.REVIEW_STARTED),
    Panel("review_finish", "cases.review_case", Verb.REVIEW_FINISHED),
    Panel("resume", "cases.pause_case", Verb.RESUMED),
    Panel("pause", "cases.pause_case", Verb.PAUSED),
    Panel("decide", "cases.decide_case", Verb.GRANTED),
    Panel("deliver", "cases.deliver_case", Verb.DELIVERED),
    Panel("archive", "cases.archive_case", Verb.ARCHIVED),
    Panel("withdraw", "cases.withdraw_case", Verb.WITHDRAWN),
)
"""What is done every day, on the case page itself."""

PROCEDURES = (
    Panel("answer", "cases.approve_step", Verb.STEP_DENIED),
    Panel("extension", "cases.pause_case", Verb.EXTENDED),
    Panel("survey", "cases.survey_case", Verb.SURVEY_OPENED),
    Panel("survey_record", "cases.survey_case", Verb.SURVEY_SIGNED),
    Panel("hearing_offer", "cases.hear_case", Verb.HEARING_OFFERED),
    Panel("hearing_ask", "cases.hear_case", Verb.HEARING_ASKED),
    Panel("hearing_call", "cases.hear_case", Verb.HEARING_CALLED),
    Panel("hearing_hold", "cases.hear_case", Verb.HEARING_HELD),
    Panel("forward", "cases.forward_case", Verb.FORWARDED),
    Panel("result", "cases.forward_case", Verb.RESULT_BACK),
    Panel("hand_over", "cases.hand_over_case", Verb.HANDED_OVER),
    Panel("promise_back", "cases.accept_case", Verb.PROMISE_TAKEN_BACK),
    Panel("promise_check", "cases.review_case", Verb.PROMISE_CHECKED),
    Panel("terminate", "cases.approve_step", Verb.TERMINATED),
    Panel("loan", "cases.archive_case", Verb.BORROWED),
)
"""What is done now and then, on a page of its own: each needs facts that the case page does without."""


def panels_for(case: Case, user, materials: Iterable[CaseMaterial]) -> list[Panel]:
    return [panel for panel in PANELS if panel.fits(case, user, materials)]


def procedures_for(case: Case, user) -> list[Panel]:
    return [panel for panel in PROCEDURES if panel.fits(case, user, ())]
