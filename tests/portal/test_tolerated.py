"""补交容缺材料: what was promised at acceptance comes in by the portal."""

import pytest
from django.urls import reverse

from apps.cases import actions
from apps.cases.models import CaseMaterial
from tests.cast import a_scan, at

pytestmark = pytest.mark.django_db


@pytest.fixture
def tolerated(submitted, clerk):
    submitted.materials.filter(seq=3).update(state=CaseMaterial.State.ABSENT)
    return actions.accept_tolerated(submitted, promised_by="王小明", by=clerk, at=at("2026-03-03"))


def test_the_citizen_is_told_what_is_to_come_and_until_when(client, tolerated, citizen, clock):
    clock(at("2026-03-04"))
    client.force_login(citizen)

    page = client.get(reverse("portal:case-detail", args=[tolerated.number])).content.decode()

    assert "还要补交 1 份材料" in page and "健康证明" in page and "补交截止日 2026年3月10日（含当天）" in page


def test_an_upload_brings_it(client, tolerated, citizen, clock):
    clock(at("2026-03-04"))
    client.force_login(citizen)

    sent = client.post(
        reverse("portal:tolerated-papers", args=[tolerated.number]), {"file-3": a_scan("健康证.png")}
    )

    tolerated.refresh_from_db()
    assert (sent.status_code, tolerated.is_tolerated) == (302, False)
    assert tolerated.materials.get(seq=3).state == CaseMaterial.State.UPLOADED


def test_nothing_chosen_and_a_wrong_file_are_told_at_the_field(client, tolerated, citizen, clock):
    clock(at("2026-03-04"))
    client.force_login(citizen)
    address = reverse("portal:tolerated-papers", args=[tolerated.number])

    empty = client.post(address)
    wrong = client.post(address, {"file-3": a_scan("证.png", b"MZ" + b"0" * 99)})

    assert (empty.status_code, wrong.status_code) == (422, 422)
    assert "请选择要补交的文件" in empty.content.decode()
    assert "“证.png”的内容不是允许的类型" in wrong.content.decode()


def test_after_the_day_it_is_too_late(client, tolerated, citizen, clock):
    clock(at("2026-03-11"))
    client.force_login(citizen)

    late = client.post(reverse("portal:tolerated-papers", args=[tolerated.number]), {"file-3": a_scan()})

    assert late.status_code == 409
    assert "补交的截止日3月10日（含当天）已过" in late.content.decode()
