"""A hall of any size, loaded by statements instead of verbs: only for measuring."""

from datetime import date, datetime
from io import StringIO
from zoneinfo import ZoneInfo

from django.core.management import call_command
from django.db import connection

from apps.accounts import actions as accounts
from apps.accounts.fields import seal
from apps.accounts.models import PrivacyNotice, User
from apps.accounts.roles import Role
from apps.cases import actions as cases
from apps.cases.models import Case, CaseMaterial, Channel
from apps.items import actions as items
from apps.items.models import Offering
from apps.points import actions as points
from apps.points.models import Department, HallRules, Level, ServicePoint

AT = datetime(2026, 3, 2, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
SINCE = date(2025, 1, 1)
SOUGHT = "欧阳沐晴"  # the name that is searched for: a page of it in scope, some elsewhere
ON_PAGE = 40  # cases of the citizen, and of the name sought, at every size
COUNTIES = (("512002", "雁江区"), ("512021", "安岳县"), ("512022", "乐至县"), ("512081", "简阳市"))
DEPARTMENTS = 30

LOAD_CASES = """
INSERT INTO cases_case (key, number, item_id, version_id, kind, intake_point_id, intake_path, point_id, path,
    department_id, channel, applicant_id, applicant_name, applicant_mask, contact_name, contact_phone, filed_by_id,
    summary, form, privacy_notice, status, created_at, saved_at, submitted_at, received_on, notices_sent, accepted_on,
    is_deemed_accepted, committed_amount, committed_unit, statutory_amount, statutory_unit, due_on, statutory_due_on,
    calendar_missing, yellow_on, pause_kind, stops_statutory, review_opinion, decided_on, decided_by_id, used_days,
    decision_reasons, decision_remedies, result_number, delivered_on, delivery_way, delivery_proof, archive_number, closed_on, fees_due,
    visits, desk_due_on, is_sample, notice_due_on, pre_review_due_on,
    extension_amount, is_tolerated, has_promise, archive_box)
SELECT gen_random_uuid(), left(d.path, 6) || to_char(s.day, 'YYYYMMDD') || lpad((n %% 100000)::text, 5, '0') || (n %% 10),
    %(item)s, %(version)s, 'committed', d.point_id, d.path, d.point_id, d.path, d.id, '2', a.id, a.name,
    '5199**********' || a.last4, a.name, '', %(user)s, '', '{}', '2026-01', s.status, s.day, s.day, s.day, s.day, 0,
    CASE WHEN s.running OR s.ended THEN s.day + 1 END, false, 3, 'workday', 20, 'workday',
    CASE WHEN s.running OR s.ended THEN s.day + 5 END, CASE WHEN s.running OR s.ended THEN s.day + 29 END,
    false, CASE WHEN s.running THEN s.day + 4 END, '', false, '', CASE WHEN s.ended THEN s.day + 3 END,
    CASE WHEN s.ended THEN %(user)s END, 2, '', '', '',
    CASE WHEN s.ended THEN s.day + 4 END, '', '', CASE WHEN s.ended THEN n::text ELSE '' END,
    CASE WHEN s.ended THEN s.day + 4 END, false, 0,
    CASE WHEN s.running THEN s.day + 5 WHEN s.ended THEN date '9999-12-31' ELSE s.day + 1 END, false,
    CASE WHEN NOT s.running AND NOT s.ended THEN s.day + 7 END, CASE WHEN s.status = 'pre_submitted' THEN s.day + 1 END,
    0, false, false, ''
FROM generate_series(1::bigint, %(number)s) n
CROSS JOIN LATERAL (SELECT ((n * 7919) %% 100)::int AS share, date '2023-03-01' + ((n * 31) %% 1096)::int AS day) r
CROSS JOIN LATERAL (SELECT r.day, CASE WHEN r.share < 3 THEN 'pre_submitted' WHEN r.share < 5 THEN 'received'
    WHEN r.share < 9 THEN 'accepted' WHEN r.share < 12 THEN 'in_review' ELSE 'archived' END AS status,
    r.share BETWEEN 5 AND 11 AS running, r.share >= 12 AS ended) s
JOIN bench_departments d ON d.place = (n * 104729) %% %(departments)s
JOIN bench_applicants a ON a.place = n %% %(applicants)s
"""


def build(size: int) -> dict:
    """Migrates the current database and fills it. Gives back whom and what the pages are asked with."""
    call_command("migrate", verbosity=0)
    call_command("load_calendars", stdout=StringIO())
    world = _places()
    item = world["item"]
    clerk = _user("clerk", Role.CLERK, world["county"], world["departments"][0])
    citizen = accounts.register_person(
        username="citizen",
        password="x",
        name="王小明",
        number="519999199001010017",
        phone="13800000001",
        at=AT,
    )
    PrivacyNotice.objects.create(version="2026-01", text="个人信息处理告知", published_on=SINCE)
    _load(size, world, citizen, clerk)
    return {"clerk": clerk, "citizen": citizen, **world, "item": item}


def drafts(world: dict, number: int) -> list[Case]:
    """Complete drafts, ready to be submitted."""
    made = []
    for _ in range(number):
        case = cases.draft(
            world["item"],
            applicant=world["citizen"].applicant,
            at_point=world["county"],
            channel=Channel.ONLINE,
            by=world["citizen"],
            at=AT,
        )
        CaseMaterial.objects.filter(case=case).update(state=CaseMaterial.State.UPLOADED)
        made.append(case)
    return made


def _places() -> dict:
    city = points.open_point(
        level=Level.CITY, code="512000000000", region="资阳市", name="资阳市政务服务中心", parent=None
    )
    HallRules.objects.create(point=city)
    counties, departments = [], []
    for path, region in COUNTIES:
        county = points.open_point(
            level=Level.COUNTY,
            code=path.ljust(12, "0"),
            region=region,
            name=f"{region}政务服务中心",
            parent=city,
        )
        counties.append(county)
        departments += Department.objects.bulk_create(
            Department(point=county, code=f"D{n:02d}", name=f"第{n}局") for n in range(DEPARTMENTS)
        )
    item = items.enter(code="XK900", name="食品经营许可", type="01", level=Level.COUNTY)
    materials = [
        {"name": name, "form": "original", "necessity": "required"} for name in ("申请书", "平面图", "承诺书")
    ]
    version = items.draft_version(
        item,
        effective_on=SINCE,
        kind="committed",
        committed_amount=3,
        statutory_amount=20,
        materials=materials,
    )
    items.publish(version, on=SINCE, at=AT)
    for n, county in enumerate(counties):
        items.offer(
            item,
            scope=county,
            level=Level.COUNTY,
            authority=Offering.Authority.DECIDE,
            department=departments[n * DEPARTMENTS],
        )
    item.refresh_from_db()
    return {"city": city, "county": counties[0], "departments": departments, "item": item, "version": version}


def _user(username: str, role: str, point: ServicePoint, department: Department | None) -> User:
    user = User.objects.create(username=username, name=username, is_staff=True, date_joined=AT, password="!")
    accounts.assign(user, role, point=point, department=department, on=SINCE, by=None, at=AT)
    return User.objects.get(pk=user.pk)


def _load(size: int, world: dict, citizen: User, clerk: User) -> None:
    applicants = max(size // 3, 1_000)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE bench_departments AS SELECT row_number() OVER (ORDER BY d.id) - 1 AS place, d.id, "
            "d.point_id, p.path FROM points_department d JOIN points_servicepoint p ON p.id = d.point_id"
        )
        cursor.execute(
            "INSERT INTO accounts_applicant (kind, name, number, number_key, number_last4, phone, address, registered_at) "
            "SELECT '1', substr('王李张刘陈杨黄赵周吴', 1 + n %% 10, 1) || substr('伟芳娜敏静丽强磊军洋', 1 + n / 10 %% 10, 1) || "
            "substr('明华国建文玉红春秋云', 1 + n / 100 %% 10, 1), %s, 'bench-' || n, lpad((n %% 10000)::text, 4, '0'), "
            "'', '', now() FROM generate_series(1, %s) n",
            [seal("519999199001010017"), applicants],
        )
        cursor.execute(
            "CREATE TEMP TABLE bench_applicants AS SELECT row_number() OVER (ORDER BY id) - 1 AS place, id, name, "
            "number_last4 AS last4 FROM accounts_applicant WHERE number_key LIKE 'bench-%'"
        )
        cursor.execute("CREATE INDEX ON bench_applicants (place)")
        cursor.execute(
            LOAD_CASES,
            {
                "item": world["item"].pk, "version": world["version"].pk, "user": clerk.pk, "number": size,
                "departments": len(world["departments"]), "applicants": applicants,
            },
        )  # fmt: skip
        own = (citizen.applicant.pk, citizen.name, world["departments"][0].pk, ON_PAGE)
        mine = "SELECT id FROM cases_case WHERE department_id = %s ORDER BY id LIMIT %s"
        cursor.execute(
            f"UPDATE cases_case SET applicant_id = %s, applicant_name = %s WHERE id IN ({mine})", own
        )
        cursor.execute(
            f"UPDATE cases_case SET applicant_name = %s WHERE id IN ({mine} OFFSET {ON_PAGE})",
            (SOUGHT, world["departments"][0].pk, ON_PAGE),
        )
        cursor.execute(
            "UPDATE cases_case SET applicant_name = %s WHERE department_id <> %s AND id %% 20000 = 0",
            (SOUGHT, world["departments"][0].pk),
        )
        cursor.execute(
            "INSERT INTO cases_casematerial (case_id, material_id, seq, name, necessity, state, originals, copies) "
            "SELECT c.id, m.id, m.seq, m.name, m.necessity, 'uploaded', 0, 0 FROM cases_case c "
            "CROSS JOIN items_material m WHERE m.version_id = %s",
            [world["version"].pk],
        )
        cursor.execute(
            "INSERT INTO cases_caseevent (case_id, verb, by_id, at, before, after, reason, facts) "
            "SELECT c.id, v.verb, c.filed_by_id, c.created_at, 'draft', c.status, '', jsonb_build_object('accepted_on', "
            "COALESCE(c.accepted_on, c.received_on), 'committed', jsonb_build_array(3, 'workday'), "
            "'statutory', jsonb_build_array(20, 'workday')) FROM cases_case c "
            "CROSS JOIN (VALUES ('submitted'), ('passed_into_acceptance'), ('review_started'), ('granted')) v(verb)"
        )
        cursor.execute("DROP TABLE bench_departments, bench_applicants")
        cursor.execute("VACUUM ANALYZE")
