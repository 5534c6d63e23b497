"""The sample hall: what the loader makes of the facts, that it makes it once, and who can sign in."""

import json
import stat
from collections import Counter
from io import StringIO

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command

from apps.accounts.identity import clean_credit_code, clean_id_number
from apps.accounts.models import Applicant, User
from apps.accounts.roles import Role
from apps.calendars.models import CalendarYear
from apps.cases.routing import route
from apps.items.models import Item, Offering
from apps.points import actions as points
from apps.points.models import Department, HallRules, Kind, Level, ServicePoint
from apps.windows.models import Window
from config.sampling import hall, passwords
from config.sampling.accounts import accounts

from .conftest import LOADED_AT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sample_hall")]


def point(path):
    return ServicePoint.objects.get(path=path)


def test_the_tree_departments_and_windows_are_complete():
    city = point("5120")

    assert Counter(ServicePoint.objects.values_list("level", flat=True)) == {
        "3": 1, "4": 4, "5": 178, "6": 2992
    }  # fmt: skip
    assert Department.objects.filter(point=city).count() == 38
    assert city.windows.count() == 38
    for county in city.children.all():
        assert (county.departments.count(), county.windows.count()) == (30, 33)
    assert Window.objects.filter(point=city, types__contains=["approval"]).count() == 28


def test_every_place_stands_under_its_own_and_every_village_under_a_township():
    for place in ServicePoint.objects.exclude(level=Level.CITY).select_related("parent"):
        assert Level(place.level).above == place.parent.level
        assert place.code.startswith(place.parent.path)
        assert place.address and place.phone and place.phone != place.complaint_phone


def test_nineteen_of_twenty_villages_have_an_agent_point():
    villages = ServicePoint.objects.filter(level=Level.VILLAGE)

    assert round(100 * villages.built().count() / villages.count(), 2) == 95.22


def test_the_catalogue_is_on_offer_and_the_shelved_samples_are_not():
    assert Item.objects.on_offer().count() == 228
    made_up = Item.objects.filter(is_sample=True)
    assert Counter(made_up.values_list("state", flat=True)) == {"shelved": 6, "bundle_only": 11}
    assert Counter(Item.objects.on_offer().values_list("level", flat=True)) == {"4": 174, "5": 28, "6": 26}
    assert Item.objects.search("开小吃店").first().code == "CG015"
    assert Item.objects.search("spjyxk").first().code == "CG015"


@pytest.mark.parametrize(("kind", "number"), [(Kind.VILLAGE, 12), (Kind.COMMUNITY, 14)])
def test_a_village_offers_exactly_its_list(kind, number):
    for place in ServicePoint.objects.filter(kind=kind).order_by("?")[:5]:
        offered = Offering.objects.at(place)

        assert offered.count() == number
        assert {row.authority for row in offered} == {Offering.Authority.COLLECT}


def test_counties_and_townships_offer_their_own_and_what_they_take_in():
    county, township = Offering.objects.at(point("512002")), Offering.objects.at(point("512002103"))

    assert county.count() == 174
    assert township.filter(item__level=Level.TOWNSHIP, authority="decide").count() == 28
    assert set(township.exclude(item__level=Level.TOWNSHIP).values_list("authority", flat=True)) == {
        "receive"
    }


def test_every_item_has_a_way_from_where_it_is_offered_to_whoever_decides():
    somewhere = [point(path) for path in ("512002", "512002103", "512002103214", "512002001001")]
    for item in Item.objects.on_offer().select_related("hands_up_to"):
        ways = [way for place in somewhere if (way := route(item, place))]

        assert ways, item
        for way in ways:
            assert (way.department is None) == (way.point.level == Level.TOWNSHIP)


def test_what_a_village_collects_goes_to_whoever_decides_the_item_itself():
    low_income, flat = Item.objects.get(code="CJ001"), Item.objects.get(code="SQ013")

    assert route(low_income, point("512002103214")).point == point("512002103")
    assert route(flat, point("512002001001")).department.name == "雁江区住房和城乡建设局"
    assert route(low_income, point("512002001001")) is None  # a village's item, not a community's


