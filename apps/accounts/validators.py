"""Password rules of 等保: at least ten characters, three of four classes, none of the last five."""

import re

from django.contrib.auth.hashers import check_password
from django.core.exceptions import ValidationError

SHORTEST = 10
_CLASSES = (r"[a-z]", r"[A-Z]", r"\d", r"[^A-Za-z0-9]")


class LongEnough:
    def validate(self, password, user=None):
        if len(password) < SHORTEST:
            raise ValidationError(f"密码至少要 {SHORTEST} 位，现在是 {len(password)} 位。", code="too_short")

    def get_help_text(self):
        return f"至少 {SHORTEST} 位。"


class ThreeOfFourClasses:
    def validate(self, password, user=None):
        if sum(bool(re.search(pattern, password)) for pattern in _CLASSES) < 3:
            raise ValidationError("密码要包含大写字母、小写字母、数字、符号中的至少三种。", code="too_plain")

    def get_help_text(self):
        return "大写字母、小写字母、数字、符号，至少三种。"


class NotOneOfTheLastFive:
    def validate(self, password, user=None):
        if user is None or user.pk is None:
            return
        if any(check_password(password, past.encoded) for past in user.past_passwords.order_by("-id")[:5]):
            raise ValidationError("不能使用最近5次用过的密码。", code="used_before")

    def get_help_text(self):
        return "不能与最近5次用过的密码相同。"
