"""文书效力: whether a letter still holds, from what happened to its case since. Read-only, without anybody's name."""

from dataclasses import dataclass

from apps.cases.models import Case
from apps.cases.states import Status
from apps.workflows.states import ProjectState
from apps.workflows.states import Verb as ProjectVerb

from .kinds import Kind
from .models import Letter

S = Status
_ENDED_OTHERWISE = {
    S.WITHDRAWN: "此后申请人已撤回申请。",
    S.LAPSED: "此后申请已视为撤回。",
    S.TERMINATED: "此后办件已终止。",
    S.SENT_BACK: "此后申请材料已退还。",
    S.NOT_ACCEPTED: "此后已决定不予受理。",
}
_FINAL = {Kind.NON_ACCEPTANCE, Kind.SENDING_BACK, Kind.LAPSE, Kind.TERMINATION, Kind.WITHDRAWAL, Kind.REFUSAL,
          Kind.GRANT, Kind.DELIVERY, Kind.HEARING_RECORD}  # fmt: skip
_ASKING = {Kind.PRE_RETURN, Kind.SUPPLEMENT}
_ANSWERED = "此后申请人已补正。"


@dataclass(frozen=True)
class Standing:
    """`holds` is False for a revoked letter only: what came after a genuine letter does not make it false."""

    holds: bool
    words: str


def standing_of(letter: Letter) -> Standing:
    if letter.is_revoked:
        day = letter.revocation.at.astimezone()
        return Standing(False, f"这份文书已于{day.year}年{day.month}月{day.day}日由签发机关撤销，不再有效。")
    since = _since(letter, letter.case) if letter.case_id else _since_of_project(letter)
    return Standing(True, since or "目前有效。")


def _since_of_project(letter: Letter) -> str:
    """Of what was told of a whole project, only its withdrawal and the answer to a notice matter to whoever reads it."""
    project = letter.project
    if letter.kind == Kind.RESULTS:
        return ""
    if project.state == ProjectState.WITHDRAWN:
        return "此后项目已撤回。"
    stage = letter.project_event.stage_id
    if (
        letter.kind in _ASKING
        and project.events.filter(
            verb=ProjectVerb.SUPPLEMENTED, stage=stage, pk__gt=letter.project_event_id
        ).exists()
    ):
        return _ANSWERED
    return ""


def _since(letter: Letter, case: Case) -> str:
    if letter.kind in _FINAL:
        return ""
    if case.status in _ENDED_OTHERWISE:
        return _ENDED_OTHERWISE[case.status]
    if letter.kind in _ASKING and case.answered_on and case.answered_on >= letter.issued_on:
        return _ANSWERED
    if letter.kind == Kind.ACCEPTANCE and case.extended_on:
        return f"此后已批准延期{case.extension_amount}{case.get_committed_unit_display()}，办结日期以延期告知书为准。"
    if (
        letter.kind in (Kind.ACCEPTANCE, Kind.SPECIAL, Kind.EXTENSION, Kind.TOLERANCE, Kind.FORWARDING)
        and case.decided_on
    ):
        return f"此后已于{case.decided_on.year}年{case.decided_on.month}月{case.decided_on.day}日作出决定。"
    return ""
