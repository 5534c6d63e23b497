from django.urls import include, path

urlpatterns = [
    path("", include("apps.portal.urls")),
    path("console/", include("apps.console.urls")),
    path("dashboard/", include("apps.dashboard.urls")),
    path("api/v1/", include("apps.api.urls")),
]

handler400 = "config.errors.bad_request"
handler403 = "config.errors.forbidden"
handler404 = "config.errors.not_found"
handler500 = "config.errors.broken"
