"""时限核算 as a process: lines in, lines out, whatever they hold; without a hall, and with one."""

import io
import json
import os
import subprocess
import sys
from datetime import date, datetime

import pytest
from django.core.management import call_command

from apps.calendars import actions
from apps.calendars.notices import built_in
from apps.calendars.workdays import SHANGHAI, Special
from apps.cases.deadlines import Answers
from tests.house.sources import CHECKOUT

ANSWERS = Answers(built_in())
SOUND = b'{"start": "2025-03-10", "amount": 1, "unit": "workday"}'
COMMAND = [sys.executable, "manage.py", "deadlines"]


def refusal(line: bytes):
    answer = json.loads(ANSWERS.answer(line))
    assert list(answer) == ["error", "message"]
    return answer["error"], answer["message"]


def faulty(**facts):
    line = {"start": "2025-03-10", "amount": 1, "unit": "workday"} | facts
    return refusal(json.dumps(line).encode())


# -- lines that cannot be read


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (b"", "内容是空的"),
        (b" \t\r", "内容是空的"),
        ("\ufeff".encode(), "内容是空的"),
        (b"{", "第 2 个字符处不是合法的 JSON"),
        (b'{"start": "2025-03-10", "amount": 1,}', "不是合法的 JSON"),
        (b"{'start': '2025-03-10'}", "不是合法的 JSON"),
        (SOUND + SOUND, "不是合法的 JSON"),
        (SOUND + b"\0", "不是合法的 JSON"),
        (b'{"start": "2025-03-10", "amount": NaN}', "没有 NaN 这样的数"),
        (b'{"start": "2025-03-10", "amount": -Infinity}', "没有 -Infinity 这样的数"),
        (b'{"start": "2025-03-10\xff"}', "不是 UTF-8 编码"),
        ('{"kind": "听证"}'.encode("gbk"), "不是 UTF-8 编码"),
        (SOUND.decode().encode("utf-16"), "不是 UTF-8 编码"),
        (b"[" * 100_000, "嵌套太深"),
    ],
)
def test_a_line_that_is_no_json_says_what_to_do(line, sentence):
    error, message = refusal(line)

    assert error == "BAD_JSON"
    assert sentence in message


@pytest.mark.parametrize("line", [b"[1, 2]", b"3", b'"2025-03-10"', b"null", b"true", b"[]"])
def test_json_that_is_no_object_is_bad_input(line):
    assert refusal(line) == ("BAD_INPUT", "这里要写成一个 JSON 对象，至少有 start、amount 和 unit。")


def test_a_key_written_twice_is_refused():
    line = b'{"start": "2025-03-10", "amount": 1, "amount": 20}'

    assert refusal(line) == ("BAD_INPUT", '"amount"写了两次，请只留一个。')


# -- values that cannot be used


@pytest.mark.parametrize("value", [True, False, -1, 10.0, 1.5, "10", [10], {}, 1e400])
def test_an_amount_is_a_whole_number(value):
    line = json.dumps({"start": "2025-03-10", "amount": value}).replace("Infinity", "1e400").encode()

    assert refusal(line)[0] == "BAD_INPUT"
    assert "amount 要写成不小于 0 的整数" in refusal(line)[1]


@pytest.mark.parametrize("digits", [1_300, 4_000, 5_000])
def test_a_number_of_a_thousand_digits_is_no_number_of_days(digits):
    for line in (b'{"start": "2025-03-10", "amount": %b}', b'{"start": "2025-03-10", "amount": 1, "x": %b}'):
        error, message = refusal(line % (b"9" * digits))

        assert error == "BAD_INPUT"
        assert len(message) < 200


@pytest.mark.parametrize(
    "value",
    ["2026-02-30", "2025-13-01", "0000-01-01", "2025-1-1", "20250310", "2025-W11-1", "2025/03/10", "", " "]
    + ["2025-03-10 ", "12025-01-01", "２０２５-03-10", "2025-03-10T25:00:00+08:00", "2025-03-10T", 20250310]
    + ["2025-03-10T10:00:00", "2025-03-10x10:00:00+08:00", "0001-01-01T00:00:00+14:00", True, [], {}],
)
def test_a_date_is_one_of_the_calendar(value):
    for name in ("start", "today"):
        error, message = faulty(**{name: value})

        assert error == "BAD_INPUT"
        assert name in message
    assert faulty(closed_days=[value])[0] == "BAD_INPUT"
    assert faulty(extension={"amount": 1, "approved_on": value})[0] == "BAD_INPUT"
    assert faulty(pauses=[{"from": value, "to": None, "kind": "检验"}])[0] == "BAD_INPUT"
    assert faulty(pauses=[{"from": "2025-03-10", "to": value, "kind": "检验"}])[0] == "BAD_INPUT"


