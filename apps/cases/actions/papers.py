"""材料的增减: what an applicant takes back before it is handed in."""

from datetime import datetime

from django.db import transaction

from ..models import CaseMaterial
from ..states import Status
from .moves import NotAllowed, locked


@transaction.atomic
def detach(material: CaseMaterial, *, at: datetime) -> CaseMaterial:
    """移除上传的文件: as long as it is a draft nobody has seen it, so nothing of it stays on the check list.

    The stored content stays where it is, under the name of its hash: another case may have the same file.
    """
    case = locked(material.case)
    if case.status != Status.DRAFT:
        raise NotAllowed(f"办件{case}已提交，交上来的文件不能删除；被要求补正时可以换一份。")
    material.files.all().delete()
    if material.state == CaseMaterial.State.UPLOADED:
        material.state = CaseMaterial.State.ABSENT
        material.save(update_fields=["state"])
    case.saved_at = at
    case.save(update_fields=["saved_at"])
    return material
