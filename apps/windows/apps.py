from django.apps import AppConfig


class WindowsConfig(AppConfig):
    name = "apps.windows"
    label = "windows"
    verbose_name = "窗口"
    default_auto_field = "django.db.models.BigAutoField"
