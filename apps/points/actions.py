"""What can be done to the tree of service points."""

from datetime import date

from django.db import IntegrityError, transaction

from .models import PATH_LENGTH, Closure, Level, ServicePoint


class NotAllowed(Exception):
    """The tree or a hall's rules do not allow it; the text is fit to show."""


@transaction.atomic
def open_point(
    *, level: Level, code: str, region: str, name: str, parent: ServicePoint | None, **facts
) -> ServicePoint:
    """设立服务点 (D-01): each level stands directly under the one above; skipping one is refused."""
    level = Level(level)
    if len(code) != 12 or not code.isdigit():
        raise NotAllowed("行政区划代码应为12位数字。")
    if parent is None and level != Level.CITY:
        raise NotAllowed(f"{level.label}服务点须设在上一级服务点之下。")
    if parent is not None:
        if Level(parent.level) != level.above:
            raise NotAllowed(
                f"{level.label}服务点只能设在{level.above.label if level.above else '省级'}服务点之下，不能越级。"
            )
        if not code.startswith(parent.path):
            raise NotAllowed(f"代码{code}不在{parent.region}（{parent.path}）之下。")
    try:
        with transaction.atomic():
            return ServicePoint.objects.create(
                level=level,
                code=code,
                path=code[: PATH_LENGTH[level]],
                region=region,
                name=name,
                parent=parent,
                **facts,
            )
    except IntegrityError as error:
        raise NotAllowed(f"代码{code}的{level.label}服务点已经存在。") from error


@transaction.atomic
def close_point(point: ServicePoint, *, on: date) -> ServicePoint:
    """撤销服务点: only once nothing stands below it any more."""
    point = ServicePoint.objects.select_for_update().get(pk=point.pk)
    if point.children.filter(valid_to=None).exists():
        raise NotAllowed(f"{point.name}之下还有服务点，不能撤销。")
    point.valid_to = on
    point.save(update_fields=["valid_to"])
    return point


def declare_closure(
    point: ServicePoint, *, from_on: date, to_on: date, reason: str, affects_deadline: bool = False
) -> Closure:
    """停办公告 (R12): a closed hall does not stop the law's clock unless the centre declares so."""
    if to_on < from_on:
        raise NotAllowed("停办末日不能早于首日。")
    if not reason.strip():
        raise NotAllowed("请写明停办原因。")
    return Closure.objects.create(
        point=point, from_on=from_on, to_on=to_on, reason=reason.strip(), affects_deadline=affects_deadline
    )
