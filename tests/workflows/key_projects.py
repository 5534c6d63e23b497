"""A key project to build on: listed by the city, of a company that has given a clerk a mandate."""

from datetime import date

import pytest

from apps.accounts import actions as accounts
from apps.accounts.models import Mandate
from apps.cases.models import Channel
from apps.workflows.actions import key_projects as actions
from apps.workflows.models import Bundle, KeyProject, Project
from tests.cast import at

NOW = at("2026-03-06", "10:00")  # a Friday morning
CODE = "2603-512002-04-01-123456"
SINCE = date(2026, 3, 2)


def enlist(by, point, code: str = CODE, **more) -> KeyProject:
    facts = {"name": "临空装备产业园", "rank": "city", "listed_on": SINCE, "why": "2026年市重点项目名单"}
    facts |= {"investor_name": "资阳临空产业发展有限公司"} | more
    name = facts.pop("name")
    return actions.enlist(code, name, point=point, by=by, at=NOW, **facts)


@pytest.fixture
def key_project(calendar, centre_admin, city, company):
    return enlist(centre_admin, city, investor=company)


def mandate(company, citizen, agent, **more) -> Mandate:
    facts = {"kind": Mandate.Kind.AGENT, "on": date(2026, 1, 1), "until": None} | more
    return accounts.give_mandate(company, agent=agent, at=at("2026-01-01"), by=citizen, **facts)


@pytest.fixture
def mandated(company, citizen, clerk):
    return mandate(company, citizen, clerk)


@pytest.fixture
def agent(key_project, mandated, clerk, centre_admin):
    return actions.name_agent(key_project, clerk, by=centre_admin, at=NOW)


def joint_project(version, company, county, by, *, number: str, code: str = CODE, **more) -> Project:
    """A filed project, as rows: how it is filed is told elsewhere."""
    return Project.objects.create(
        **{
            "number": number,
            "bundle": Bundle.objects.get(pk=version.bundle_id),
            "version": version,
            "name": "临空装备产业园一期",
            "national_code": code,
            "point": county,
            "path": county.path,
            "intake_point": county,
            "channel": Channel.COUNTER,
            "applicant": company,
            "applicant_name": company.name,
            "applicant_mask": company.masked_number,
            "filed_by": by,
            "state": "filed",
            "drafted_at": NOW,
            "filed_at": NOW,
        }
        | more
    )