def test_half_days_need_an_instant_with_its_offset():
    assert "start 请写成带时区的时刻" in faulty(unit="half_day")[1]
    assert "却没有时区" in faulty(unit="half_day", start="2025-03-10T10:00:00")[1]


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"start": None}, "缺少 start"),
        ({"amount": None}, "缺少 amount"),
        ({"unit": "month"}, 'unit 只能是 workday、calendar_day、half_day，现在是 "month"'),
        ({"unit": "WORKDAY"}, "unit 只能是"),
        ({"unit": 1}, "unit 只能是"),
        ({"unit": ["workday"]}, "unit 只能是"),
        ({"direction": "backwards"}, "direction 只能是 after、before"),
        ({"clock": "法定"}, "clock 只能是 committed、statutory"),
        ({"pause": []}, '不认识 "pause"'),
        ({"pauses": {}}, "pauses 要写成方括号里的列表"),
        ({"pauses": "检验"}, "pauses 要写成方括号里的列表"),
        ({"pauses": [None]}, "pauses 要用花括号"),
        ({"pauses": [{"to": None, "kind": "检验"}]}, "缺少 暂停的 from"),
        ({"pauses": [{"from": "2025-03-10", "to": None}]}, "kind 写明是什么程序"),
        ({"pauses": [{"from": "2025-03-10", "to": None, "kind": " "}]}, "kind 写明是什么程序"),
        ({"pauses": [{"from": "2025-03-10", "until": None, "kind": "检验"}]}, 'pauses 里不认识 "until"'),
        (
            {"pauses": [{"from": "2025-03-10", "to": "2025-03-09", "kind": "公示"}], "clock": "statutory"},
            "暂停到 2025-03-09 结束，却从 2025-03-10 才开始",
        ),
        ({"extension": [10, "2025-03-10"]}, "extension 要用花括号"),
        ({"extension": {"amount": 10}}, "缺少 extension 的 approved_on"),
        ({"extension": {"approved_on": "2025-03-10"}}, "缺少 extension 的 amount"),
        ({"extension": {"amount": True, "approved_on": "2025-03-10"}}, "不小于 0 的整数"),
        ({"extension": {"amount": 1, "approved_on": "2025-03-10", "by": "局长"}}, '不认识 "by"'),
        ({"closed_days": "2025-03-10"}, "closed_days 要写成方括号里的列表"),
        ({"closed_days": [None]}, "缺少 closed_days"),
        ({"calendar_years": 2025}, "calendar_years 要写成方括号里的列表"),
        ({"calendar_years": ["2025"]}, "calendar_years 里要写年份"),
        ({"calendar_years": [True]}, "calendar_years 里要写年份"),
        ({"direction": "before", "pauses": [{"from": "2025-03-10", "kind": "检验"}]}, "请去掉 pauses"),
        (
            {"direction": "before", "extension": {"amount": 1, "approved_on": "2025-03-10"}},
            "请去掉 extension",
        ),
        ({"direction": "before", "unit": "half_day", "start": "2025-03-10T10:00:00Z"}, "半天不能倒算"),
        ({"unit": "\ud800"}, "unit 只能是"),
    ],
)
def test_a_value_that_cannot_be_used_is_named(facts, sentence):
    error, message = faulty(**facts)

    assert error == "BAD_INPUT"
    assert sentence in message
    assert message.endswith("。")


def test_what_is_shown_of_a_long_value_is_short():
    assert len(faulty(unit="工作日" * 1000)[1]) < 120


def test_a_kind_may_hold_any_text_and_stays_json():
    line = '{"start": "2025-03-10", "amount": 3, "pauses": [{"from": "2025-03-10", "to": "2025-03-11", "kind": %s}]}'
    for kind in ('"公\\n示\\"\\\\"', '"\\ud800"', '"𠮷"'):
        answer = json.loads(ANSWERS.answer((line % kind).encode()))

        assert answer["days"][0] == {"date": "2025-03-11", "counts": False, "why": f"{json.loads(kind)}暂停"}


