from django.apps import AppConfig


class DashboardConfig(AppConfig):
    name = "apps.dashboard"
    label = "dashboard"
    verbose_name = "督导端"
    default_auto_field = "django.db.models.BigAutoField"
