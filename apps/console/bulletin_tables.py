"""通报的表: one set of words for the page and for the paper, so that both say the same."""

from dataclasses import dataclass

from django.utils import timezone

from apps.workflows.bulletin import Absence, Bulletin, LateAnswer, Progress
from apps.workflows.models import KeyMilestone, Project

TITLE = "重点项目进展情况通报"


@dataclass(frozen=True, slots=True)
class Row:
    """`key_project` is what the page links to from the cell `linked`; paper has no links."""

    cells: tuple[str, ...]
    key_project: int | None = None
    linked: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    head: tuple[str, ...]
    widths: tuple[float, ...]
    rows: tuple[Row, ...]
    empty: str

    def lines(self) -> list[list[tuple[str, str, int | None]]]:
        """Each row as the page writes it: every cell with its heading and what it links to."""
        return [
            [
                (label, cell, row.key_project if number == row.linked else None)
                for number, (label, cell) in enumerate(zip(self.head, row.cells, strict=True))
            ]
            for row in self.rows
        ]


def sections_of(bulletin: Bulletin) -> list[Section]:
    return [
        Section(
            "一、重点项目进展",
            ("项目", "里程碑", "分项办结", "在办", "超期", "不予许可"),
            (5, 5, 2, 1.2, 1.2, 2),
            tuple(_progress(row) for row in bulletin.progress),
            "本周没有在册的重点项目。",
        ),
        Section(
            "二、会商未按时答复和缺席",
            ("部门", "项目", "会商", "期限或会期", "情况"),
            (3, 3.6, 3.6, 2.5, 3),
            tuple(_absence(one) for one in bulletin.absences),
            "本周没有逾期未答复的部门，也没有缺席的部门。",
        ),
        Section(
            "三、逾期答复分发",
            ("部门", "项目", "分项", "答复期限", "情况"),
            (3, 3.6, 3.6, 2.5, 3),
            tuple(_late(one) for one in bulletin.late_answers),
            "本周没有逾期的分发答复。",
        ),
    ]


def summary_of(bulletin: Bulletin) -> str:
    """The figures of the tables in one sentence."""
    rows = bulletin.progress
    green = sum(row.key_project.is_green for row in rows)
    seen = f"截至{bulletin.seen_on.month}月{bulletin.seen_on.day}日"
    if not rows:
        progress = f"{seen}，{bulletin.hall.region}没有在册的重点项目。"
    else:
        progress = (
            f"{seen}，{bulletin.hall.region}在册重点项目{len(rows)}个，其中走绿色通道{green}个；并联审批分项"
            f"{sum(row.total for row in rows)}项，已办结{sum(row.granted for row in rows)}项（本周"
            f"{sum(row.granted_now for row in rows)}项），在办{sum(row.under_way for row in rows)}项，"
            f"超期{sum(row.overdue for row in rows)}项。"
        )
    return f"{progress}会商未按时答复或缺席{len(bulletin.absences)}次，逾期答复分发{len(bulletin.late_answers)}次。"


def paper_of(bulletin: Bulletin, *, is_sample: bool) -> dict:
    """What the layout wants: plain words."""
    week = bulletin.week
    return {
        "title": TITLE,
        "organ": bulletin.hall.name,
        "week": str(week),
        "span": span_of(bulletin),
        "issued_on": bulletin.seen_on.isoformat(),
        "is_sample": is_sample,
        "paragraphs": [summary_of(bulletin)],
        "sections": [
            {
                "title": section.title,
                "head": list(section.head),
                "widths": list(section.widths),
                "rows": [list(row.cells) for row in section.rows],
                "empty": section.empty,
            }
            for section in sections_of(bulletin)
        ],
    }


def span_of(bulletin: Bulletin) -> str:
    first, last = bulletin.week.first, bulletin.week.last
    return f"{first.month}月{first.day}日至{last.month}月{last.day}日"


def _progress(row: Progress) -> Row:
    key_project = row.key_project
    marks = [key_project.get_rank_display(), *(["绿色通道"] if key_project.is_green else [])]
    if key_project.delisted_on is not None:
        marks.append(f"{key_project.delisted_on.month}月{key_project.delisted_on.day}日移出")
    new = {one.pk for one in row.new}
    milestones = "；".join(_milestone(one, one.pk in new) for one in row.milestones) or "还没有"
    granted = f"{row.granted}/{row.total}" + (f"（本周{row.granted_now}）" if row.granted_now else "")
    cells = (
        f"{key_project.name}（{'、'.join(marks)}）",
        milestones,
        granted if row.total else "未申报",
        str(row.under_way),
        str(row.overdue),
        str(row.refused),
    )
    return Row(cells, key_project.pk)


def _milestone(milestone: KeyMilestone, is_new: bool) -> str:
    day = f"{milestone.on.year}年{milestone.on.month}月{milestone.on.day}日{milestone.get_half_display()}"
    return f"{milestone.name} {day}{'（本周）' if is_new else ''}"


def _absence(one: Absence) -> Row:
    limit = one.consultation.answer_by
    when = f"{limit.month}月{limit.day}日"
    if one.consultation.held_at is not None and one.words == "缺席":
        held_on = timezone.localdate(one.consultation.held_at)
        when = f"{held_on.month}月{held_on.day}日"
    return Row(
        (one.department, _project(one.project), str(one.consultation), when, one.words),
        one.project.key_project_id,
        linked=1,
    )


def _late(one: LateAnswer) -> Row:
    limit = one.branch.answer_by
    return Row(
        (one.department, _project(one.project), one.branch.name, f"{limit.month}月{limit.day}日", one.words),
        one.project.key_project_id,
        linked=1,
    )


def _project(project: Project) -> str:
    """Marked, where it belongs to a key project."""
    if project.key_project_id is None:
        return project.name
    return f"{project.name}（{'绿色通道' if project.key_project.is_green else '重点项目'}）"
