from django.urls import path

from .views import account, agent, apply, cases, catalogue, entry, letters, site

app_name = "portal"
urlpatterns = [
    path("", catalogue.home, name="home"),
    path("items/", catalogue.item_list, name="item-list"),
    path("items/<str:code>/", catalogue.item_detail, name="item-detail"),
    path("items/<str:code>/forms/<int:number>/", catalogue.blank_form, name="blank-form"),
    path("items/<str:code>/application/", apply.application, name="application"),
    path("points/", catalogue.point_list, name="point-list"),
    path("points/<str:path>/", catalogue.point_detail, name="point-detail"),
    # who one is
    path("login/", entry.login, name="login"),
    path("login/code/", entry.second_factor, name="second-factor"),
    path("login/password/", entry.password_renewal, name="password-renewal"),
    path("logout/", entry.logout, name="logout"),
    path("register/", entry.register, name="register"),
    path("workplace/", entry.workplace, name="workplace"),
    path("assignment/", entry.assignment, name="assignment"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="password"),
    path("account/shortcuts/", account.shortcuts, name="shortcuts"),
    path("account/organisation/", account.organisation, name="organisation"),
    path("account/mandate/", account.mandate, name="mandate"),
    path("account/mandates/<int:pk>/revocation/", account.mandate_revocation, name="mandate-revocation"),
    # applying
    path("drafts/<uuid:key>/", apply.draft, name="draft"),
    path("drafts/<uuid:key>/situation/", apply.situation, name="draft-situation"),
    path("drafts/<uuid:key>/materials/<int:seq>/", apply.draft_material, name="draft-material"),
    path("drafts/<uuid:key>/check/", apply.check, name="draft-check"),
    path("drafts/<uuid:key>/submission/", apply.submission, name="draft-submission"),
    path("drafts/<uuid:key>/renewal/", apply.draft_renewal, name="draft-renewal"),
    path("drafts/<uuid:key>/deletion/", apply.draft_deletion, name="draft-deletion"),
    # what became of it
    path("cases/", cases.case_list, name="case-list"),
    path("cases/<str:number>/", cases.case_detail, name="case-detail"),
    path("cases/<str:number>/receipt/", cases.case_receipt, name="case-receipt"),
    path("cases/<str:number>/due-date/", cases.due_date, name="due-date"),
    path("due-date/<str:token>/", cases.shared_due_date, name="shared-due-date"),
    path("cases/<str:number>/answer/", cases.case_answer, name="case-answer"),
    path("cases/<str:number>/materials/<int:seq>/", cases.case_material, name="case-material"),
    path("cases/<str:number>/withdrawal/", cases.withdrawal, name="withdrawal"),
    path("cases/<str:number>/letters/<int:pk>/", letters.letter, name="letter"),
    path("files/<int:pk>/", cases.file, name="file"),
    path("progress/", cases.progress, name="progress"),
    path("verify/", letters.verification, name="verification"),
    path("verify/<str:token>/", letters.verified, name="verified"),
    # village agents
    path("agent/", agent.case_list, name="agent-case-list"),
    path("agent/collection/", agent.start, name="agent-start"),
    path("agent/drafts/<uuid:key>/collection/", agent.collection, name="agent-collection"),
    path("agent/cases/<str:number>/", agent.case_detail, name="agent-case-detail"),
    path("agent/cases/<str:number>/letters/<int:pk>/", letters.agent_letter, name="agent-letter"),
    path("agent/cases/<str:number>/delivery/", agent.delivery, name="agent-delivery"),
    path("agent/cases/<str:number>/return/", agent.return_of_papers, name="agent-return"),
    # the site
    path("display/", site.display, name="display"),
    path("session/", site.session, name="session"),
    path("accessibility/", site.accessibility, name="accessibility"),
    path("privacy/", site.privacy, name="privacy"),
]
