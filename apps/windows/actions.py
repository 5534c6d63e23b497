"""What can be done to windows: open, post a person, end a posting, authorise, withdraw an authorisation."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from apps.accounts.models import User
from apps.accounts.roles import CENTRE_ROLES
from apps.items.models import Item
from apps.points.models import Department, ServicePoint

from .models import Authorisation, Posting, Window


class NotAllowed(Exception):
    """The hall's order of windows does not allow it; the text is fit to show."""


def open_window(
    point: ServicePoint, *, number: str, name: str, types: list[str], department: Department | None = None
):
    """设立窗口 (D-06)."""
    try:
        with transaction.atomic():
            return Window.objects.create(
                point=point, number=number, name=name, types=types, department=department
            )
    except IntegrityError as error:
        raise NotAllowed(f"{point}已有{number}号窗口。") from error


def post(
    user: User,
    window: Window,
    *,
    on: date,
    until: date | None = None,
    primary: bool = True,
    temporary: bool = False,
) -> Posting:
    """派驻 (D-74): nobody holds two primary posts at once; cover (B岗) may overlap."""
    try:
        with transaction.atomic():
            return Posting.objects.create(
                user=user, window=window, is_primary=primary, is_temporary=temporary, from_on=on, to_on=until
            )
    except IntegrityError as error:
        raise NotAllowed(f"{user}在这段时间已有主岗，只能作为B岗派驻。") from error


@transaction.atomic
def end_posting(posting: Posting, *, on: date) -> Posting:
    """撤回派驻: the posting ends with that day and stays in the register (D-11)."""
    posting = Posting.objects.select_for_update().get(pk=posting.pk)
    if posting.to_on is not None and posting.to_on <= on:
        raise NotAllowed("这项派驻已经结束。")
    if on < posting.from_on:
        raise NotAllowed("结束日不能早于开始日。")
    posting.to_on = on
    posting.save(update_fields=["to_on"])
    return posting


def authorise(
    user: User,
    *,
    point: ServicePoint,
    department: Department | None,
    power: str,
    on: date,
    until: date | None,
    item: Item | None = None,
    letter_no: str = "",
) -> Authorisation:
    """授权 (D-68). Staff of the centre itself can never be authorised to decide (D-61)."""
    if any(assignment.role in CENTRE_ROLES for assignment in user.assignments_on(on)):
        raise NotAllowed("中心管理、督查和领导岗位不能获得审批授权。")
    return Authorisation.objects.create(
        user=user,
        point=point,
        department=department,
        item=item,
        power=power,
        letter_no=letter_no,
        valid_from=on,
        valid_to=until,
    )


@transaction.atomic
def withdraw(authorisation: Authorisation, *, at: datetime) -> Authorisation:
    """收回授权: works at once."""
    authorisation = Authorisation.objects.select_for_update().get(pk=authorisation.pk)
    if authorisation.withdrawn_at:
        raise NotAllowed("这份授权已经收回。")
    authorisation.withdrawn_at = at
    authorisation.save(update_fields=["withdrawn_at"])
    return authorisation


def may_decide(user: User, *, item_id: int, department_id: int | None, path: str, on: date) -> bool:
    """Whether the person holds a valid letter to decide this item, for this department, at this place, on this day."""
    letters = Authorisation.objects.valid_on(on).filter(
        Q(item=None) | Q(item=item_id),
        user=user,
        power__in=[Authorisation.Power.DECIDE, Authorisation.Power.SEAL],
        department=department_id,
    )
    return any(path.startswith(letter) for letter in letters.values_list("point__path", flat=True))


def window_of(user: User, point_id: int, *, on: date) -> int | None:
    """The window of a point to which the person is posted that day, the primary post first."""
    posted = Posting.objects.valid_on(on).filter(user=user, window__point=point_id)
    return posted.order_by("-is_primary", "id").values_list("window", flat=True).first()
