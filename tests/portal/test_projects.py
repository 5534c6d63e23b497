"""一件事申请 by plain forms, as it works without script: draft, one form, papers, check, submit; and what bad input meets."""

import io
import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.accounts import actions as accounts
from apps.accounts.models import Mandate
from apps.workflows import actions
from apps.workflows.models import Project, ProjectFile
from tests.cast import BEFORE, SINCE, a_scan, at
from tests.workflows.restaurants import MONDAY, publish_anew

pytestmark = pytest.mark.django_db
TUESDAY = at("2026-03-03", "10:00")
FILLED = {
    "shop_name": "江畔小吃店",
    "address": "滨江路18号",
    "contact_phone": "13800000001",
    "handing": "together",
}


def start(client, street, applicant, key=None, sign="要"):
    return client.post(
        "/bundles/CANYIN/application/",
        {"applicant": applicant.pk, "point": street.county.pk, "key": key or uuid.uuid4(), "a1": sign},
    )


def papers_of(project) -> dict:
    return {f"file-{row.seq}": a_scan(f"{row.name}.png") for row in project.materials.filter(state="absent")}


def test_a_whole_matter_is_filed_step_by_step(me, street, citizen):
    started = start(me, street, citizen.applicant)
    project = Project.objects.get()
    address = f"/projects/{project.key}/"
    filled = me.post(address, FILLED | papers_of(project) | {"next": "check"})
    checked = me.get(filled.url).content.decode()
    submitted = me.post(f"{address}submission/", {"privacy_notice": "2026-01"})
    project.refresh_from_db()
    page = me.get(submitted.url).content.decode()

    assert (started.url, filled.url) == (address, f"{address}check/")
    assert "江畔小吃店" in checked
    assert "全部办好一起取" in checked
    assert submitted.url == f"/projects/{project.number}/"
    assert (project.state, project.handing, project.privacy_notice) == ("running", "together", "2026-01")
    assert "3 件事都交上去了，各部门最迟 3月3日答复是否受理" in page


def test_pressing_start_twice_makes_one_project(me, street, citizen):
    key = uuid.uuid4()

    first = start(me, street, citizen.applicant, key)
    again = start(me, street, citizen.applicant, key)

    assert first.url == again.url == f"/projects/{key}/"
    assert Project.objects.count() == 1


def test_going_back_and_choosing_somebody_else_makes_another_project(me, street, citizen, company):
    key = uuid.uuid4()

    start(me, street, citizen.applicant, key)
    start(me, street, company, key)

    assert set(Project.objects.values_list("applicant", flat=True)) == {citizen.applicant.pk, company.pk}


def test_pressing_submit_twice_files_once(me, street):
    project = street.filled()

    first = me.post(f"/projects/{project.key}/submission/", {"privacy_notice": "2026-01"})
    again = me.post(f"/projects/{project.key}/submission/", {"privacy_notice": "2026-01"})

    assert first.url == again.url
    assert project.events.filter(verb="filed").count() == 1


def test_to_begin_takes_every_answer_and_a_place(me, street, citizen):
    answer = me.post("/bundles/CANYIN/application/", {"applicant": citizen.applicant.pk, "key": uuid.uuid4()})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "请回答“要挂户外招牌吗？”。" in page
    assert "请选在哪里办。" in page
    assert Project.objects.count() == 0


def test_nobody_begins_for_whom_one_has_no_mandate_for_everything(me, street, citizen, other_citizen):
    stranger = start(me, street, other_citizen.applicant)
    accounts.give_mandate(
        other_citizen.applicant, agent=citizen, kind=Mandate.Kind.AGENT, item_codes=["CY-zz"], on=SINCE, until=None,
        at=BEFORE, by=other_citizen,
    )  # fmt: skip
    with_one_item = start(me, street, other_citizen.applicant)

    assert (stranger.status_code, with_one_item.status_code) == (422, 422)
    assert "您没有替这位申请人办理整件事的有效委托。" in with_one_item.content.decode()


def test_who_has_a_mandate_for_everything_files_for_the_company(me, street, company, citizen):
    project = street.filled(applicant=company, by=citizen)

    me.post(f"/projects/{project.key}/submission/", {"privacy_notice": "2026-01"})

    project.refresh_from_db()
    assert project.state == "running"
    assert project.mandate.principal_id == company.pk


@pytest.mark.parametrize(
    "path", ["", "situation/", "check/", "submission/", "renewal/", "deletion/", "materials/1/"]
)
def test_a_draft_of_somebody_else_is_not_found(client, street, other_citizen, path):
    project = street.draft()
    client.force_login(other_citizen, backend="apps.accounts.backends.RoleBackend")

    address = f"/projects/{project.key}/{path}"
    assert {client.get(address).status_code, client.post(address).status_code} <= {404, 405}
    assert client.post(address).status_code in (404, 405)
    assert Project.objects.filter(pk=project.pk).exists()


