"""人员: numbers, encryption, registration, mandates, roles, the audit."""

import re
from datetime import date, timedelta

import pytest
from cryptography.exceptions import InvalidTag
from django.conf import settings
from django.contrib.auth.models import Permission
from django.contrib.auth.password_validation import get_password_validators
from django.core.exceptions import ValidationError
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from apps.accounts import actions, identity
from apps.accounts.fields import blind_index, seal, unseal
from apps.accounts.models import Applicant, AuditEntry
from apps.accounts.roles import CENTRE_ROLES, PERMISSIONS, Role
from tests.cast import BEFORE, PASSWORD, at
from tests.races import at_once

DAY = date(2026, 3, 2)


@pytest.mark.parametrize(
    "number",
    [
        "11010519491231002X",
        "440524188001010014",
        "519999199001010017",
        "51999920080229123x",
        " 519999 197512314021 ",
    ],
)
def test_right_id_numbers_pass(number):
    assert len(identity.clean_id_number(number)) == 18


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("519999199001010018", "校验位不对"),
        ("519999199002300017", "出生日期不存在"),
        ("5199991990010100", "应为18位"),
        ("", "应为18位"),
        ("51999919900101001A", "应为18位"),
    ],
)
def test_wrong_id_numbers_get_a_sentence(number, sentence):
    with pytest.raises(identity.BadNumber, match=sentence):
        identity.clean_id_number(number)


def test_nobody_is_born_after_today():
    born = date(1990, 1, 1)

    assert identity.clean_id_number("519999199001010017", on=born) == "519999199001010017"
    with pytest.raises(identity.BadNumber, match="出生日期不合常理"):
        identity.clean_id_number("519999199001010017", on=born - timedelta(days=1))


@pytest.mark.parametrize(
    "code",
    [
        "91350100M000100Y43",
        "91519999MA00000158",
        "92519999MA00000230",
        "11519999000000019R",
        "52519999MJ00000183",
    ],
)
def test_right_credit_codes_pass(code):
    assert identity.clean_credit_code(code.lower()) == code


@given(st.integers(0, 16), st.sampled_from("0123456789"))
def test_one_wrong_digit_never_passes_as_an_id_number(place, digit):
    number = "519999199001010017"
    changed = number[:place] + digit + number[place + 1 :]

    if changed == number:
        assert identity.clean_id_number(changed) == number
    else:
        with pytest.raises(identity.BadNumber):
            identity.clean_id_number(changed)


@given(st.integers(0, 16), st.sampled_from(identity.CREDIT_ALPHABET))
def test_one_wrong_character_never_passes_as_a_credit_code(place, character):
    code = "91519999MA00000158"
    changed = code[:place] + character + code[place + 1 :]

    if changed != code:
        with pytest.raises(identity.BadNumber):
            identity.clean_credit_code(changed)


def test_masks_show_what_is_needed_only():
    assert identity.mask_number("519999199001010017") == "5199**********0017"
    assert [identity.mask_name(name) for name in ("张三", "王小明", "欧阳小明")] == ["张*", "王*明", "欧**明"]
    assert identity.mask_phone("13800000000") == "138****0000"


def test_a_number_is_sealed_in_the_database_and_found_by_its_key(citizen):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT number, number_key FROM accounts_applicant WHERE id = %s", [citizen.applicant.pk]
        )
        cell, key = cursor.fetchone()

    assert b"519999" not in bytes(cell)
    assert key == blind_index("519999199001010017")
    assert Applicant.objects.with_number("519999199001010017").get().number == "519999199001010017"


@given(st.text(min_size=1))
def test_what_is_sealed_opens_again_and_never_looks_the_same(text):
    assert unseal(seal(text)) == text
    assert seal(text) != seal(text)


def test_a_cell_that_was_tampered_with_does_not_open():
    cell = bytearray(seal("519999199001010017"))
    cell[-1] ^= 1

    with pytest.raises(InvalidTag):
        unseal(bytes(cell))


def register(number="519999199303030001", username="newcomer", **more):
    facts = {"password": PASSWORD, "name": "赵新", "phone": "13800000007", "at": at("2026-03-02"), **more}
    return actions.register_person(username=username, number=number, **facts)


def test_one_id_number_makes_one_account(citizen):
    with pytest.raises(actions.NotAllowed, match="该身份证号已注册"):
        register(number="519999199001010017", name="王小明", phone="13800000001")


def test_a_walk_in_of_earlier_days_finds_the_old_cases_by_name_number_and_phone(at_the_counter):
    with pytest.raises(actions.NotAllowed, match="与窗口登记的姓名、手机号不一致"):
        register(number="51999920080229123X", name="罗大明", phone="13899999999")

    user = register(number="51999920080229123X", name="罗大明", phone="13800000004")

    assert user.applicant == at_the_counter.applicant