def test_calendars_rules_and_privacy_notice_are_there():
    assert CalendarYear.objects.filter(state="published").count() >= 4
    assert HallRules.objects.get().is_historic_sample


def counts():
    models = [ServicePoint, Department, Window, Item, Offering, User, Applicant]
    return [model.objects.count() for model in models]


def test_loading_again_changes_nothing():
    before, typed = counts(), passwords.read()

    call_command("load_sample", "--hall", stdout=StringIO())

    assert (counts(), passwords.read()) == (before, typed)


def test_lost_passwords_are_made_anew(client, sample_hall):
    kept = passwords.path().read_text()
    passwords.path().unlink()
    assert "口令文件不在" in accounts()[0]["password"]

    hall.load(at=LOADED_AT)

    assert sign_in(client, accounts()[0]).status_code == 302
    passwords.path().write_text(kept)


# -- who can sign in


def sign_in(client, account):
    facts = {"username": account["username"], "password": account["password"]}
    return client.post("/login/", facts)


def test_every_demo_account_can_sign_in_and_none_is_asked_for_more(client):
    for account in accounts():
        assert sign_in(client, account).url not in ("/login/code/", "/login/password/")
        assert client.get("/account/").status_code == 200, account
        client.logout()


def test_the_accounts_cover_every_role_and_are_printed_as_a_table_and_as_json():
    table, listed = StringIO(), StringIO()
    call_command("demo_accounts", stdout=table)
    call_command("demo_accounts", "--json", stdout=listed)

    found = json.loads(listed.getvalue())
    assert {account["role"] for account in found} == {*Role.labels, "自然人", "企业经办人"}
    assert set(found[0]) >= {"role", "username", "password", "name", "place"}
    assert all(f"{a['username']} " in table.getvalue() and a["password"] in table.getvalue() for a in found)
    assert 20 <= len(found) <= 45


def test_passwords_are_strong_and_lie_only_in_a_file_of_the_owner():
    typed = passwords.read()

    assert stat.S_IMODE(passwords.path().stat().st_mode) == 0o600
    for username, password in typed.items():
        user = User.objects.get(username=username)
        validate_password(password, user)
        assert user.check_password(password)
        assert password not in user.password
    others = User.objects.exclude(username__in=typed)
    assert not any(user.has_usable_password() for user in others)


def test_nobody_in_the_sample_has_a_number_that_exists():
    for applicant in Applicant.objects.all():
        clean = clean_id_number if applicant.is_person else clean_credit_code
        assert clean(applicant.number) == applicant.number
        assert applicant.number[0 if applicant.is_person else 2 :].startswith("519999")


def test_only_departments_and_townships_hold_letters_to_decide():
    for user in User.objects.filter(authorisations__isnull=False).distinct():
        assert {a.role for a in user.assignments.all()} <= {
            Role.APPROVER, Role.WINDOW_HEAD, Role.TOWNSHIP_DIRECTOR
        }  # fmt: skip


# -- another database


def test_a_hall_of_ones_own_is_left_alone():
    HallRules.objects.all().delete()

    with pytest.raises(CommandError, match="只能载入空数据库"):
        call_command("load_sample", "--hall", stdout=StringIO())


def test_without_a_sample_hall_there_is_no_history_and_nobody_to_list():
    HallRules.objects.all().delete()
    User.objects.filter(is_sample=True).update(is_sample=False)
    said = StringIO()

    call_command("load_sample", "--history", stdout=said)
    call_command("demo_accounts", stdout=said)

    assert "没有演示大厅" in said.getvalue()
    with pytest.raises(points.NotAllowed):
        points.open_point(
            level=Level.CITY, code="512000000000", region="资阳市", name="再设一个", parent=None
        )