@pytest.mark.parametrize("path", ["", "withdrawal/", "branches/zz/withdrawal/", "answer/", "papers/"])
def test_a_project_of_somebody_else_is_not_found(client, street, other_citizen, path):
    project = street.told()
    client.force_login(other_citizen, backend="apps.accounts.backends.RoleBackend")

    address = f"/projects/{project.number}/{path}"
    assert {client.get(address).status_code, client.post(address).status_code} <= {404, 405}


def test_a_file_of_somebody_else_is_not_found(client, me, street, other_citizen):
    street.filled()
    stored = ProjectFile.objects.first()
    own = me.get(f"/project-files/{stored.pk}/")
    client.force_login(other_citizen, backend="apps.accounts.backends.RoleBackend")

    assert own.status_code == 200
    assert client.get(f"/project-files/{stored.pk}/").status_code == 404


def test_everything_that_is_missing_is_told_at_once(me, street):
    project = street.draft()

    answer = me.post(f"/projects/{project.key}/submission/", {})

    assert answer.status_code == 422
    assert answer.context["faults"] == {
        "privacy_notice": "请阅读并确认个人信息处理告知后再提交。",
        "shop_name": "请填写店名。",
        "address": "请填写经营场所。",
        "material-1": "请上传“经营场所证明”。",
        "material-4": "请上传“招牌效果图”。",
    }
    assert f'href="/projects/{project.key}/#f-shop_name"' in answer.content.decode()


def test_a_file_of_200_mb_is_refused_beside_its_paper_and_everything_typed_is_kept(me, street):
    project = street.draft()

    answer = post_huge(me, f"/projects/{project.key}/", FILLED | {"next": "check"})

    page = answer.content.decode()
    project.refresh_from_db()
    assert answer.status_code == 422
    assert "“大图.png”有200 MB，超过20 MB上限。请降低扫描分辨率，或拆成几份上传。" in page
    assert 'id="fault-of-1"' in page
    assert project.form["shop_name"] == "江畔小吃店"
    assert not ProjectFile.objects.exists()


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        (SimpleUploadedFile("程序.exe", b"MZ\x00\x00"), "不是允许的类型"),
        (SimpleUploadedFile("断.pdf", b"%PDF-1.4\n1 0 obj"), "不完整或已损坏"),
        (SimpleUploadedFile("空.png", b""), "是空文件"),
    ],
)
def test_a_wrong_file_is_refused_in_words_and_the_good_ones_are_taken(me, street, file, sentence):
    project = street.draft()

    answer = me.post(f"/projects/{project.key}/", FILLED | {"file-1": file, "file-4": a_scan()})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert project.materials.get(seq=4).state == "uploaded"


def test_a_paper_goes_up_by_itself_with_script(me, street):
    project = street.draft()

    good = me.post(f"/projects/{project.key}/materials/1/", {"file-1": a_scan()})
    bad = post_huge(me, f"/projects/{project.key}/materials/1/", {})

    assert (good.status_code, bad.status_code) == (200, 422)
    assert "已上传" in good.content.decode()
    assert me.post(f"/projects/{project.key}/materials/99/", {}).status_code == 404


def test_a_file_can_be_taken_away_again_and_a_paper_promised(me, street):
    project = street.filled()
    health = project.materials.get(name="健康证明")

    me.post(f"/projects/{project.key}/", FILLED | {"remove": "1"})
    me.post(f"/projects/{project.key}/", FILLED | {"mark": f"{health.seq}:promised"})

    health.refresh_from_db()
    assert project.materials.get(seq=1).state == "absent"
    assert health.state == "promised"


@pytest.mark.parametrize("mark", ["1:on_paper", "1:shared", "1:produced", "²:promised", "x", "99:absent"])
def test_a_paper_is_not_said_to_be_what_an_applicant_cannot_say(me, street, mark):
    project = street.draft()

    answer = me.post(f"/projects/{project.key}/", FILLED | {"mark": mark})

    assert answer.status_code in (404, 409)
    assert project.materials.get(seq=1).state == "absent"


def test_texts_that_cannot_be_kept_are_refused_aloud_and_the_others_kept(me, street):
    project = street.draft()
    typed = FILLED | {"address": "长" * 5001, "contact_phone": "1" * 21, "handing": "never"}

    answer = me.post(f"/projects/{project.key}/", typed)

    page = answer.content.decode()
    project.refresh_from_db()
    assert answer.status_code == 422
    assert "经营场所最多 5,000 字" in page
    assert "联系电话最多 20 位" in page
    assert (project.form.get("shop_name"), project.form.get("address")) == ("江畔小吃店", None)
    assert "长" * 5001 in page


def test_changed_answers_change_the_list_and_keep_what_is_there(me, street):
    project = street.filled(sign="要")

    answer = me.post(f"/projects/{project.key}/situation/", {"a1": "不要"})
    without = me.get(f"/projects/{project.key}/").content.decode()
    me.post(f"/projects/{project.key}/situation/", {"a1": "要"})

    assert answer.url == f"/projects/{project.key}/"
    assert "招牌效果图" not in without
    assert project.materials.get(name="招牌效果图").files.count() == 1
    assert me.post(f"/projects/{project.key}/situation/", {"a1": "也许"}).status_code == 422