@pytest.mark.django_db(transaction=True)
def test_two_counters_that_enter_one_person_at_once_find_one_applicant():
    facts = {
        "kind": "1",
        "name": "罗桂英",
        "number": "519999194909300089",
        "phone": "",
        "at": at("2026-03-02"),
    }

    found = at_once(4, lambda which: actions.note_applicant(**facts))

    assert len({applicant.pk for applicant in found}) == 1


@pytest.mark.django_db(transaction=True)
def test_registering_twice_at_once_makes_one_account():
    results = at_once(4, lambda which: register(number="519999197512314021", username=f"twin{which}"))

    assert sum(not isinstance(result, Exception) for result in results) == 1
    assert all(isinstance(result, actions.NotAllowed) for result in results if isinstance(result, Exception))
    assert Applicant.objects.count() == 1


def test_a_mandate_covers_its_items_and_time_only(citizen, other_citizen, company):
    mandate = actions.give_mandate(
        company, agent=other_citizen, kind="representative", on=DAY, until=date(2026, 6, 30), at=at("2026-03-02"),
        by=citizen, item_codes=["XK900"],
    )  # fmt: skip

    assert mandate.covers("XK900", on=DAY)
    assert not mandate.covers("XK901", on=DAY)
    assert not mandate.covers("XK900", on=date(2026, 7, 1))
    assert not mandate.covers("XK900", on=date(2026, 3, 1))


def test_only_the_principal_or_an_administrator_gives_a_mandate(other_citizen, company):
    with pytest.raises(actions.NotAllowed, match="只有委托人本人"):
        actions.give_mandate(
            company,
            agent=other_citizen,
            kind="representative",
            on=DAY,
            until=None,
            at=at("2026-03-02"),
            by=other_citizen,
        )


def test_a_company_keeps_an_administrator(citizen, company):
    with pytest.raises(actions.NotAllowed, match="至少要保留一名企业管理员"):
        actions.revoke_mandate(company.mandates_given.get(), by=citizen, at=at("2026-03-02"), on=DAY)


def test_permissions_follow_the_current_role_and_end_with_it(clerk, county, market_bureau):
    clerk.acting = None
    assert not clerk.has_perm("cases.decide_case")
    head = actions.assign(
        clerk,
        Role.WINDOW_HEAD,
        point=county,
        department=market_bureau,
        on=date(2026, 1, 1),
        until=None,
        by=None,
        at=BEFORE,
    )
    clerk.__dict__.pop("_assignments_on", None)
    assert clerk.has_perm("cases.decide_case")

    clerk.acting = clerk.assignments.get(role=Role.CLERK)
    assert not clerk.has_perm("cases.decide_case")
    clerk.acting = head
    assert clerk.has_perm("cases.decide_case")


def test_the_same_role_at_one_place_only_once_at_a_time(clerk, county, market_bureau):
    with pytest.raises(actions.NotAllowed, match="已经担任窗口工作人员"):
        actions.assign(
            clerk, Role.CLERK, point=county, department=market_bureau, on=DAY, by=None, at=at("2026-03-02")
        )


def test_no_role_of_the_centre_may_decide():
    assert all("cases.decide_case" not in PERMISSIONS[role] for role in CENTRE_ROLES)
    assert all("cases.decide_case" not in PERMISSIONS[role] for role in (Role.AUDITOR, Role.SYSTEM_ADMIN))


def test_a_system_administrator_sees_no_case():
    assert not any(name.startswith("cases.") for name in PERMISSIONS[Role.SYSTEM_ADMIN])


def test_every_permission_of_the_table_exists(db, django_user_model):
    known = {
        f"{p.content_type.app_label}.{p.codename}" for p in Permission.objects.select_related("content_type")
    }
    assert set().union(*PERMISSIONS.values()) <= known


def test_the_audit_is_written_once(clerk):
    entry = actions.audit(AuditEntry.Kind.EXPORTED, by=clerk, at=at("2026-03-02"))

    with pytest.raises(Exception, match="Cannot update or delete"):
        AuditEntry.objects.filter(pk=entry.pk).delete()


@pytest.mark.parametrize(
    "password", ["", "a", "Short-1", "password123", "wangxm12345", "aaaaaaaaaaaa", PASSWORD]
)
def test_what_is_wrong_with_a_password_is_said_in_chinese(citizen, password):
    citizen = actions.change_password(citizen, "Yizhan-2027", at=at("2026-03-02"))
    sentences = []
    for validator in get_password_validators(settings.AUTH_PASSWORD_VALIDATORS):
        try:
            validator.validate(password, citizen)
        except ValidationError as error:
            sentences += error.messages

    assert sentences
    assert [text for text in sentences if re.search("[A-Za-z]", text)] == []
