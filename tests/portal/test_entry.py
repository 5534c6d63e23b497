"""The doors: signing in, registering, the second factor, the account; and forms that came after the session ended."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django_otp.oath import totp

from apps.accounts import actions
from apps.accounts.models import Applicant, AuditEntry, Mandate, User
from apps.accounts.roles import Role
from tests.cast import PASSWORD, SINCE, make_user

pytestmark = pytest.mark.django_db

NEW = "Chunfeng-2026"
PERSON = {
    "name": "罗大明", "number": "51999920080229123X", "phone": "13800000009", "username": "luodaming",
    "password": NEW, "again": NEW, "agreed": "on",
}  # fmt: skip


def test_signing_in_leads_a_citizen_home_and_is_noted(client, citizen):
    answer = client.post("/login/", {"username": "wangxm", "password": PASSWORD})

    assert (answer.status_code, answer.url) == (302, "/")
    assert AuditEntry.objects.get(kind=AuditEntry.Kind.SIGNED_IN).user == citizen


def test_signing_in_goes_on_to_where_one_was_going(client, citizen):
    answer = client.post("/login/", {"username": "wangxm", "password": PASSWORD, "next": "/cases/"})

    assert answer.url == "/cases/"


def test_signing_in_never_leads_to_another_site(client, citizen):
    answer = client.post(
        "/login/", {"username": "wangxm", "password": PASSWORD, "next": "https://example.org/"}
    )

    assert answer.url == "/"


def test_a_wrong_password_says_so_and_keeps_the_name(client, citizen):
    answer = client.post("/login/", {"username": "wangxm", "password": "wrong"})

    page = answer.content.decode()
    assert answer.status_code == 422
    assert "用户名或密码不对" in page
    assert 'value="wangxm"' in page
    assert AuditEntry.objects.get(kind=AuditEntry.Kind.SIGN_IN_FAILED).subject == "wangxm"


def test_a_personal_number_typed_as_a_name_is_masked_in_the_log(client, citizen):
    client.post("/login/", {"username": "519999199001010017", "password": "wrong"})

    assert AuditEntry.objects.get(kind=AuditEntry.Kind.SIGN_IN_FAILED).subject == "5199**********0017"


def test_what_is_too_long_or_unreadable_is_said_by_its_name(client):
    page = client.post(
        "/register/", {**PERSON, "name": "罗" * 61, "username": "luo\x00ming"}
    ).content.decode()

    assert "姓名最多 60 字，现在有 61 字，请删减。" in page
    assert "用户名里有看不见的字符，请删掉重新填写。" in page
    assert not User.objects.filter(name__startswith="罗").exists()


def test_five_wrong_passwords_lock_the_account_with_a_sentence(client, citizen):
    answers = [client.post("/login/", {"username": "wangxm", "password": "wrong"}) for _ in range(5)]

    locked = client.post("/login/", {"username": "wangxm", "password": PASSWORD})
    assert [answer.status_code for answer in answers[:4]] == [422] * 4
    assert locked.status_code == 429
    assert "15 分钟" in locked.content.decode()


@pytest.mark.parametrize(
    ("role", "face"),
    [
        (Role.CLERK, "/console/cases/"),
        (Role.APPROVER, "/console/cases/"),
        (Role.VILLAGE_AGENT, "/agent/"),
        (Role.SUPERVISOR, "/dashboard/"),
        (Role.AUDITOR, "/dashboard/"),
        (Role.SYSTEM_ADMIN, "/account/"),
    ],
)
def test_staff_come_to_the_face_where_they_work(client, county, role, face):
    make_user("worker", "周敏", role, point=None if role == Role.SYSTEM_ADMIN else county)

    client.post("/login/", {"username": "worker", "password": PASSWORD})
    answer = client.get("/workplace/")

    assert answer.url == face


def test_an_administrator_sets_up_a_second_factor_first(client, city):
    admin = make_user("admin2", "郑凯", Role.CENTRE_ADMIN, point=city)
    User.objects.filter(pk=admin.pk).update(is_sample=False, password_changed_at=timezone.now())

    first = client.post("/login/", {"username": "admin2", "password": PASSWORD})
    shown = client.get("/login/code/").content.decode()
    refused = client.post("/login/code/", {"token": "000000"})
    device = admin.totpdevice_set.get()
    device.throttling_failure_count = 0
    device.save()
    passed = client.post("/login/code/", {"token": f"{totp(device.bin_key):06d}"})

    assert first.url == "/login/code/"
    assert "验证器" in shown
    assert refused.status_code == 422
    assert (passed.status_code, passed.url) == (302, "/workplace/")
    assert client.session.get_expiry_age() == 15 * 60


def test_the_second_step_is_closed_to_whoever_skipped_the_first(client, db):
    assert client.get("/login/code/").status_code == 404


def test_an_old_staff_password_is_changed_before_anything_is_seen(client, county):
    clerk = make_user("clerk9", "周敏", Role.CLERK, point=county)
    User.objects.filter(pk=clerk.pk).update(
        is_sample=False, password_changed_at=timezone.now() - timedelta(days=91)
    )

    first = client.post("/login/", {"username": "clerk9", "password": PASSWORD})
    too_plain = client.post("/login/password/", {"password": "abcdefghij", "again": "abcdefghij"})
    changed = client.post("/login/password/", {"password": NEW, "again": NEW})

    assert first.url == "/login/password/"
    assert too_plain.status_code == 422
    assert changed.url == "/workplace/"
    assert User.objects.get(pk=clerk.pk).check_password(NEW)


def test_registering_opens_an_account_for_a_checked_number(client, db):
    answer = client.post("/register/", PERSON)

    applicant = Applicant.objects.get(user__username="luodaming")
    assert answer.status_code == 302
    assert (applicant.name, applicant.number) == ("罗大明", "51999920080229123X")


@pytest.mark.parametrize("name", ["㐂田", "𠮷野家", "阿依古丽·买买提", "张〇"])
def test_rare_names_are_taken_as_they_are(client, db, name):
    client.post("/register/", PERSON | {"name": name})

    assert User.objects.get(username="luodaming").name == name


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"number": "519999200802291230"}, "校验位不对"),
        ({"number": "5199992008022912"}, "应为18位"),
        ({"number": "519999200802301234"}, "出生日期不存在"),
        ({"name": "罗大明😀"}, "姓名里有数字、表情或其他符号"),
        ({"phone": "1380000"}, "电话号码不对"),
        ({"username": "a b"}, "用户名要 4 至 30 位"),
        ({"password": "1234567890", "again": "1234567890"}, "密码"),
        ({"again": "Other-2026-pass"}, "两次填的密码不一样"),
        ({"agreed": ""}, "请先看个人信息处理告知"),
    ],
)
def test_a_registration_with_a_fault_says_which_and_loses_nothing(client, db, wrong, sentence):
    answer = client.post("/register/", PERSON | wrong)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert f'value="{(PERSON | wrong)["phone"]}"' in page
    assert not User.objects.filter(username="luodaming").exists()


def test_a_number_is_registered_once(client, citizen):
    answer = client.post("/register/", PERSON | {"number": "519999199001010017", "name": "王小明"})

    assert answer.status_code == 422
    assert "已注册" in answer.content.decode()


def test_an_enterprise_is_registered_by_its_first_administrator(client, citizen):
    client.force_login(citizen)
    facts = {
        "kind": "2", "name": "资阳江畔餐饮有限公司", "code": "91519999ma00000158", "phone": "028-26000001", "address": "滨江路",
    }  # fmt: skip

    answer = client.post("/account/organisation/", facts)
    wrong = client.post("/account/organisation/", facts | {"code": "91519999MA00000159"})

    company = Applicant.objects.get(kind="2")
    assert answer.status_code == 302
    assert company.number == "91519999MA00000158"
    assert Mandate.objects.get(principal=company).is_company_admin
    assert wrong.status_code == 422
    assert "校验位不对" in wrong.content.decode()


def test_a_mandate_is_given_and_revoked_at_once(client, citizen, other_citizen, food_permit):
    client.force_login(citizen)
    facts = {
        "principal": citizen.applicant.pk, "kind": "agent", "username": "chenyf", "name": "陈玉芳", "items": food_permit.name, "until": "",
    }  # fmt: skip

    given = client.post("/account/mandate/", facts)
    mandate = Mandate.objects.get(agent=other_citizen)
    revoked = client.post(f"/account/mandates/{mandate.pk}/revocation/")
    mandate.refresh_from_db()

    assert (given.status_code, revoked.status_code) == (302, 302)
    assert mandate.item_codes == [food_permit.code]
    assert mandate.revoked_at is not None


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": "别人"}, "没有找到这个用户名和姓名的人"),
        ({"items": "没有的事项"}, "没有叫“没有的事项”的事项"),
    ],
)
def test_a_mandate_with_a_fault_says_which(client, citizen, other_citizen, wrong, sentence):
    client.force_login(citizen)
    facts = {
        "principal": citizen.applicant.pk,
        "kind": "agent",
        "username": "chenyf",
        "name": "陈玉芳",
        "items": "",
    }

    answer = client.post("/account/mandate/", facts | wrong)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_nobody_gives_or_revokes_a_mandate_of_others(client, citizen, other_citizen, company):
    client.force_login(other_citizen)
    facts = {"principal": company.pk, "kind": "agent", "username": "wangxm", "name": "王小明", "items": ""}

    given = client.post("/account/mandate/", facts)
    revoked = client.post(f"/account/mandates/{Mandate.objects.get(principal=company).pk}/revocation/")

    assert (given.status_code, revoked.status_code) == (422, 404)


def test_the_last_administrator_cannot_leave(client, citizen, company):
    client.force_login(citizen)

    answer = client.post(f"/account/mandates/{Mandate.objects.get(principal=company).pk}/revocation/")

    assert answer.status_code == 409
    assert "至少要保留一名企业管理员" in answer.content.decode()


def test_the_account_shows_the_number_masked(client, citizen):
    client.force_login(citizen)

    page = client.get("/account/").content.decode()

    assert "5199**********0017" in page
    assert "519999199001010017" not in page


def test_changing_a_password_needs_the_old_one(client, citizen):
    client.force_login(citizen)

    refused = client.post("/account/password/", {"old": "wrong", "password": NEW, "again": NEW})
    changed = client.post("/account/password/", {"old": PASSWORD, "password": NEW, "again": NEW})

    assert (refused.status_code, changed.status_code) == (422, 302)
    assert client.get("/account/").status_code == 200
    assert User.objects.get(pk=citizen.pk).check_password(NEW)


def test_staff_switch_between_their_assignments(client, county, other_county):
    worker = make_user("worker", "周敏", Role.CLERK, point=county)
    second = actions.assign(
        worker, Role.VILLAGE_AGENT, point=other_county, department=None, on=SINCE, by=None, at=timezone.now()
    )
    client.force_login(worker)

    client.post("/assignment/", {"assignment": second.pk})

    assert client.get("/workplace/").url == "/agent/"
    assert client.post("/assignment/", {"assignment": 999999}).status_code == 404


# ── too late: the session or its token ran out while a form was being filled ─────────────────────────
def test_a_form_sent_after_the_session_ended_is_kept_through_the_sign_in(citizen, draft):
    client = Client()
    typed = {"shop_name": "江畔小吃店", "address": "滨江路 18 号", "next": "check"}

    late = client.post(f"/drafts/{draft.key}/", typed)
    kept = re.search(r'name="kept" value="([^"]+)"', late.content.decode())[1]
    asked = client.post("/login/", {"step": "keep", "kept": kept, "next": f"/drafts/{draft.key}/"})
    back = client.post("/login/", {"username": "wangxm", "password": PASSWORD, "kept": kept})

    page = back.content.decode()
    assert late.status_code == 401
    assert "刚才填的内容还在" in late.content.decode()
    assert "刚才填的内容已经留住" in asked.content.decode()
    assert f'action="/drafts/{draft.key}/"' in page
    assert 'name="shop_name" value="江畔小吃店"' in page


def test_a_kept_form_that_was_tampered_with_is_dropped(client, citizen):
    answer = client.post("/login/", {"username": "wangxm", "password": PASSWORD, "kept": "forged"})

    assert answer.status_code == 302


def test_passwords_are_never_kept(client, db):
    late = client.post("/account/password/", {"old": "secret-one", "password": "secret-two", "again": "x"})

    assert late.status_code == 401
    assert "secret-two" not in late.content.decode()


def test_a_token_out_of_date_offers_the_form_again(citizen, draft):
    client = Client(enforce_csrf_checks=True, headers={"origin": "http://testserver"})
    client.force_login(citizen)
    client.get("/account/")

    answer = client.post(
        f"/drafts/{draft.key}/", {"shop_name": "江畔小吃店", "csrfmiddlewaretoken": "x" * 64}
    )

    page = answer.content.decode()
    assert answer.status_code == 403
    assert "刚才填的内容还在" in page
    assert 'name="shop_name" value="江畔小吃店"' in page


def test_a_form_from_another_site_is_not_offered_again(citizen, draft):
    client = Client(enforce_csrf_checks=True, headers={"origin": "https://evil.example"})
    client.force_login(citizen)
    client.get("/account/")

    answer = client.post(f"/drafts/{draft.key}/", {"shop_name": "伪造", "csrfmiddlewaretoken": "x" * 64})

    assert answer.status_code == 403
    assert "伪造" not in answer.content.decode()


def test_the_session_can_be_kept_alive(client, citizen):
    client.force_login(citizen)

    assert client.post("/session/").json()["seconds"] > 1700


def test_a_choice_of_display_is_one_of_those_offered(client, db):
    answer = client.post("/display/", {"theme": "pink", "mode": "elder", "next": "https://example.org"})

    assert answer.url == "/"
    assert answer.cookies["mode"].value == "elder"
    assert "theme" not in answer.cookies


def test_the_display_may_be_chosen_before_the_sign_in(client, db):
    answer = client.post("/display/", {"mode": "elder", "next": "/login/"})

    assert (answer.status_code, answer.headers["Location"]) == (302, "/login/")


@pytest.mark.parametrize(("path", "status"), [("/nowhere/", 404), ("/logout/", 405)])
def test_errors_are_told_in_words(client, db, path, status):
    answer = client.get(path)

    assert answer.status_code == status
    assert "96196" in answer.content.decode()
