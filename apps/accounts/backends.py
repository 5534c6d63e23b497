"""Who may do what: the permissions of a person are those of the roles held today, or of the one role acted under."""

from django.contrib.auth.backends import ModelBackend
from django.utils import timezone

from .roles import PERMISSIONS


class RoleBackend(ModelBackend):
    """Passwords as Django's own backend; permissions from the role table, never from rows edited by hand."""

    def get_all_permissions(self, user_obj, obj=None):
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        held = [user_obj.acting] if user_obj.acting else user_obj.assignments_on(timezone.localdate())
        return set().union(*(PERMISSIONS[assignment.role] for assignment in held))

    def has_perm(self, user_obj, perm, obj=None):
        return perm in self.get_all_permissions(user_obj, obj)

    def has_module_perms(self, user_obj, app_label):
        return any(name.startswith(f"{app_label}.") for name in self.get_all_permissions(user_obj))
