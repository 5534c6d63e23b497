"""签发: the letters of what just happened, in the transaction of the verb: two statements more, however many there are."""

import secrets
from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

from django.conf import settings
from django.db import connection
from django.db.models import Prefetch, prefetch_related_objects

from apps.accounts.models import Applicant
from apps.cases.actions import NotAllowed
from apps.cases.models import Case, CaseEvent, CaseMaterial, Fault, Hearing

from ..bodies import Body, body_of_department, body_of_point
from ..kinds import FORMS, Kind, kinds_for
from ..models import Letter, LetterSerial
from ..typesetting import LAYOUT_VERSION
from ..wording import WORDS, Told, title_of

PLAIN = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""Characters of a check code: none that is taken for another on paper."""

_LISTING = {
    Kind.RECEIPT, Kind.ANSWER_RECEIPT, Kind.COLLECTION, Kind.HANDOVER, Kind.SENDING_BACK, Kind.FORWARDING,
}  # fmt: skip
_FAULTS = {Kind.PRE_RETURN, Kind.SUPPLEMENT}
_HEARINGS = {Kind.HEARING_RIGHT, Kind.HEARING_CALL, Kind.HEARING_RECORD}
Series = tuple[str, str, int]  # 机关代字, 类, year


def issue(events: Iterable[CaseEvent]) -> list[Letter]:
    """Issues the letters of these events. Raises NotAllowed, and so undoes the verb, where a word is missing."""
    wanted = [(event, kind) for event in sorted(events, key=_order) for kind in kinds_for(event)]
    if not wanted:
        return []
    _complete([event.case for event, _ in wanted])
    told = [Told(event, kind, _body(event.case, kind)) for event, kind in wanted]
    _fetch_rows(told)
    series = [(one.body.short_name, FORMS[one.kind].word, one.on.year) for one in told]
    counts = Counter(series)
    next_of = {key: last - counts[key] for key, last in take_serials(counts).items()}
    letters = []
    for one, key in zip(told, series, strict=True):
        next_of[key] += 1
        letters.append(_letter(one, key, next_of[key]))
    return Letter.objects.bulk_create(letters)


def take_serials(wanted: dict[Series, int]) -> dict[Series, int]:
    """文号: the last number of each series after taking so many, by one upsert; a rollback gives them back.

    Series are locked in one order, so two sweeps never wait for each other in a circle.
    """
    table = connection.ops.quote_name(LetterSerial._meta.db_table)
    rows = sorted((*key, count) for key, count in wanted.items())
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (short_name, word, year, last) VALUES {', '.join(['(%s, %s, %s, %s)'] * len(rows))} "
            f"ON CONFLICT (short_name, word, year) DO UPDATE SET last = {table}.last + EXCLUDED.last "
            "RETURNING short_name, word, year, last",
            [value for row in rows for value in row],
        )
        return {(short_name, word, year): last for short_name, word, year, last in cursor.fetchall()}


def new_code() -> str:
    """验证码: eight characters, 32⁸ of them, in two groups for reading aloud."""
    return "-".join("".join(secrets.choice(PLAIN) for _ in range(4)) for _ in range(2))


def numbered(series: Series, serial: int) -> str:
    """文号: 雁江市监受〔2026〕12号."""
    return f"{series[0]}{series[1]}〔{series[2]}〕{serial}号"


def signed(body: Body, number: str, on: date, token: str, code: str) -> dict:
    """What stands on every letter, whatever it is about: who issues it, when, under which seal, and how it is verified."""
    return {
        "organ": body.name,
        "number": number,
        "date": f"{on.year}年{on.month}月{on.day}日",
        "issued_on": on.isoformat(),
        "seal": body.seal,
        "contact": "　".join(
            part
            for part in (body.address and f"地址：{body.address}", body.phone and f"电话：{body.phone}")
            if part
        ),
        "verify_url": f"{settings.PUBLIC_URL}/verify/{token}/",
        "verify_home": f"{settings.PUBLIC_URL}/verify/",
        "check_code": code,
    }


def _order(event: CaseEvent) -> int:
    return event.pk or 0


def _complete(cases: list[Case]) -> None:
    """A verb brings what its case needs; a sweep may not, and then it is fetched for all at once."""
    applicants = Prefetch("applicant", Applicant.objects.defer("number"))
    prefetch_related_objects(cases, "item", "version", "point", applicants)


def _body(case: Case, kind: Kind) -> Body:
    if FORMS[kind].of_the_point:
        return body_of_point(case.intake_point_id)
    return body_of_department(case.department_id) if case.department_id else body_of_point(case.point_id)


def _fetch_rows(told: list[Told]) -> None:
    """The rows that some kinds speak of, one statement for each sort of rows."""
    _put(
        told, _LISTING, "materials", lambda cases: CaseMaterial.objects.filter(case__in=cases).order_by("seq")
    )
    if any(one.kind in _HEARINGS for one in told):
        held = Hearing.objects.select_related("presider").in_bulk({one.facts.get("hearing") for one in told})
        for one in told:
            one.hearing = held.get(one.facts.get("hearing"))
    if any(one.kind in _FAULTS for one in told):
        found = defaultdict(list)
        cases = [one.case for one in told if one.kind in _FAULTS]
        faults = Fault.objects.filter(notice__case__in=cases).select_related("notice", "material")
        for fault in faults.order_by("notice", "id"):
            found[fault.notice.case_id, fault.notice.number].append(fault)
        for one in told:
            one.faults = found.get((one.case.pk, one.facts.get("notice")), [])
    if any(one.kind == Kind.DELIVERY for one in told):
        decided = Letter.objects.filter(
            case__in=[one.case for one in told if one.kind == Kind.DELIVERY],
            kind__in=(Kind.GRANT, Kind.REFUSAL),
        )
        names = {
            case: f"《{title}》{number}"
            for case, title, number in decided.values_list("case", "title", "number")
        }
        for one in told:
            one.decision = names.get(one.case.pk, "")


def _put(told: list[Told], kinds: set[Kind], name: str, rows_of) -> None:
    wanted = [one for one in told if one.kind in kinds]
    if not wanted:
        return
    by_case = defaultdict(list)
    for row in rows_of([one.case for one in wanted]):
        by_case[row.case_id].append(row)
    for one in wanted:
        setattr(one, name, by_case[one.case.pk])


def _letter(told: Told, series: Series, serial: int) -> Letter:
    form, case = FORMS[told.kind], told.case
    number = numbered(series, serial)
    token, code = secrets.token_urlsafe(16), new_code()
    return Letter(
        case=case,
        event=told.event,
        kind=told.kind,
        department_id=None if form.of_the_point else case.department_id,
        point_id=case.intake_point_id if form.of_the_point else case.point_id,
        short_name=series[0],
        word=series[1],
        year=series[2],
        serial=serial,
        number=number,
        title=title_of(told),
        issued_at=told.event.at,
        issued_by=told.event.by,
        data=_words(told, number, token, code),
        layout=form.layout,
        layout_version=LAYOUT_VERSION,
        token=token,
        check_code=code,
    )


def _words(told: Told, number: str, token: str, code: str) -> dict:
    """Every word of the paper. What the facts of the event lack is said in a sentence, and the verb is undone."""
    case, body = told.case, told.body
    try:
        words = WORDS[told.kind](told)
    except (KeyError, AttributeError, TypeError, ValueError) as missing:
        raise NotAllowed(
            f"办件{case}的《{told.kind.label}》缺少要写的内容（{missing}），所以这一步没有办成，什么都没有改变。"
            "请补全后再办；仍然不行的，请系统管理员核对文书的文字。"
        ) from missing
    return {
        **signed(body, number, told.on, token, code),
        "title": title_of(told),
        "addressee": case.applicant_name,
        "is_person": case.applicant.is_person,
        "item": case.item.name,
        "case_number": case.number,
        "is_sample": case.is_sample,
        **words,
    }
