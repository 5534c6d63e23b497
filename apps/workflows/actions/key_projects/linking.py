"""关联: which joint projects belong to a key project. One key project may have several."""

from datetime import datetime

from django.db import transaction

from apps.accounts.models import User

from ...models import KeyProject, Project
from ..editing import NotAllowed
from .keeping import Verb, kept_locked, needs_words, record


@transaction.atomic
def link(project: Project, key_project: KeyProject, *, by: User | None, at: datetime) -> Project:
    """关联并联项目: it is marked on every list from now on, and green as long as the channel is open."""
    project = Project.objects.select_for_update(of=["self"]).get(pk=project.pk)
    key_project = kept_locked(key_project, by=by)
    if project.is_draft:
        raise NotAllowed(f"“{project}”还没有申报，申报以后再关联。")
    if project.key_project_id == key_project.pk:
        raise NotAllowed(f"“{project}”已经关联这个重点项目。")
    if project.key_project_id is not None:
        raise NotAllowed(f"“{project}”已经关联重点项目“{project.key_project}”，请先取消。")
    if not (project.path.startswith(key_project.path) or key_project.path.startswith(project.path)):
        raise NotAllowed(f"“{project}”不在{key_project.point.region}，不能关联。")
    if project.national_code and project.national_code != key_project.national_code:
        raise NotAllowed(
            f"项目代码不一致：并联项目是{project.national_code}，重点项目是{key_project.national_code}。"
        )
    project.key_project = key_project
    project.save(update_fields=["key_project"])
    record(key_project, Verb.LINKED, by=by, at=at, project=project, facts={"number": project.number})
    return project


@transaction.atomic
def unlink(project: Project, key_project: KeyProject, *, why: str, by: User | None, at: datetime) -> Project:
    """取消关联."""
    project = Project.objects.select_for_update(of=["self"]).get(pk=project.pk)
    key_project = kept_locked(key_project, by=by)
    if project.key_project_id != key_project.pk:
        raise NotAllowed(f"“{project}”没有关联这个重点项目。")
    why = needs_words(why, "请写明取消关联的理由。", 300)
    project.key_project = None
    project.save(update_fields=["key_project"])
    facts = {"number": project.number}
    record(key_project, Verb.UNLINKED, by=by, at=at, reason=why, project=project, facts=facts)
    return project
