"""批量打印: the newest letter of each chosen case is put on paper, and all of them come as one file."""

import io
from datetime import datetime

from django.core.files.storage import default_storage
from django.db import transaction
from pypdf import PdfWriter

from apps.cases import actions as cases
from apps.cases.models import Batch, BatchLine

from ..models import Letter
from .rendering import CannotRender, render


def prepare_line(line: BatchLine, *, at: datetime) -> None:
    """One case of the batch, in its own transaction; what has no letter, or none that can be set, is told."""
    with transaction.atomic():
        waiting = BatchLine.objects.select_for_update(skip_locked=True).filter(pk=line.pk, state="waiting")
        line = waiting.first()
        if line is None:
            return
        letter = newest_of(line)
        if letter is None:
            cases.settle(line, at=at, refused="这件还没有文书。")
            return
        try:
            with transaction.atomic():
                render(letter, at=at)
        except CannotRender as reason:
            cases.settle(line, at=at, refused=str(reason))
        else:
            cases.settle(line, at=at)


def merged(batch: Batch) -> bytes:
    """All letters of the batch in its order, one PDF."""
    writer = PdfWriter()
    for line in batch.lines.filter(state=BatchLine.State.DONE).order_by("id"):
        letter = newest_of(line)
        if letter is not None and letter.is_on_paper:
            with default_storage.open(letter.pdf.name) as paper:
                writer.append(io.BytesIO(paper.read()))
    content = io.BytesIO()
    writer.write(content)
    return content.getvalue()


def newest_of(line: BatchLine) -> Letter | None:
    return Letter.objects.filter(case=line.case_id).order_by("-id").first()
