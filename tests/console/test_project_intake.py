"""并联收件 at the counter: whoever presses twice has one draft, whoever goes back and types something else another."""

import re
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse

from apps.workflows.models import Project
from apps.workflows.one_form import answers_of
from tests.cast import a_scan
from tests.races import at_once
from tests.workflows.projects import FG, MONDAY

INTAKE = reverse("console:project-intake")
TYPED = {
    "bundle": "TZ", "name": "新建冷库", "national_code": "2603-512002-04-01-000009", "kind": "2",
    "applicant_name": "资阳江畔餐饮有限公司", "number": "91519999MA00000158", "phone": "02826000001", "question-1": "否",
}  # fmt: skip


@pytest.fixture
def counter(hall, clock):
    """A browser at the counter; each call opens another."""
    clock(MONDAY)

    def seated() -> Client:
        client = Client()
        client.force_login(hall.heads[FG])
        return client

    return seated


def page_key(client: Client) -> str:
    """What the page of the form carries without showing it."""
    page = client.get(INTAKE, {"bundle": "TZ"}).content.decode()
    return re.search(r'name="key" value="([0-9a-f-]{36})"', page)[1]


@pytest.mark.django_db
def test_two_presses_of_one_page_are_one_draft(counter):
    client = counter()
    typed = TYPED | {"key": page_key(client)}

    first, second = client.post(INTAKE, typed), client.post(INTAKE, typed)

    assert first.status_code == second.status_code == 302
    assert first.url == second.url
    assert Project.objects.count() == 1


@pytest.mark.django_db
def test_two_pages_are_two_drafts(counter):
    client = counter()
    keys = {page_key(client) for _ in range(2)}

    for key in keys:
        client.post(INTAKE, TYPED | {"key": key})

    assert len(keys) == Project.objects.count() == 2


@pytest.mark.django_db
def test_who_goes_back_and_types_something_else_begins_another_draft(counter):
    client = counter()
    typed = TYPED | {"key": page_key(client)}
    client.post(INTAKE, typed)

    client.post(INTAKE, typed | {"name": "新建冷库二期", "national_code": ""})

    assert sorted(Project.objects.values_list("name", flat=True)) == ["新建冷库", "新建冷库二期"]


@pytest.mark.django_db
def test_a_page_that_lost_its_key_says_so_and_keeps_what_was_typed(counter):
    for broken in ({}, {"key": "x"}):
        answer = counter().post(INTAKE, TYPED | broken)

        assert answer.status_code == 422
        assert "这一页不完整，请重新选套餐。" in answer.content.decode()
        assert 'value="新建冷库"' in answer.content.decode()
    assert Project.objects.count() == 0


@pytest.mark.django_db
def test_what_was_wrong_is_sent_again_from_the_same_page(counter):
    client = counter()
    typed = TYPED | {"key": page_key(client)}

    refused = client.post(INTAKE, typed | {"phone": "", "question-1": "", "national_code": "2613"})
    done = client.post(INTAKE, typed)

    assert "请填写联系电话。" in refused.content.decode()
    assert "项目代码形如" in refused.content.decode()
    assert "请回答“年用电在500万千瓦时以上吗？”。" in refused.content.decode()
    assert refused.status_code == 422 and f'value="{typed["key"]}"' in refused.content.decode()
    assert done.status_code == 302 and Project.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"kind": "2", "number": "123"}, "统一社会信用代码应为18位"),
        ({"kind": "1", "applicant_name": "王一", "number": "110101199003074451"}, "身份证号校验位不对"),
        ({"kind": "1", "applicant_name": "王一", "number": "110101209903074412"}, "出生日期不合常理"),
        ({"phone": "12"}, "电话号码不对"),
        ({"kind": "2", "applicant_name": "冷库😀"}, "单位名称里有表情"),
    ],
)
def test_an_applicant_who_cannot_be_is_told_beside_the_field_and_nothing_typed_is_lost(
    counter, typed, sentence
):
    client = counter()

    answer = client.post(INTAKE, TYPED | {"key": page_key(client)} | typed)

    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert 'value="新建冷库"' in answer.content.decode()
    assert not Project.objects.exists()


@pytest.mark.django_db
def test_the_code_of_the_national_platform_is_asked_of_investment_projects_alone(counter, hall):
    investment = counter().get(INTAKE, {"bundle": "TZ"}).content.decode()
    bundle = hall.version.bundle
    type(bundle).objects.filter(pk=bundle.pk).update(audience="citizen")

    citizens = counter().get(INTAKE, {"bundle": "TZ"}).content.decode()

    assert 'name="national_code"' in investment
    assert 'name="national_code"' not in citizens


@pytest.mark.django_db
def test_what_the_first_step_asked_is_not_asked_again_and_reaches_the_item(counter, hall, privacy_notice):
    hall.asks_for_the_project("ba")
    client = counter()
    draft = client.post(INTAKE, TYPED | {"key": page_key(client)}).url
    project = Project.objects.get()
    papers = {
        f"file-{one.seq}": a_scan() for one in project.materials.filter(stage__number=1, state="absent")
    }

    page = client.get(draft).content.decode()
    code = {"national_code": "2603-512002-04-01-000010"}
    filed = client.post(draft, {"investment": "6000", "site": "城南", "handing": "together"} | code | papers)

    assert 'name="project_name"' not in page and 'name="project_code"' not in page
    assert filed.status_code == 302
    project.refresh_from_db()
    answers = answers_of(project)
    assert (answers["project_name"], answers["project_code"]) == ("新建冷库", "2603-512002-04-01-000010")


@pytest.mark.django_db
def test_papers_of_later_stages_lie_in_a_drawer_until_one_of_them_is_wrong(counter, hall, monkeypatch):
    monkeypatch.setattr("apps.cases.uploads.MAX_BYTES", 60)
    client = counter()
    draft = client.post(INTAKE, TYPED | {"key": page_key(client)}).url
    later = Project.objects.get().materials.filter(stage__number=2).first()

    closed = client.get(draft).content.decode()
    wrong = client.post(draft, {"keep": "1", f"file-{later.seq}": a_scan("大.png")})

    assert "<details><summary>后面阶段的材料 3 份" in closed
    assert wrong.status_code == 422
    assert "<details open><summary>后面阶段的材料 3 份" in wrong.content.decode()
    assert f'id="fault-{later.seq}"' in wrong.content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_presses_at_one_moment_lead_to_the_same_draft(counter):
    browsers = [counter(), counter()]
    typed = TYPED | {"key": str(uuid4())}

    answers = at_once(2, lambda which: browsers[which].post(INTAKE, typed))

    assert [answer.status_code for answer in answers] == [302, 302]
    assert answers[0].url == answers[1].url
    assert Project.objects.count() == 1
