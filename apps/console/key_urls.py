"""Addresses of key projects, their plans and services, and of the bulletin."""

from django.urls import include, path

from .views import bulletins, key_agents, key_plans, key_projects

KEY_PROJECT = [
    path("", key_projects.key_project_detail, name="key-project-detail"),
    path("correction/", key_projects.key_project_correction, name="key-project-correction"),
    path("delisting/", key_projects.key_project_delisting, name="key-project-delisting"),
    path("green-channel/", key_projects.green_channel, name="green-channel"),
    path("green-channel/closing/", key_projects.green_channel_closing, name="green-channel-closing"),
    path("milestones/", key_projects.milestones, name="key-milestones"),
    path("milestones/<int:milestone>/removal/", key_projects.milestone_removal, name="key-milestone-removal"),
    path("projects/", key_projects.key_project_links, name="key-project-links"),
    path(
        "projects/<str:number>/removal/",
        key_projects.key_project_link_removal,
        name="key-project-link-removal",
    ),
    path("plan/", key_plans.key_project_plan, name="key-project-plan"),
    path("plan/ones/<str:code>/", key_plans.key_project_one, name="key-project-one"),
    path("plan/target/", key_plans.key_project_target, name="key-project-target"),
    path("plan/tasks/", key_plans.key_tasks, name="key-tasks"),
    path("plan/tasks/<str:code>/", key_plans.key_task, name="key-task"),
    path("plan/tasks/<str:code>/beginning/", key_plans.key_task_beginning, name="key-task-beginning"),
    path("plan/tasks/<str:code>/finishing/", key_plans.key_task_finishing, name="key-task-finishing"),
    path("plan/tasks/<str:code>/reopening/", key_plans.key_task_reopening, name="key-task-reopening"),
    path("plan/tasks/<str:code>/removal/", key_plans.key_task_removal, name="key-task-removal"),
    path("service/", key_agents.key_project_service, name="key-project-service"),
    path("service/agent/", key_agents.key_agent, name="key-agent"),
    path("service/agent/ending/", key_agents.key_agent_ending, name="key-agent-ending"),
    path("service/visits/", key_agents.key_visits, name="key-visits"),
    path("service/handovers/", key_agents.key_handovers, name="key-handovers"),
    path(
        "service/handovers/<int:handover>/receipt/",
        key_agents.key_handover_receipt,
        name="key-handover-receipt",
    ),
    path(
        "service/handovers/<int:handover>/withdrawal/",
        key_agents.key_handover_withdrawal,
        name="key-handover-withdrawal",
    ),
]
KEY_PROJECTS = [
    path("", key_projects.key_project_list, name="key-project-list"),
    path("entry/", key_projects.key_project_entry, name="key-project-entry"),
    path("bulletin/", bulletins.bulletin, name="bulletin"),
    path("bulletin.pdf", bulletins.bulletin_file, name="bulletin-file"),
    path("template/", key_plans.key_template, name="key-template"),
    path("template/ones/", key_plans.key_template_ones, name="key-template-ones"),
    path("template/ones/<str:code>/use/", key_plans.key_template_use, name="key-template-use"),
    path("template/fields/<str:group>/<str:code>/", key_plans.key_template_field, name="key-template-field"),
    path("<int:pk>/", include(KEY_PROJECT)),
]
