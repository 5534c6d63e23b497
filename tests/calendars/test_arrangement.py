"""放假安排表 as people type, paste and upload it: read in any encoding they have, refused line by line."""

from datetime import date

import pytest

from apps.calendars import notices
from apps.calendars.arrangement import Unreadable, decoded, read, unnamed_festivals, written
from apps.calendars.workdays import Special

TABLE = """日期,休/班,节日
2027-01-01,休,元旦
2027-02-05,休,春节
2027-02-20,班,春节
2026-12-31,休,元旦
"""
DAYS = (
    Special(date(2026, 12, 31), False, "元旦"),
    Special(date(2027, 1, 1), False, "元旦"),
    Special(date(2027, 2, 5), False, "春节"),
    Special(date(2027, 2, 20), True, "春节"),
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_a_file_is_read_in_each_encoding_that_a_desk_writes(encoding):
    assert read(decoded(TABLE.encode(encoding)), 2027).days == DAYS


@pytest.mark.parametrize(
    "line",
    [
        "2027-02-20,班,春节",
        "2027/2/20，班，春节",
        "2027年2月20日\t班\t春节",
        "2027.02.20 班 春节",
        "20270220;上班;春节",
        '"2027-02-20","补班","春节",,',
        "２０２７－２－２０,班,春节",
        "  2027-2-20 ,  班 , 春节  ",
    ],
)
def test_a_line_is_understood_however_it_is_written(line):
    table = read(f"\ufeff\r\n{line}\r\n\r\n", 2027)

    assert (table.days, table.faults) == ((DAYS[3],), ())


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("2027-02-30,休,春节", "第2行：2027年2月没有30日。"),
        ("2027-13-01,休,春节", "第2行：没有13月。"),
        ("2027-01-01,休,元旦", "第2行：2027-01-01已在第1行列过，一天只能列一次。"),
        ("2026-10-01,休,国庆节", "第2行：2026-10-01不在2027年；2027年的安排只能列2027年和上一年12月的日子。"),
        ("2028-01-01,休,元旦", "第2行：2028-01-01不在2027年；2027年的安排只能列2027年和上一年12月的日子。"),
        ("2月5日,休,春节", "第2行：“2月5日”不是日期，请写成2027-01-31的样子。"),
        ("2027-02-05,调休,春节", "第2行：“调休”不认识，请写“休”或“班”。"),
        ("2027-02-05", "第2行：没有写休还是班。"),
        ("2027-02-19,班,春节", "第2行：2027-02-19是星期五，本来就上班，不能列为调休上班。"),
        ("2027-02-05,休", "第2行：没有写节日名称；调休上班的写所调的节日。"),
        (f"2027-02-05,休,{'春' * 21}", "第2行：节日名称超过20个字。"),
        ("2027-02-05,休,春节,备注", "第2行：多出了“备注”，每行只写日期、休或班、节日名称。"),
    ],
)
def test_a_fault_is_named_with_its_line_and_no_day_is_taken(line, fault):
    table = read(f"2027-01-01,休,元旦\n{line}", 2027)

    assert (table.days, [str(one) for one in table.faults]) == ((), [fault])


def test_every_fault_is_named_at_once():
    table = read("2027-02-30,休,春节\n2027-02-05,？,春节\n2027-02-05,休,春节\n2027-02-05,休,春节", 2027)

    assert [fault.line for fault in table.faults] == [1, 2, 4]


def test_an_empty_table_is_refused():
    assert [str(fault) for fault in read("日期,休/班,节日\n\n", 2027).faults] == [
        "表里没有一天，请每行写一个日期、休或班、节日名称。"
    ]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04 workbook", "另存为CSV"),
        (b"\xd0\xcf\x11\xe0 old workbook", "另存为CSV"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\xff", "读不出"),
        (b"x" * 65 * 1024, "64 KB"),
    ],
)
def test_what_is_no_text_is_refused_with_what_to_do(content, words):
    with pytest.raises(Unreadable, match=words):
        decoded(content)


def test_a_carried_notice_written_out_reads_back_the_same():
    notice = next(notice for notice in notices.carried() if notice.year == 2026)

    assert read(written(notice.days), 2026).days == notice.days
    assert unnamed_festivals(notice.days) == []


def test_a_festival_that_is_missing_is_pointed_out():
    assert unnamed_festivals(DAYS) == ["清明节", "劳动节", "端午节", "中秋节", "国庆节"]
    assert "中秋节" not in unnamed_festivals([Special(date(2025, 10, 6), False, "国庆节、中秋节")])
