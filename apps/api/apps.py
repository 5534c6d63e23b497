from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "apps.api"
    label = "api"
    verbose_name = "对外接口"
    default_auto_field = "django.db.models.BigAutoField"
