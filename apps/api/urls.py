from django.urls import path

from . import bundles, desk, filing, letters, projects, schema, tokens
from . import public as open_to_all

app_name = "api"
urlpatterns = [
    path("", schema.Index.as_view(), name="index"),
    path("schema/", schema.Schema.as_view(), name="schema"),
    path("docs/", schema.Docs.as_view(), name="docs"),
    path("tokens/", tokens.Tokens.as_view(), name="tokens"),
    path("tokens/current/", tokens.CurrentToken.as_view(), name="current-token"),
    path("items/", open_to_all.Items.as_view(), name="item-list"),
    path("items/<str:code>/", open_to_all.ItemGuide.as_view(), name="item"),
    path("points/", open_to_all.Points.as_view(), name="point-list"),
    path("points/<str:path>/", open_to_all.Point.as_view(), name="point"),
    path("calendar/<int:year>/", open_to_all.CalendarOfYear.as_view(), name="calendar"),
    path("progress/", open_to_all.ProgressOfCase.as_view(), name="progress"),
    path("bundles/", bundles.Bundles.as_view(), name="bundle-list"),
    path("bundles/<str:code>/", bundles.BundleGuideView.as_view(), name="bundle"),
    path("progress/projects/", bundles.ProgressOfProject.as_view(), name="project-progress"),
    path("my/projects/", projects.MyProjects.as_view(), name="my-project-list"),
    path("my/projects/<uuid:key>/", projects.MyProject.as_view(), name="my-project"),
    path(
        "my/projects/<uuid:key>/materials/<int:seq>/",
        projects.MyProjectMaterial.as_view(),
        name="my-project-material",
    ),
    path(
        "my/projects/<uuid:key>/submission/",
        projects.MyProjectSubmission.as_view(),
        name="my-project-submission",
    ),
    path("my/projects/<uuid:key>/renewal/", projects.MyProjectRenewal.as_view(), name="my-project-renewal"),
    path("my/projects/<uuid:key>/answer/", projects.MyProjectAnswer.as_view(), name="my-project-answer"),
    path(
        "my/projects/<uuid:key>/withdrawal/",
        projects.MyProjectWithdrawal.as_view(),
        name="my-project-withdrawal",
    ),
    path("my/cases/", filing.MyCases.as_view(), name="my-case-list"),
    path("my/cases/<uuid:key>/", filing.MyCase.as_view(), name="my-case"),
    path("my/cases/<uuid:key>/materials/<int:seq>/", filing.MyMaterial.as_view(), name="my-material"),
    path("my/cases/<uuid:key>/submission/", filing.MySubmission.as_view(), name="my-submission"),
    path("my/cases/<uuid:key>/answer/", filing.MyAnswer.as_view(), name="my-answer"),
    path("my/cases/<uuid:key>/withdrawal/", filing.MyWithdrawal.as_view(), name="my-withdrawal"),
    path(
        "my/cases/<uuid:key>/hearing-request/",
        filing.MyHearingRequest.as_view(),
        name="my-hearing-request",
    ),
    path("my/cases/<uuid:key>/hearing-waiver/", filing.MyHearingWaiver.as_view(), name="my-hearing-waiver"),
    path("my/cases/<uuid:key>/letters/", letters.MyLetters.as_view(), name="my-letters"),
    path("my/cases/<uuid:key>/letters/<int:pk>/file/", letters.MyLetterFile.as_view(), name="my-letter-file"),
    path("desk/", desk.Desk.as_view(), name="desk-list"),
    path("cases/", desk.Cases.as_view(), name="case-list"),
    path("cases/<str:number>/", desk.OneCase.as_view(), name="case"),
    path("cases/<str:number>/events/", desk.History.as_view(), name="case-events"),
    path("cases/<str:number>/letters/", letters.Letters.as_view(), name="case-letters"),
    path("cases/<str:number>/letters/<int:pk>/file/", letters.LetterFile.as_view(), name="case-letter-file"),
    *(
        path(f"cases/<str:number>/{noun}/", view.as_view(), name=f"case-{noun}")
        for noun, view in desk.ACTS.items()
    ),
]