def test_a_draft_saves_by_itself(me, street):
    project = street.draft()

    answer = me.post(
        f"/projects/{project.key}/",
        {"shop_name": "正在输入", "autosave": "1"},
        headers={"hx-request": "true"},
    )

    project.refresh_from_db()
    assert "已保存草稿" in answer.content.decode()
    assert project.form["shop_name"] == "正在输入"


def test_a_bundle_that_moved_on_is_renewed_by_one_press_with_everything_kept(me, street):
    project = street.filled()
    publish_anew(street, on=MONDAY)

    page = me.get(f"/projects/{project.key}/check/").content.decode()
    refused = me.post(f"/projects/{project.key}/submission/", {"privacy_notice": "2026-01"})
    renewed = me.post(f"/projects/{project.key}/renewal/")
    filed = me.post(f"/projects/{project.key}/submission/", {"privacy_notice": "2026-01"})

    project.refresh_from_db()
    assert "办事指南刚刚更新" in page
    assert "确认提交" not in page
    assert refused.status_code == 409
    assert "这个套餐刚刚更新" in refused.content.decode()
    assert renewed.url == f"/projects/{project.key}/"
    assert filed.url == f"/projects/{project.number}/"
    assert project.version.number == 2


def test_a_new_question_is_asked_before_the_draft_moves_on(me, street):
    project = street.filled()
    publish_anew(street, question="门口要立广告牌吗？", on=MONDAY)
    address = f"/projects/{project.key}/renewal/"

    asked = me.post(address)
    still_open = me.post(address, {"answered": "1"})
    answered = me.post(address, {"answered": "1", "a1": "要"})

    project.refresh_from_db()
    assert (asked.status_code, still_open.status_code) == (422, 422)
    assert "门口要立广告牌吗？" in asked.content.decode()
    assert "请回答“门口要立广告牌吗？”。" in still_open.content.decode()
    assert answered.status_code == 302
    assert (project.version.number, project.answers) == (2, {"1": "要"})
    assert project.materials.get(name="招牌效果图").state == "uploaded"


def test_a_bundle_that_is_suspended_says_so_and_keeps_the_draft(me, street, clock):
    project = street.filled()
    clock(at("2024-12-31"))

    page = me.get(f"/projects/{project.key}/").content.decode()
    renewal = me.get(f"/projects/{project.key}/renewal/").content.decode()
    pressed = me.post(f"/projects/{project.key}/renewal/")

    assert "这件事现在暂停申报" in page
    assert "这件事现在暂停申报" in renewal
    assert pressed.status_code == 409


def test_a_draft_is_deleted_and_a_filed_project_is_not(me, street):
    draft, filed = street.draft(), street.filed()

    me.post(f"/projects/{draft.key}/deletion/")
    kept = me.post(f"/projects/{filed.key}/deletion/")

    assert kept.url == f"/projects/{filed.number}/"
    assert list(Project.objects.all()) == [filed]


def test_the_address_of_a_draft_leads_on_once_it_is_filed(me, street):
    project = street.filed()

    for path in ("", "situation/", "check/", "renewal/"):
        assert me.get(f"/projects/{project.key}/{path}").url == f"/projects/{project.number}/"


def test_staff_without_a_name_of_their_own_cannot_begin(client, street, clock):
    clock(MONDAY)
    client.force_login(street.heads["市场监督管理局"], backend="apps.accounts.backends.RoleBackend")

    assert "这个账号不能申请" in client.get("/bundles/CANYIN/application/").content.decode()


def test_discarded_means_gone(street):
    project = street.filled()

    actions.discard_project(project)

    assert not ProjectFile.objects.exists()


class HugeBody(io.RawIOBase):
    """A form with one file of 200 MB, as a browser would send it; nobody ever holds it whole."""

    SIZE = 200 * 1024 * 1024

    def __init__(self, typed: dict[str, str], name: str):
        parts = [
            f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in typed.items()
        ]
        parts.append(
            f'--x\r\nContent-Disposition: form-data; name="{name}"; filename="大图.png"\r\n'
            "Content-Type: image/png\r\n\r\n"
        )
        self.head, self.left, self.tail = "".join(parts).encode(), self.SIZE, b"\r\n--x--\r\n"
        self.length = len(self.head) + self.left + len(self.tail)

    def read(self, size: int = -1) -> bytes:
        if self.head:
            piece, self.head = self.head[:size], self.head[size:]
        elif self.left:
            piece = bytes(min(size, self.left))
            self.left -= len(piece)
        else:
            piece, self.tail = self.tail[:size], self.tail[size:]
        return piece


def post_huge(client, address: str, typed: dict[str, str], name: str = "file-1"):
    body = HugeBody(typed, name)
    return client.generic(
        "POST", address,
        **{"wsgi.input": body, "CONTENT_LENGTH": str(body.length), "CONTENT_TYPE": "multipart/form-data; boundary=x"},
    )  # fmt: skip
