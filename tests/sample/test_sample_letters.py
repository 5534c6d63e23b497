"""文书 of the sample: each department and township has its own short name and drawn seal, and its letters bear them."""

import pypdfium2
import pytest
from django.core.files.storage import default_storage

from apps.accounts.models import User
from apps.cases import actions as cases
from apps.cases.models import Channel
from apps.items.models import Item
from apps.letters import actions, bodies
from apps.letters.models import IssuingBody, Letter
from apps.points.models import Department, Level, ServicePoint
from tests.cast import at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fresh(sample_hall):
    bodies.forget()
    yield
    bodies.forget()


def test_every_department_and_township_has_a_short_name_of_its_own_and_a_seal():
    rows = list(IssuingBody.objects.all())

    townships = ServicePoint.objects.filter(level=Level.TOWNSHIP).count()
    assert len(rows) == Department.objects.count() + townships
    assert len({row.short_name for row in rows}) == len(rows)
    assert all(default_storage.exists(row.seal.name) for row in rows)
    known = dict(IssuingBody.objects.values_list("department__name", "short_name"))
    assert (known["雁江区市场监督管理局"], known["安岳县公安局"]) == ("雁江市监", "安岳公")


def test_a_letter_of_the_sample_bears_the_drawn_seal_and_says_that_it_is_one(sample_hall):
    citizen = User.objects.select_related("applicant").get(username="citizen1")
    county = ServicePoint.objects.get(path="512002")
    draft = cases.draft(
        Item.objects.get(code="CG015"),
        applicant=citizen.applicant,
        at_point=county,
        channel=Channel.ONLINE,
        by=citizen,
        at=at("2026-11-20", "16:20"),
        is_sample=True,
    )
    draft.materials.update(state="uploaded")
    typed = {"date": "2026-12-01", "phone": "13800000001"}
    form = {
        field["name"]: field["choices"][0] if field.get("choices") else typed.get(field["kind"], "3")
        for field in draft.version.form_fields
    }
    type(draft).objects.filter(pk=draft.pk).update(form=form)
    case = cases.submit(draft, by=citizen, at=at("2026-11-20", "16:20"), privacy_notice="2025-01")
    letter = Letter.objects.get(case=case)

    pdf = actions.render(letter, at=at("2026-11-20", "16:21")).pdf.read()

    text = "".join(pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range().split())
    assert letter.number == "雁江市监收〔2026〕1号"
    assert "演示样本" in text and "加盖印章后生效" not in text
