from django.urls import include, path

urlpatterns = [
    path("", include("apps.portal.urls")),
    path("console/", include("apps.console.urls")),
    path("dashboard/", include("apps.dashboard.urls")),
    path("api/v1/", include("apps.api.urls")),
]
