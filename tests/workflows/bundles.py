"""A small bundle to build on: 备案 and 用地 in the first stage, 规划 in the second."""

import pytest

from apps.items.models import ItemType
from apps.points.models import Level
from apps.workflows import actions
from apps.workflows.checking import BranchFacts, EdgeFacts, StageFacts
from tests.cast import at, publish_item

NOW = at("2026-03-02")
LATER = at("2026-04-01")


def branch(code: str, item: str, *, stage: int = 1, days: int = 5, **more) -> BranchFacts:
    facts = {"name": "", "department": "发展和改革局"} | more
    return BranchFacts(code=code, item=item, stage=stage, days=days, **facts)


@pytest.fixture
def catalogue(db):
    """Four items that a bundle can be made of."""
    names = {"XK1": "企业投资项目备案", "XK2": "用地预审", "XK3": "工程规划许可", "XK4": "节能审查"}
    return {
        code: publish_item(code, name, level=Level.COUNTY, type=ItemType.PERMIT)
        for code, name in names.items()
    }


@pytest.fixture
def bundle(catalogue, centre_admin):
    return actions.enter_bundle(
        "TZ-BA", "企业投资项目（备案制）", audience="investment", lead="发展和改革局", by=centre_admin, at=NOW
    )


@pytest.fixture
def bundle_draft(bundle, centre_admin):
    """Two stages, three branches: ba → yd in the first, gh in the second, behind yd."""
    by = {"by": centre_admin, "at": NOW}
    version = bundle.versions.get()
    actions.set_stage(version, StageFacts(1, "立项用地", "自然资源和规划局", 15), **by)
    actions.set_stage(version, StageFacts(2, "工程建设", "住房和城乡建设局", 10), **by)
    actions.add_branch(version, branch("ba", "XK1", days=1), **by)
    actions.add_branch(version, branch("yd", "XK2", days=7), **by)
    actions.add_branch(version, branch("gh", "XK3", stage=2, days=7), **by)
    actions.connect(version, EdgeFacts("yd", "ba"), **by)
    actions.connect(version, EdgeFacts("gh", "yd"), **by)
    return version
