"""签发（并联项目）: what is told of a whole project in one letter: one notice for all departments, the acceptance of a
stage, its extension, and the list of what was handed over. What a branch decides goes out in the letters of its case."""

import secrets
from collections.abc import Iterable

from apps.workflows.models import ProjectEvent, ProjectNotice
from apps.workflows.states import Verb

from ..bodies import Body, body_of_department, body_of_point
from ..kinds import FORMS, Kind
from ..models import Letter
from ..typesetting import LAYOUT_VERSION
from ..wording import projects
from .issuing import new_code, numbered, signed, take_serials

ISSUED_BY = {
    Verb.NOTICE_SENT: (Kind.SUPPLEMENT, projects.notice),
    Verb.STAGE_ACCEPTED: (Kind.ACCEPTANCE, projects.acceptance),
    Verb.STAGE_DEEMED: (Kind.ACCEPTANCE, projects.acceptance),
    Verb.STAGE_EXTENDED: (Kind.EXTENSION, projects.extension),
    Verb.HANDED_OVER: (Kind.RESULTS, projects.results),
}


def issue_for_projects(events: Iterable[ProjectEvent]) -> list[Letter]:
    """One letter for each event that tells the applicant something of the project; in the transaction of the act."""
    return Letter.objects.bulk_create(_letter(event) for event in events if event.verb in ISSUED_BY)


def _letter(event: ProjectEvent) -> Letter:
    kind, wording = ISSUED_BY[event.verb]
    form, project, body = FORMS[kind], event.project, _body(event)
    told = projects.Told(event, _wishes(event))
    series = (body.short_name, form.word, told.on.year)
    serial = take_serials({series: 1})[series]
    number, token, code = numbered(series, serial), secrets.token_urlsafe(16), new_code()
    return Letter(
        project=project,
        project_event=event,
        kind=kind,
        department_id=event.stage.lead_id,
        point_id=project.point_id,
        short_name=series[0],
        word=series[1],
        year=series[2],
        serial=serial,
        number=number,
        title=kind.label,
        issued_at=event.at,
        issued_by=event.by,
        data={
            **signed(body, number, told.on, token, code),
            "title": kind.label,
            "addressee": project.applicant_name,
            "is_person": told.is_person,
            "item": project.name,
            "case_number": project.number,
            "is_sample": project.is_sample,
            **wording(told),
        },
        layout=form.layout,
        layout_version=LAYOUT_VERSION,
        token=token,
        check_code=code,
    )


def _body(event: ProjectEvent) -> Body:
    """The lead department of the stage issues it; where there is none here, the hall."""
    lead = event.stage.lead_id
    return body_of_department(lead) if lead else body_of_point(event.project.point_id)


def _wishes(event: ProjectEvent) -> list:
    if event.verb != Verb.NOTICE_SENT:
        return []
    notice = ProjectNotice.objects.get(pk=event.facts["notice"])
    return list(notice.wishes.select_related("branch__department", "material").order_by("branch", "id"))
