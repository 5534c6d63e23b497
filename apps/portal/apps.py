from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "apps.portal"
    label = "portal"
    verbose_name = "市民端"
    default_auto_field = "django.db.models.BigAutoField"
