from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "apps.console"
    label = "console"
    verbose_name = "窗口端"
    default_auto_field = "django.db.models.BigAutoField"
