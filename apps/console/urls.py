from django.urls import path

from .views import acts, case, desk, files, intake

app_name = "console"
urlpatterns = [
    path("cases/", desk.case_list, name="case-list"),
    path("cases/search/", desk.case_search, name="case-search"),
    path("cases/export/", desk.case_export, name="case-export"),
    path("cases/acceptances/", acts.acceptances, name="case-acceptances"),
    path("intake/", intake.intake, name="intake"),
    path("intake/drafts/<uuid:key>/", intake.intake_draft, name="intake-draft"),
    path("files/<int:pk>/", files.case_file, name="case-file"),
    path("cases/<str:number>/", case.case_detail, name="case-detail"),
    path("cases/<str:number>/preview/", case.case_preview, name="case-preview"),
    path("cases/<str:number>/neighbour/", case.case_neighbour, name="case-neighbour"),
    path("cases/<str:number>/slip/", case.case_slip, name="case-slip"),
    path("cases/<str:number>/id-number/", case.id_number, name="case-id-number"),
    path("cases/<str:number>/hand-up/", acts.hand_up, name="case-hand-up"),
    path("cases/<str:number>/giving-back/", acts.give_back, name="case-giving-back"),
    path("cases/<str:number>/pre-review/", acts.pre_pass, name="case-pre-review"),
    path("cases/<str:number>/notices/", acts.notice, name="case-notices"),
    path("cases/<str:number>/originals/", acts.hand_in, name="case-originals"),
    path("cases/<str:number>/supplement/", acts.supplement, name="case-supplement"),
    path("cases/<str:number>/acceptance/", acts.accept, name="case-acceptance"),
    path("cases/<str:number>/non-acceptance/", acts.refuse_acceptance, name="case-non-acceptance"),
    path("cases/<str:number>/sending-back/", acts.send_back, name="case-sending-back"),
    path("cases/<str:number>/review/", acts.start_review, name="case-review"),
    path("cases/<str:number>/opinion/", acts.finish_review, name="case-opinion"),
    path("cases/<str:number>/pauses/", acts.pause, name="case-pauses"),
    path("cases/<str:number>/resumption/", acts.resume, name="case-resumption"),
    path("cases/<str:number>/decision/", acts.decide, name="case-decision"),
    path("cases/<str:number>/delivery/", acts.deliver, name="case-delivery"),
    path("cases/<str:number>/archive/", acts.archive, name="case-archive"),
    path("cases/<str:number>/withdrawal/", acts.withdraw, name="case-withdrawal"),
]
