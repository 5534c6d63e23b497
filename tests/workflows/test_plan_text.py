"""`manage.py plan`: one JSON object in, one out, by a checkout alone."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from apps.calendars import notices
from apps.workflows.planning import answer
from tests.frame.halls import clean_environment

CHECKOUT = Path(__file__).resolve().parent.parent.parent
CALENDAR = notices.built_in()
KEYS = [
    "branches", "critical_path", "planned_finish", "stage_due_on", "slack_workdays", "late", "error",
]  # fmt: skip


def project(**more) -> dict:
    branches = [
        {"code": "备案", "name": "企业投资项目备案", "days": 1, "after": []},
        {"code": "环评", "name": "环境影响评价", "days": 7, "after": ["备案"]},
        {"code": "用地", "name": "用地预审", "days": 5, "after": ["备案"]},
        {"code": "施工", "name": "施工许可", "days": 3, "after": ["环评", "用地"]},
    ]
    return {"start": "2026-03-02", "stage_days": 20, "branches": branches} | more


def answered(facts) -> dict:
    return answer(CALENDAR, facts if isinstance(facts, bytes) else json.dumps(facts).encode())


def test_a_project_gets_its_plan():
    found = answered(project())

    assert list(found) == KEYS
    assert found["branches"]["用地"] == {
        "start_on": "2026-03-03", "due_on": "2026-03-10", "latest_start_on": "2026-03-05", "slack": 2, "critical": False,
    }  # fmt: skip
    assert found["critical_path"] == ["备案", "环评", "施工"]
    assert (found["planned_finish"], found["stage_due_on"]) == ("2026-03-17", "2026-03-30")
    assert (found["slack_workdays"], found["late"], found["error"]) == (9, [], None)


def test_a_target_shows_who_is_late_already():
    found = answered(project(target_on="2026-03-16", today="2026-03-05"))

    assert found["late"] == ["备案", "环评", "施工"]
    assert found["branches"]["施工"]["slack"] == -1
    assert found["branches"]["用地"]["slack"] == 1
    assert found["branches"]["环评"]["critical"] is True


@pytest.mark.parametrize(
    ("changed", "code", "says"),
    [
        ({"start": None}, "BAD_INPUT", "缺少 start"),
        ({"start": "2026-02-30"}, "BAD_INPUT", "不是日历上有的日期"),
        ({"stage_days": -1}, "BAD_INPUT", "stage_days"),
        ({"stage_days": True}, "BAD_INPUT", "stage_days"),
        ({"branches": {}}, "BAD_INPUT", "branches"),
        ({"branches": [{"code": "A", "name": "甲", "days": "3", "after": []}]}, "BAD_INPUT", "分项 A：days"),
        ({"branches": [{"code": "", "name": "甲", "days": 3, "after": []}]}, "BAD_INPUT", "code"),
        ({"branches": [{"code": "A", "name": "甲", "days": 3, "after": "B"}]}, "BAD_INPUT", "after"),
        (
            {"branches": [{"code": "A", "name": "甲", "days": 3, "after": [], "dauer": 1}]},
            "BAD_INPUT",
            "dauer",
        ),
        ({"target_on": "2026-03-01", "today": "2026-03-02"}, "BAD_INPUT", "已经过去"),
        ({"branches": [{"code": "A", "name": "甲", "days": 3, "after": ["A"]}]}, "CIRCLE", "A → A"),
        ({"branches": [{"code": "A", "name": "甲", "days": 3, "after": ["B"]}]}, "UNKNOWN_CODE", "B"),
        ({"branches": [{"code": "A", "name": "甲", "days": 3, "after": []}] * 2}, "DUPLICATE_CODE", "A"),
        ({"stage_days": 2000}, "CALENDAR_MISSING", "尚未公布"),
        ({"stage_days": 10**30}, "CALENDAR_MISSING", "尚未公布"),
    ],
)
def test_what_cannot_be_planned_says_why_and_nothing_else(changed, code, says):
    found = answered(project(**changed))

    assert list(found) == KEYS
    assert found["error"]["code"] == code
    assert says in found["error"]["message"]
    assert [found[key] for key in KEYS[:-1]] == [None] * 6


@pytest.mark.parametrize("text", [b"", b"{", b"[]", b"\xff", b'{"start": 1, "start": 2}', b"nan"])
def test_what_is_no_object_of_json_is_bad_input(text):
    assert answered(text)["error"]["code"] == "BAD_INPUT"


def test_a_pause_that_ends_before_it_begins_names_its_branch():
    facts = project()
    facts["branches"][1]["pauses"] = [{"kind": "评审", "from": "2026-03-09", "to": "2026-03-05"}]

    error = answered(facts)["error"]

    assert (error["code"], error["path"]) == ("BAD_INPUT", ["环评"])
    assert "请核对 from 和 to" in error["message"]


def test_a_thousand_branches_are_one_question():
    branches = [
        {"code": f"B{n}", "name": "分项", "days": n % 3, "after": [f"B{m}" for m in range(max(0, n - 3), n)]}
        for n in range(180)
    ]
    branches += [{"code": f"C{n}", "name": "分项", "days": 2, "after": [f"B{n % 180}"]} for n in range(820)]
    begun = time.process_time()

    found = answered(project(branches=branches, stage_days=60))

    assert found["error"] is None
    assert len(found["branches"]) == 1000
    assert (
        time.process_time() - begun < 20
    )  # no figure of speed: a guard against work that grows with the square


def test_the_command_needs_neither_settings_nor_servers(tmp_path):
    def run(facts: dict) -> subprocess.CompletedProcess:
        return subprocess.run(
            [sys.executable, str(CHECKOUT / "manage.py"), "plan"],
            input=json.dumps(facts).encode(), cwd=tmp_path, env=clean_environment(), capture_output=True, timeout=60,
        )  # fmt: skip

    good, bad = run(project()), run(project(start="x"))

    assert (good.returncode, json.loads(good.stdout)["planned_finish"]) == (0, "2026-03-17")
    assert (bad.returncode, json.loads(bad.stdout)["error"]["code"]) == (1, "BAD_INPUT")
    assert good.stderr == bad.stderr == b""
