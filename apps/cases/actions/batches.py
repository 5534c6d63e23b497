"""批量办理: a selection of cases, each in its own transaction; what was refused is named, the others are done."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from apps.accounts.models import User

from ..models import Batch, BatchLine, Case
from .acceptance import accept
from .moves import NotAllowed
from .review import dispatch

MOST = 500
Kind, State = Batch.Kind, BatchLine.State
PERMISSIONS = {
    Kind.ACCEPT: "cases.accept_case",
    Kind.DISPATCH: "cases.dispatch_case",
    Kind.PRINT: "cases.view_papers",
}


@transaction.atomic
def start_batch(
    kind: str, numbers: Collection[str], *, by: User, at: datetime, to: User | None = None
) -> Batch:
    """开始批量办理: notes the selection; nothing is done yet. A case that one may not see is not taken."""
    if not by.has_perm(PERMISSIONS[Kind(kind)]):
        raise NotAllowed(f"您没有{Kind(kind).label}的权限。")
    wanted = list(dict.fromkeys(numbers))
    if not wanted:
        raise NotAllowed("请先选中办件。")
    if len(wanted) > MOST:
        raise NotAllowed(f"一次最多{MOST}件，现在选了{len(wanted)}件，请分几次办。")
    if kind == Kind.DISPATCH and to is None:
        raise NotAllowed("请选择分派给谁。")
    cases = Case.objects.visible_to(by).started().filter(number__in=wanted).order_by("desk_due_on", "id")
    batch = Batch.objects.create(kind=kind, by=by, assignment=by.acting, to=to, started_at=at)
    lines = BatchLine.objects.bulk_create(BatchLine(batch=batch, case=case) for case in cases)
    if not lines:
        raise NotAllowed("选中的办件不在您的办理范围内。")
    return batch


def run_line(line: BatchLine, *, at: datetime) -> None:
    """One case, in its own transaction. Another worker's line is left to it, and what is done is not done again."""
    with transaction.atomic():
        line = (
            BatchLine.objects.select_for_update(skip_locked=True)
            .filter(pk=line.pk, state=State.WAITING)
            .first()
        )
        if line is None:
            return
        line = BatchLine.objects.select_related("batch__by", "batch__assignment", "batch__to", "case").get(
            pk=line.pk
        )
        batch = line.batch
        batch.by.acting = batch.assignment
        try:
            with transaction.atomic():
                _ACTS[batch.kind](line.case, batch, at)
        except NotAllowed as refusal:
            settle(line, at=at, refused=str(refusal))
        else:
            settle(line, at=at)


def settle(line: BatchLine, *, at: datetime, refused: str = "") -> None:
    line.state = State.REFUSED if refused else State.DONE
    line.sentence, line.done_at = refused[:500], at
    line.save(update_fields=["state", "sentence", "done_at"])


def finish_batch(batch: Batch, *, at: datetime) -> bool:
    """Whether every case is through; noted once."""
    if batch.lines.filter(state=State.WAITING).exists():
        return False
    Batch.objects.filter(pk=batch.pk, finished_at=None).update(finished_at=at)
    return True


def _accept(case: Case, batch: Batch, at: datetime) -> None:
    accept(case, by=batch.by, at=at)


def _dispatch(case: Case, batch: Batch, at: datetime) -> None:
    dispatch(case, to=batch.to, by=batch.by, at=at)


_ACTS = {Kind.ACCEPT: _accept, Kind.DISPATCH: _dispatch}