# -- the process


def run(given: bytes, *arguments, **environment):
    """In an environment that leads nowhere: an answer proves that no server and no key was asked for."""
    return subprocess.run(
        [*COMMAND, *arguments], input=given, capture_output=True, cwd=CHECKOUT, env=environment, timeout=60
    )


def test_each_line_is_answered_in_order_and_a_bad_one_stops_nothing():
    lines = [b"\xef\xbb\xbf" + SOUND + b"\r", b"", b"\xff", b"{}", SOUND, SOUND, b"[]", SOUND]

    done = run(b"\n".join(lines))

    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, b"")
    assert [answer["error"] for answer in answers] == [
        None,
        "BAD_JSON",
        "BAD_JSON",
        "BAD_INPUT",
        None,
        None,
        "BAD_INPUT",
        None,
    ]
    assert answers[0] == answers[-1]
    assert run(b"\n".join(lines) + b"\n").stdout == done.stdout


def test_nothing_in_is_nothing_out():
    assert (run(b"").stdout, run(b"").returncode) == (b"", 0)
    assert run(b"\n").stdout.count(b"\n") == 1


@pytest.mark.parametrize("mode", [{}, {"YIZHAN_MODE": "production"}, {"LC_ALL": "POSIX", "PYTHONUTF8": "0"}])
def test_no_server_no_key_no_setting_and_no_locale_is_needed(tmp_path, mode):
    data = tmp_path / "data"
    nowhere = {"DATABASE_URL": "postgresql://x@127.0.0.1:1/x", "REDIS_URL": "redis://127.0.0.1:1/0"}

    done = run(SOUND, YIZHAN_DATA=str(data), **nowhere, **mode)

    assert done.stdout.decode().rstrip("\n") == ANSWERS.answer(SOUND).decode()
    assert "工作日" in done.stdout.decode()
    assert not data.exists()


def test_whoever_waits_for_an_answer_gets_it_at_once():
    process = subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=CHECKOUT, env={}, bufsize=0
    )
    with process:
        for _ in range(3):
            process.stdin.write(SOUND[:20])
            process.stdin.write(SOUND[20:] + b"\n")
            assert json.loads(process.stdout.readline())["due_on"] == "2025-03-11"
        process.stdin.close()

    assert process.returncode == 0


def test_a_reader_that_leaves_early_is_no_error():
    process = subprocess.Popen(
        COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=CHECKOUT, env={}
    )
    process.stdout.close()
    _, complaint = process.communicate((SOUND + b"\n") * 5_000, timeout=60)

    assert (process.returncode, complaint) == (0, b"")


def test_a_line_longer_than_any_buffer_is_one_line():
    closed = json.dumps(["2025-03-15"] * 20_000)
    line = SOUND[:-1] + f', "closed_days": {closed}}}'.encode()

    done = run(line + b"\n" + SOUND)

    assert [json.loads(each)["due_on"] for each in done.stdout.splitlines()] == ["2025-03-11"] * 2


def test_the_hall_may_answer_by_its_own_calendar(calendar, monkeypatch):
    line = b'{"start": "2027-01-04", "amount": 1}\n{"start": "2010-01-04", "amount": 1}'
    actions.publish(
        2027,
        [Special(date(2027, 1, 5), False, "元旦")],
        at=datetime(2026, 11, 10, tzinfo=SHANGHAI),
        source="国务院办公厅关于2027年部分节假日安排的通知",
        published_on=date(2026, 11, 10),
    )

    def answers(**options):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(line)))
        out = io.TextIOWrapper(io.BytesIO())
        call_command("deadlines", stdout=out, **options)
        return [json.loads(each)["due_on"] for each in out.buffer.getvalue().splitlines()]

    assert answers(database=True) == ["2027-01-06", None]  # a hall has not loaded 2010
    assert answers() == [None, "2010-01-05"]


def test_asking_a_hall_that_does_not_run_says_so(tmp_path):
    done = run(SOUND, "--database", YIZHAN_DATA=str(tmp_path), PATH=os.environ["PATH"])

    assert done.returncode == 1
    assert b"No servers run for this checkout" in done.stderr
    assert done.stdout == b""
