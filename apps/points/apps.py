from django.apps import AppConfig


class PointsConfig(AppConfig):
    name = "apps.points"
    label = "points"
    verbose_name = "服务点"
    default_auto_field = "django.db.models.BigAutoField"
