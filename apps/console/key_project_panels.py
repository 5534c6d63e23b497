"""重点项目各页的内容: what each of its three pages shows, and the forms of whoever may act there."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone

from apps.accounts.models import Mandate, User
from apps.calendars.loaded import current
from apps.points.models import Department, Level, ServicePoint
from apps.points.rules import closed_days_of
from apps.workflows.actions.key_projects import keeps
from apps.workflows.key_log import about
from apps.workflows.key_progress import (
    backward_of,
    by_level,
    called,
    channel_of,
    joint_projects,
    reached,
    tasks_of,
)
from apps.workflows.key_template import named, template_fields
from apps.workflows.milestones import HalfDay, in_days
from apps.workflows.models import KeyProject

from .key_plan_forms import DayForm, OneForm, TargetForm, TaskForm
from .key_project_forms import (
    AgentForm,
    ChannelForm,
    HandoverForm,
    LinkForm,
    MilestoneForm,
    VisitForm,
    WhyForm,
)

SHOWN_EVENTS = 12
SHOWN_VISITS = 20
SHOWN_HANDOVERS = 10


@dataclass(frozen=True, slots=True)
class Tab:
    name: str
    label: str


TABS = (
    Tab("key-project-detail", "概况和进展"),
    Tab("key-project-plan", "推进计划"),
    Tab("key-project-service", "代办服务"),
)


def shared(key_project: KeyProject, user: User) -> dict:
    """What all three pages begin with."""
    may_keep = key_project.is_listed and keeps(key_project, user)
    return {"key_project": key_project, "tabs": TABS, "may_keep": may_keep}


def overview(key_project: KeyProject, user: User, now: datetime, sent: dict) -> dict:
    """概况和进展."""
    calendar, closed_days = current(), closed_days_of(key_project.path)
    today, half = timezone.localdate(now), HalfDay.of(now)
    milestones = list(key_project.milestones.all())
    channel = channel_of(calendar, key_project, milestones, closed_days, half)
    projects = joint_projects(key_project, user)
    levels = by_level(projects, today)
    events = key_project.events.select_related("by").order_by("-id")[:SHOWN_EVENTS]
    facts = shared(key_project, user) | {
        "calendar": calendar,
        "today": today,
        "milestones": reached(calendar, milestones, closed_days),
        "channel": channel,
        "channel_days": in_days(channel.halves) if channel else "",
        "projects": projects,
        "levels": levels,
        "log": [(event, about(event)) for event in events],
    }
    facts["figures"] = _figures(facts)
    if facts["may_keep"]:
        begun = {"on": today, "half": "pm" if half.is_afternoon else "am"}
        facts["forms"] = {
            "milestone": MilestoneForm(initial=begun),
            "channel": ChannelForm(),
            "closing": WhyForm(part="-closing"),
            "delisting": WhyForm(part="-delisting"),
            "link": LinkForm(),
        } | sent
    return facts


def _figures(facts: dict) -> list[dict]:
    levels = facts["levels"]
    total = sum(len(level.rows) for level in levels)
    figures = [
        {
            "label": f"签约→{row.milestone.name}",
            "value": row.since_signing.split("（")[0].removesuffix(" 天"),
            "unit": "" if row.since_signing.startswith("当天") else "天",
            "note": row.since_signing.partition("（")[2].removesuffix("）"),
        }
        for row in facts["milestones"]
        if row.since_signing and row.milestone.kind != "own"
    ]
    if levels:
        done = sum(level.done for level in levels)
        figures += [
            {"label": "分项办结", "value": done, "unit": f"/ {total} 项", "note": f"{len(facts['projects'])} 个并联项目"},
            {"label": "超期分项", "value": sum(level.overdue for level in levels), "unit": "项", "note": "超过承诺办结日"},
        ]  # fmt: skip
    return figures


def plan(key_project: KeyProject, user: User, today: date, sent: dict) -> dict:
    """推进计划: 六个一, 三个量化, 三个倒排."""
    fields = template_fields()
    tasks = tasks_of(key_project)
    found, why_not = backward_of(current(), tasks, key_project.target_on, today)
    lines = {line.task.code: line for line in found.lines} if found else {}
    stored = {one.code: one for one in key_project.ones.all()}
    facts = shared(key_project, user) | {
        "today": today,
        "quantities": named(fields["quantities"]),
        "ways": named(fields["backward"]),
        "hints": {field.code: field.hint for field in fields["backward"]},
        "tasks": [
            {
                "task": one,
                "line": lines.get(one.code),
                "needs": sorted(need.code for need in one.needs.all()),
                "duty": called(one.department) if one.department else one.owner,
            }
            for one in tasks
        ],
        "plan": found,
        "why_not": why_not,
        "late": len(found.late) if found else 0,
    }
    facts["ones"] = [{"field": field, "one": stored.get(field.code)} for field in fields["ones"]]
    if facts["may_keep"]:
        facts["forms"] = {
            "target": TargetForm(initial={"on": key_project.target_on}),
            "task": task_form(key_project, tasks),
        } | sent
        for row in facts["ones"]:
            row["form"] = sent.get(f"one-{row['field'].code}") or _one_form(row["field"].code, row["one"])
            row["opened"] = f"one-{row['field'].code}" in sent
        for row in facts["tasks"]:
            name = f"day-{row['task'].code}"
            row["form"] = sent.get(name) or DayForm(part=f"-{row['task'].pk}", initial={"on": today})
            row["opened"] = name in sent
    return facts


def _one_form(code: str, one) -> OneForm:
    return OneForm(part=f"-{code}", initial={"words": one.words, "owner": one.owner} if one else None)


def task_form(key_project: KeyProject, tasks: list, typed=None, *, stored=None) -> TaskForm:
    """The form of a new task, or of one that stands already."""
    initial = None
    if stored is not None:
        initial = {
            "code": stored.code,
            "name": stored.name,
            "days": stored.days,
            "department": stored.department_id,
            "owner": "" if stored.department_id else stored.owner,
            "needs": [need.code for need in stored.needs.all()],
        }
    others = [one for one in tasks if stored is None or one.pk != stored.pk]
    departments = Department.objects.filter(point__path__startswith=key_project.path, point__valid_to=None)
    in_order = departments.select_related("point").order_by("point__path", "code")
    return TaskForm(typed, initial=initial, departments=list(in_order), tasks=others)


def service(key_project: KeyProject, user: User, today: date, sent: dict) -> dict:
    """代办服务: who, under which mandate, what he did, what he handed on."""
    agent = key_project.agents.present().select_related("user", "mandate").first()
    holds = agent is not None and agent.may_act_on(today)
    is_agent = holds and agent.user_id == user.pk and key_project.is_listed
    handovers = key_project.handovers.select_related("given_by", "taken_by", "taker").prefetch_related(
        "papers"
    )
    facts = shared(key_project, user) | {
        "agent": agent,
        "holds": holds,
        "is_agent": is_agent,
        "past": key_project.agents.exclude(ended_at=None)
        .select_related("user")
        .order_by("-id")[:SHOWN_EVENTS],
        "visits": key_project.visits.select_related("by").order_by("-visited_on", "-id")[:SHOWN_VISITS],
        "handovers": list(handovers.order_by("-id")[:SHOWN_HANDOVERS]),
        "serves": user.has_perm("workflows.serve_key_project"),
    }
    facts["waiting"] = next((one for one in facts["handovers"] if one.is_open), None)
    forms = {}
    if is_agent or facts["may_keep"]:
        forms["visit"] = VisitForm(initial={"visited_on": today})
    if is_agent and facts["waiting"] is None:
        people = [("", "请选择"), *mandated(key_project, today, but=user, only_staff=True)]
        forms["handover"] = HandoverForm(people=people)
    if facts["may_keep"] and agent is None:
        forms["agent"] = AgentForm(people=mandated(key_project, today))
    if facts["may_keep"] and agent is not None:
        forms["ending"] = WhyForm(part="-ending")
    facts["forms"] = forms | sent
    return facts


def mandated(
    key_project: KeyProject, today: date, *, but: User | None = None, only_staff: bool = False
) -> list[tuple[str, str]]:
    """Whoever holds a mandate of the investor for everything, as a choice."""
    if key_project.investor_id is None:
        return []
    held = Mandate.objects.valid_on(today).filter(principal=key_project.investor, item_codes=[])
    if only_staff:
        held = held.filter(agent__is_staff=True)
    people = {
        mandate.agent_id: (
            str(mandate.agent_id),
            f"{mandate.agent.name}（{mandate.agent.username}，{mandate.get_kind_display()}）",
        )
        for mandate in held.select_related("agent").order_by("agent__username", "id")
        if but is None or mandate.agent_id != but.pk
    }
    return list(people.values())


def halls_of(user: User) -> list[ServicePoint]:
    """The halls of city and county within the scope of whoever asks, the own one first."""
    point = user.acting.point if user.acting else None
    if point is None:
        return []
    levels = [Level.CITY, Level.COUNTY]
    return list(ServicePoint.objects.under(point.path).filter(level__in=levels, valid_to=None).in_order())
