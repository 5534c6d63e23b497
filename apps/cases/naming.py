"""称呼: how the applicant of a case is named to whoever looks. The fetch must bring the applicant along."""

from apps.accounts.identity import mask_name
from apps.accounts.models import User

from .models import Case


def name_for(case: Case, user: User) -> str:
    """In full for whoever handles cases, 张* for everybody else; an organisation is never masked (GKTL, XKF 40)."""
    if user.has_perm("cases.view_names") or not case.applicant.is_person:
        return case.applicant_name
    return mask_name(case.applicant_name)
