"""What the processes say holds nothing of the people who use them."""

import json
import logging
import logging.config

import pytest
import structlog

from config import logs


@pytest.fixture
def written(tmp_path):
    """What production would write, as parsed lines."""
    path = tmp_path / "log"
    tables = logs.tables(level="INFO", as_json=True)
    tables["handlers"]["stream"] = {"class": "logging.FileHandler", "filename": path, "formatter": "lines"}
    before = logging.root.handlers[:]
    logging.config.dictConfig(tables)
    yield lambda: [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    logging.root.handlers[:] = before


def test_a_request_is_logged_without_its_query(client, city, written):
    client.get("/progress/?number=510000&last_four=1234", headers={"X-Forwarded-For": "203.0.113.9"})

    lines = [line for line in written() if line["event"].startswith("request_")]
    assert {line["request"] for line in lines} == {"GET /progress/"}
    assert "last_four" not in json.dumps(lines) and "203.0.113.9" not in json.dumps(lines)


def test_a_traceback_shows_no_local_variables(written):
    identity_number = "51999919900101" + "0015"
    try:
        raise ValueError(len(identity_number))
    except ValueError:
        structlog.get_logger("yizhan").exception("it_broke")

    (line,) = [line for line in written() if line["event"] == "it_broke"]
    assert "ValueError: 18" in line["exception"]
    assert identity_number not in json.dumps(line)


def test_lines_of_other_libraries_have_the_same_form(written):
    logging.getLogger("somebody.else").warning("%s 个窗口", 3)

    (line,) = [line for line in written() if line["logger"] == "somebody.else"]
    assert (line["event"], line["level"]) == ("3 个窗口", "warning")
