"""The cast: a small world with one person per role, by name. Everything is made through the actions."""

from datetime import date, datetime
from io import StringIO
from zoneinfo import ZoneInfo

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.accounts import actions as accounts
from apps.accounts.models import Applicant, Mandate, PrivacyNotice, User
from apps.accounts.roles import Role
from apps.cases import actions
from apps.cases.models import Case
from apps.items import actions as items
from apps.items.models import CaseKind, ItemType, Necessity, Offering
from apps.points import actions as points
from apps.points.models import Department, HallRules, Level
from apps.windows import actions as windows
from apps.windows.models import Authorisation, Window

SHANGHAI = ZoneInfo("Asia/Shanghai")
PASSWORD = "Yizhan-2026"
SINCE = date(2025, 1, 1)


def at(day: str, clock: str = "10:00") -> datetime:
    """A moment in Shanghai: at("2026-03-06", "15:30")."""
    return datetime.fromisoformat(f"{day}T{clock}:00").replace(tzinfo=SHANGHAI)


FRIDAY = at("2026-03-06", "15:30")
BEFORE = at("2025-01-01")

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\nIDATx\x9cc\x00\x01\x00\x00\x05\x00\x01\r\n-\xb4\x00\x00\x00\x00IEND\xaeB`\x82"
)


def a_scan(name: str = "扫描件.png", content: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/png")


@pytest.fixture
def calendar(db):
    call_command("load_calendars", verbosity=0, stdout=StringIO())


@pytest.fixture
def city(db):
    city = points.open_point(
        level=Level.CITY, code="512000000000", region="资阳市", name="资阳市政务服务中心", parent=None
    )
    HallRules.objects.create(point=city)
    return city


@pytest.fixture
def county(city):
    return points.open_point(
        level=Level.COUNTY, code="512002000000", region="雁江区", name="雁江区政务服务中心", parent=city
    )


@pytest.fixture
def other_county(city):
    return points.open_point(
        level=Level.COUNTY, code="512021000000", region="安岳县", name="安岳县政务服务中心", parent=city
    )


@pytest.fixture
def township(county):
    return points.open_point(
        level=Level.TOWNSHIP, code="512002105000", region="临江镇", name="临江镇便民服务中心", parent=county
    )


@pytest.fixture
def village(township):
    return points.open_point(
        level=Level.VILLAGE,
        code="512002105201",
        region="仁里村",
        name="仁里村便民服务代办点",
        parent=township,
    )


@pytest.fixture
def market_bureau(county):
    return Department.objects.create(
        point=county, code="SCJG", name="市场监督管理局", has_approval_office=True
    )


@pytest.fixture
def other_bureau(other_county):
    return Department.objects.create(point=other_county, code="SCJG", name="市场监督管理局")


@pytest.fixture
def window(county, market_bureau):
    return windows.open_window(
        county,
        number="A08",
        name="市场监督管理局窗口",
        types=[Window.Type.APPROVAL],
        department=market_bureau,
    )


FORM = [
    {"name": "shop_name", "label": "店铺名称", "kind": "text", "required": True, "max_length": 60},
    {"name": "address", "label": "经营场所", "kind": "text", "required": True, "max_length": 200},
    {"name": "remark", "label": "补充说明", "kind": "textarea", "required": False, "max_length": 2000},
]


def publish_item(
    code, name, *, level, kind=CaseKind.COMMITTED, days=3, statutory=20, on=SINCE, at_=BEFORE, **guide
):
    """A published item with three materials: required, tolerable, shared."""
    facts = {"type": guide.pop("type", ItemType.PERMIT), "synonyms": guide.pop("synonyms", [])}
    item = items.enter(code=code, name=name, level=level, **facts)
    materials = guide.pop(
        "materials",
        [
            {"name": "申请书", "form": "original", "originals": 1, "necessity": Necessity.REQUIRED},
            {"name": "经营场所平面图", "form": "original", "originals": 1, "necessity": Necessity.REQUIRED},
            {"name": "健康证明", "form": "copy", "copies": 1, "necessity": Necessity.TOLERABLE},
            {"name": "营业执照", "form": "copy", "copies": 1, "necessity": Necessity.SHARED},
        ],
    )
    version = items.draft_version(
        item,
        effective_on=on,
        materials=materials,
        kind=kind,
        committed_amount=days,
        statutory_amount=statutory,
        statutory_basis="行政许可法第四十二条",
        service_objects=["1", "2"],
        basis=[{"law": "食品安全法", "article": "第三十五条"}],
        conditions=["有与经营的食品相适应的场所"],
        steps=[{"name": "受理", "role": "窗口", "days": 1, "counted": True}],
        special_procedures=[{"kind": "现场踏勘", "name": "现场核查", "days": 5}],
        result_name=guide.pop("result_name", "食品经营许可证"),
        form_fields=guide.pop("form_fields", FORM),
        **guide,
    )
    items.publish(version, on=on, at=at_)
    item.refresh_from_db()
    return item


@pytest.fixture
def food_permit(county, market_bureau):
    """食品经营许可: online, no originals, promised in three working days."""
    item = publish_item(
        "XK900", "食品经营许可（含保健食品）", level=Level.COUNTY, synonyms=["开小吃店", "开餐馆"]
    )
    items.offer(
        item, scope=county, level=Level.COUNTY, authority=Offering.Authority.DECIDE, department=market_bureau
    )
    return item


@pytest.fixture
def permit_with_originals(county, market_bureau):
    item = publish_item(
        "XK901", "食品生产许可", level=Level.COUNTY, needs_originals=True, visits=1, online_depth=3, days=10
    )
    items.offer(
        item, scope=county, level=Level.COUNTY, authority=Offering.Authority.DECIDE, department=market_bureau
    )
    return item


@pytest.fixture
def village_item(county):
    """养老保险参保代办: collected in the village, decided by the township."""
    item = publish_item(
        "CJ900",
        "城乡居民养老保险参保代办",
        level=Level.VILLAGE,
        kind=CaseKind.AGENT,
        statutory=None,
        days=2,
        type=ItemType.PUBLIC_SERVICE,
        form_fields=[],
    )
    items.offer(item, scope=county, level=Level.VILLAGE, authority=Offering.Authority.COLLECT)
    items.offer(item, scope=county, level=Level.TOWNSHIP, authority=Offering.Authority.DECIDE)
    return item


@pytest.fixture
def privacy_notice(db):
    return PrivacyNotice.objects.create(
        version="2026-01", text="我们为办理您的申请处理个人信息。", published_on=SINCE
    )


def make_user(username, name, role=None, *, point=None, department=None) -> User:
    user = User(username=username, name=name, date_joined=BEFORE, password_changed_at=BEFORE, is_sample=True)
    user.set_password(PASSWORD)
    user.save()
    if role is not None:
        user.acting = accounts.assign(
            user, role, point=point, department=department, on=SINCE, by=None, at=BEFORE
        )
    return user


@pytest.fixture
def clerk(county, market_bureau):
    return make_user("clerk", "周敏", Role.CLERK, point=county, department=market_bureau)


@pytest.fixture
def colleague(county, market_bureau):
    """A second clerk of the same window."""
    return make_user("colleague", "吴桐", Role.CLERK, point=county, department=market_bureau)


@pytest.fixture
def window_head(county, market_bureau):
    """首席代表 of the bureau: approves steps, and decides with a letter."""
    user = make_user("head", "龙海涛", Role.WINDOW_HEAD, point=county, department=market_bureau)
    windows.authorise(
        user, point=county, department=market_bureau, power=Authorisation.Power.DECIDE, on=SINCE, until=None
    )
    return user


@pytest.fixture
def approver(county, market_bureau):
    user = make_user("approver", "何静", Role.APPROVER, point=county, department=market_bureau)
    windows.authorise(
        user, point=county, department=market_bureau, power=Authorisation.Power.DECIDE, on=SINCE, until=None
    )
    return user


@pytest.fixture
def clerk_of_another_county(other_county, other_bureau):
    return make_user("clerk2", "冯涛", Role.CLERK, point=other_county, department=other_bureau)


@pytest.fixture
def township_clerk(township):
    return make_user("tclerk", "谢芳", Role.CLERK, point=township)


@pytest.fixture
def township_director(township):
    user = make_user("director", "邓勇", Role.TOWNSHIP_DIRECTOR, point=township)
    windows.authorise(
        user, point=township, department=None, power=Authorisation.Power.DECIDE, on=SINCE, until=None
    )
    return user


@pytest.fixture
def village_agent(village):
    return make_user("agent", "李兰", Role.VILLAGE_AGENT, point=village)


@pytest.fixture
def centre_admin(city):
    return make_user("centre", "郑凯", Role.CENTRE_ADMIN, point=city)


@pytest.fixture
def supervisor(city):
    return make_user("supervisor", "韩雪", Role.SUPERVISOR, point=city)


@pytest.fixture
def leader(city):
    return make_user("leader", "唐宁", Role.LEADER, point=city)


@pytest.fixture
def auditor(city):
    return make_user("auditor", "曹阳", Role.AUDITOR, point=city)


@pytest.fixture
def system_admin(db):
    return make_user("sysadmin", "许磊", Role.SYSTEM_ADMIN)


@pytest.fixture
def citizen(db):
    return accounts.register_person(
        username="wangxm",
        password=PASSWORD,
        name="王小明",
        number="519999199001010017",
        phone="13800000001",
        at=BEFORE,
    )


@pytest.fixture
def other_citizen(db):
    return accounts.register_person(
        username="chenyf",
        password=PASSWORD,
        name="陈玉芳",
        number="519999197512314021",
        phone="13800000002",
        at=BEFORE,
    )


@pytest.fixture
def company(citizen):
    return accounts.register_enterprise(
        kind=Applicant.Kind.ENTERPRISE,
        name="资阳江畔餐饮有限公司",
        code="91519999MA00000158",
        phone="02826000001",
        address="雁江区滨江路18号",
        by=citizen,
        at=BEFORE,
        on=SINCE,
    )


@pytest.fixture
def villager(village_agent):
    """An old villager without an account, who has signed a mandate for the agent."""
    villager = accounts.note_applicant(
        kind=Applicant.Kind.PERSON, name="罗桂英", number="519999194909300089", phone="13800000003", at=BEFORE
    )
    accounts.give_mandate(
        villager,
        agent=village_agent,
        kind=Mandate.Kind.AGENT,
        on=SINCE,
        until=None,
        at=BEFORE,
        by=village_agent,
    )
    return villager


def fill(case: Case, *, by: User, at_: datetime) -> Case:
    """Fills the form and uploads every material of a draft that an acceptance needs."""
    actions.save_draft(case, form={"shop_name": "江畔小吃店", "address": "临江镇滨江路18号"}, at=at_)
    for material in case.materials.filter(necessity__in=(Necessity.REQUIRED, Necessity.TOLERABLE)):
        actions.attach(material, a_scan(), by=by, at=at_)
    return case


@pytest.fixture
def clock(monkeypatch):
    """For pages, which take the time themselves: clock(at("2026-03-05"))."""

    def set_to(moment: datetime) -> None:
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment)

    return set_to


@pytest.fixture
def count_queries(monkeypatch):
    """How many statements a page costs: count_queries(client, address, params)."""
    for held in ("config.context.FACTS_LIVE_FOR", "apps.portal.views.catalogue.COMMON_LIVES_FOR"):
        monkeypatch.setattr(held, 3600)
    cache.clear()  # what an earlier test left there could end between two counts

    def count(client, address, params=None) -> int:
        client.get(address, params)  # what is cached for everybody is cached by now
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address, params).status_code == 200
        return len(captured)

    return count
