from django.apps import AppConfig


class FrameConfig(AppConfig):
    """The frame of the house: settings, schedules, commands, health."""

    name = "config"
    label = "frame"
    verbose_name = "系统"
