from django.apps import AppConfig


class ItemsConfig(AppConfig):
    name = "apps.items"
    label = "items"
    verbose_name = "事项"
    default_auto_field = "django.db.models.BigAutoField"
