from django.urls import path

from .views import cards, lists, overview, projects

app_name = "dashboard"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("cases/", lists.case_list, name="case-list"),
    path("departments/", overview.departments, name="departments"),
    path("windows/", overview.windows, name="windows"),
    path("projects/", projects.project_figures, name="projects"),
    path("projects/<str:kind>/", projects.project_rows, name="project-rows"),
    path("cards/", cards.card_list, name="card-list"),
    path("cards/<int:pk>/", cards.card_detail, name="card-detail"),
    path("cards/<int:pk>/explanation/", cards.explanation, name="card-explanation"),
    path("cards/<int:pk>/revocation/", cards.revocation, name="card-revocation"),
]
