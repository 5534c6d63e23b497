"""三个量化、三个倒排: the tasks of a key project, and the day from which they are reckoned back (D-26)."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.points.models import Department

from ...graph import BrokenGraph, in_order
from ...models import LONGEST, KeyProject, KeyTask
from ..editing import NotAllowed
from .keeping import Verb, kept_locked, needs_words, not_in_the_future, record

MOST_TASKS = 200
_CODE = re.compile(r"[\w-]+")  # it stands in addresses


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """任务 as it is entered. `needs` are the codes of those it waits for."""

    code: str
    name: str
    days: int
    department: Department | None = None
    owner: str = ""
    needs: tuple[str, ...] = ()


@transaction.atomic
def set_target(key_project: KeyProject, on: date | None, *, by: User | None, at: datetime) -> KeyProject:
    """定目标日: today or later. None takes it back."""
    key_project = kept_locked(key_project, by=by)
    today = timezone.localdate(at)
    if on is not None and on < today:
        raise NotAllowed(f"目标日{on}已经过去（今天是{today}），请改成今天或以后的日期。")
    before, key_project.target_on = key_project.target_on, on
    key_project.save(update_fields=["target_on"])
    facts = {"before": before and before.isoformat(), "after": on and on.isoformat()}
    record(key_project, Verb.TARGET_SET, by=by, at=at, facts=facts)
    return key_project


@transaction.atomic
def set_task(key_project: KeyProject, task: TaskFacts, *, by: User | None, at: datetime) -> KeyTask:
    """安排任务: entered, or changed where the code stands already. A circle is refused with its path."""
    key_project = kept_locked(key_project, by=by)
    code = needs_words(task.code, "请填写任务编号。", 20)
    if not _CODE.fullmatch(code):
        raise NotAllowed("任务编号只用字母、数字、汉字和短横线，例如：a1。")
    name = needs_words(task.name, "请填写任务。", 80)
    owner = task.department.name if task.department else needs_words(task.owner, "请填写责任单位。", 60)
    if not 0 <= task.days <= LONGEST:
        raise NotAllowed(f"时间是0到{LONGEST}个工作日之间的整数。")
    stored = {one.code: one for one in key_project.tasks.prefetch_related("needs").order_by("id")}
    if code not in stored and len(stored) >= MOST_TASKS:
        raise NotAllowed(f"一个重点项目最多{MOST_TASKS}项任务。")
    after = {one.code: [need.code for need in one.needs.all()] for one in stored.values()}
    after[code] = list(task.needs)
    try:
        in_order(list(after.items()))
    except BrokenGraph as broken:
        raise NotAllowed(str(broken)) from broken
    row = stored.get(code) or KeyTask(key_project=key_project, code=code)
    row.name, row.days, row.department, row.owner = name, task.days, task.department, owner
    row.save()
    row.needs.set([stored[need] for need in after[code]])
    facts = {"code": code, "name": name, "days": task.days, "owner": owner, "needs": after[code]}
    record(key_project, Verb.TASK_SET, by=by, at=at, facts=facts)
    return row


@transaction.atomic
def begin_task(task: KeyTask, *, on: date, by: User | None, at: datetime) -> KeyTask:
    """任务开始."""
    key_project, task = _task_locked(task, by=by)
    not_in_the_future(on, at, "开始日")
    if task.finished_on is not None:
        raise NotAllowed(f"任务“{task}”已于{task.finished_on}完成。")
    task.begun_on = on
    task.save(update_fields=["begun_on"])
    record(key_project, Verb.TASK_BEGUN, by=by, at=at, facts=_of(task) | {"on": on.isoformat()})
    return task


@transaction.atomic
def finish_task(task: KeyTask, *, on: date, by: User | None, at: datetime) -> KeyTask:
    """任务完成: one whose beginning nobody noted was begun and finished that day."""
    key_project, task = _task_locked(task, by=by)
    not_in_the_future(on, at, "完成日")
    if task.begun_on is not None and on < task.begun_on:
        raise NotAllowed(f"完成日不能早于开始日（{task.begun_on}）。")
    if task.finished_on is not None:
        raise NotAllowed(f"任务“{task}”已于{task.finished_on}完成。")
    task.begun_on, task.finished_on = task.begun_on or on, on
    task.save(update_fields=["begun_on", "finished_on"])
    record(key_project, Verb.TASK_FINISHED, by=by, at=at, facts=_of(task) | {"on": on.isoformat()})
    return task


@transaction.atomic
def reopen_task(task: KeyTask, *, why: str, by: User | None, at: datetime) -> KeyTask:
    """任务重开: what was noted as begun or finished was not."""
    key_project, task = _task_locked(task, by=by)
    if task.begun_on is None:
        raise NotAllowed(f"任务“{task}”还没有开始。")
    why = needs_words(why, "请写明重开的理由。", 300)
    facts = _of(task) | {"begun_on": task.begun_on.isoformat()}
    facts["finished_on"] = task.finished_on and task.finished_on.isoformat()
    task.begun_on = task.finished_on = None
    task.save(update_fields=["begun_on", "finished_on"])
    record(key_project, Verb.TASK_REOPENED, by=by, at=at, reason=why, facts=facts)
    return task


@transaction.atomic
def drop_task(task: KeyTask, *, by: User | None, at: datetime) -> None:
    """去掉任务: not while another one waits for it."""
    key_project, task = _task_locked(task, by=by)
    waiting = [str(one) for one in task.needed_by.order_by("id")]
    if waiting:
        raise NotAllowed(f"{'、'.join(waiting)}要等“{task}”，请先改它们的前置。")
    facts = _of(task) | {"days": task.days, "owner": task.owner}
    task.needs.clear()
    task.delete()
    record(key_project, Verb.TASK_DROPPED, by=by, at=at, facts=facts)


def _of(task: KeyTask) -> dict[str, str]:
    """A task may be renamed or dropped later: the record keeps what it was called."""
    return {"code": task.code, "name": task.name}


def _task_locked(task: KeyTask, *, by: User | None) -> tuple[KeyProject, KeyTask]:
    key_project = kept_locked(task.key_project, by=by)
    found = key_project.tasks.filter(pk=task.pk).first()
    if found is None:
        raise NotAllowed("这项任务刚刚被去掉了，请刷新页面。")
    return key_project, found
