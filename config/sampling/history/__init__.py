"""两个月的办件: planned from one seed, then told case by case through the actions, with the time of each act."""

from .telling import tell, tell_second_share

__all__ = ["tell", "tell_second_share"]
