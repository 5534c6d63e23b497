"""角色: what each role of the hall may do. One table, read by the permission backend and by tests."""

from django.db import models


class Role(models.TextChoices):
    CLERK = "clerk", "窗口工作人员"
    WINDOW_HEAD = "window_head", "首席代表"
    APPROVER = "approver", "部门审批人员"
    DEPARTMENT_LEADER = "department_leader", "部门负责人"
    CENTRE_ADMIN = "centre_admin", "中心管理员"
    SUPERVISOR = "supervisor", "效能督查"
    LEADER = "leader", "分管领导"
    TOWNSHIP_DIRECTOR = "township_director", "乡镇中心主任"
    VILLAGE_AGENT = "village_agent", "村代办员"
    AUDITOR = "auditor", "审计人员"
    SYSTEM_ADMIN = "system_admin", "系统管理员"


CENTRE_ROLES = frozenset({Role.CENTRE_ADMIN, Role.SUPERVISOR, Role.LEADER})
"""Roles of the centre itself: they coordinate and supervise, and can never decide a case (D-61)."""

TWO_FACTOR_ROLES = frozenset({Role.CENTRE_ADMIN, Role.SUPERVISOR, Role.SYSTEM_ADMIN})
"""Roles that prove themselves twice (等保 level 3)."""

_COUNTER = frozenset(
    {
        "cases.view_case",
        "cases.view_names",
        "cases.view_papers",
        "cases.intake_case",
        "cases.pre_review_case",
        "cases.receive_case",
        "cases.accept_case",
        "cases.return_case",
        "cases.deliver_case",
        "cases.withdraw_case",
        "cases.archive_case",
        "cases.reveal_id",
        "cases.view_history",
        "supervision.view_card",
    }
)
_REVIEW = frozenset(
    {
        "cases.view_case",
        "cases.view_names",
        "cases.view_papers",
        "cases.view_history",
        "cases.review_case",
        "cases.pause_case",
        "cases.survey_case",
        "cases.hear_case",
        "cases.forward_case",
        "cases.hand_over_case",
        "cases.reveal_id",
    }
)
_PROJECTS = frozenset(
    {
        "workflows.view_bundle",
        "workflows.view_project",
        "workflows.lead_project",
        "workflows.answer_branch",
        "workflows.view_keyproject",
    }
)
"""Who works in a department may lead and answer; for which projects, its department says."""

PERMISSIONS: dict[str, frozenset[str]] = {
    Role.CLERK: _COUNTER
    | {
        "cases.review_case",
        "cases.pause_case",
        "cases.survey_case",
        "cases.hand_over_case",
        "workflows.serve_key_project",
        *_PROJECTS,
        "workflows.file_project",
    },
    Role.WINDOW_HEAD: _COUNTER
    | _REVIEW
    | {
        "cases.decide_case",
        "cases.approve_step",
        "cases.dispatch_case",
        "letters.revoke_letter",
        "supervision.answer_card",
        "workflows.serve_key_project",
        *_PROJECTS,
        "workflows.file_project",
    },
    Role.APPROVER: _REVIEW
    | {
        "cases.decide_case",
        "supervision.view_card",
        "supervision.answer_card",
        *_PROJECTS,
    },
    Role.DEPARTMENT_LEADER: frozenset(
        {
            "cases.view_case",
            "cases.view_names",
            "cases.view_papers",
            "cases.view_history",
            "cases.approve_step",
            "letters.revoke_letter",
            "letters.change_seal",
            "supervision.view_dashboard",
            "supervision.view_card",
            "supervision.answer_card",
            "workflows.view_bundle",
            "workflows.view_keyproject",
            "workflows.view_project",
        }
    ),
    Role.CENTRE_ADMIN: frozenset(
        {
            "cases.view_case",
            "cases.view_amendment",
            "cases.enter_amendment",
            "cases.check_clocks",
            "cases.view_history",
            "supervision.view_dashboard",
            "accounts.keep_credit",
            "points.manage_point",
            "points.declare_closure",
            "points.change_rules",
            "items.publish_item",
            "items.shelve_item",
            "windows.manage_posting",
            "supervision.view_card",
            "workflows.view_bundle",
            "workflows.view_keyproject",
            "workflows.keep_key_project",
            "workflows.serve_key_project",
            "workflows.view_bulletin",
            "workflows.view_project",
            "workflows.edit_bundle",
            "workflows.publish_bundle",
        }
    ),
    Role.SUPERVISOR: frozenset(
        {
            "cases.view_case",
            "cases.view_amendment",
            "cases.check_clocks",
            "cases.view_papers",
            "cases.view_history",
            "cases.export_case",
            "supervision.view_dashboard",
            "supervision.view_card",
            "supervision.revoke_card",
            "workflows.view_bundle",
            "workflows.view_keyproject",
            "workflows.view_bulletin",
            "workflows.view_project",
        }
    ),
    Role.LEADER: frozenset(
        {
            "cases.view_case",
            "cases.view_amendment",
            "cases.sign_amendment",
            "cases.check_clocks",
            "supervision.view_dashboard",
            "supervision.view_card",
            "workflows.view_bundle",
            "workflows.view_keyproject",
            "workflows.view_bulletin",
            "workflows.view_project",
            "workflows.extend_stage",
        }
    ),
    Role.TOWNSHIP_DIRECTOR: _COUNTER
    | _REVIEW
    | {
        "cases.decide_case",
        "cases.approve_step",
        "cases.dispatch_case",
        "cases.hand_up_case",
        "letters.revoke_letter",
        "letters.change_seal",
        "supervision.view_dashboard",
        "supervision.answer_card",
    },
    Role.VILLAGE_AGENT: frozenset(
        {
            "cases.collect_case",
            "cases.deliver_case",
            "workflows.view_keyproject",
            "workflows.serve_key_project",
        }
    ),
    Role.AUDITOR: frozenset(
        {
            "cases.view_case",
            "cases.view_amendment",
            "cases.check_clocks",
            "cases.view_papers",
            "cases.view_history",
            "cases.export_case",
            "supervision.view_dashboard",
            "supervision.view_card",
            "workflows.view_bundle",
            "workflows.view_keyproject",
            "workflows.view_bulletin",
            "workflows.view_project",
        }
    ),
    Role.SYSTEM_ADMIN: frozenset({"accounts.manage_account"}),
}
