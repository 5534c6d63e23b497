"""What a verb may cost: at most twenty statements in its one transaction, whatever the length of the check list."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from apps.cases import actions
from tests.bulk import copies_of
from tests.cast import at, fill

MOST = 20


def statements(act) -> int:
    with CaptureQueriesContext(connection) as captured:
        act()
    return len(captured)


def test_the_way_online_stays_within_the_budget(draft, citizen, clerk, colleague, approver):
    fill(draft, by=citizen, at_=at("2026-03-02"))
    case, costs = draft, {}
    steps = {
        "submit": lambda: actions.submit(case, by=citizen, at=at("2026-03-02"), privacy_notice="2026-01"),
        "return": lambda: actions.return_for_correction(
            case, [actions.Found("甲", seq=1), actions.Found("乙", seq=2)], by=clerk, at=at("2026-03-03")
        ),
        "resubmit": lambda: actions.resubmit(
            case,
            dict.fromkeys(case.notices.get().faults.values_list("pk", flat=True), "已改"),
            by=citizen,
            at=at("2026-03-04"),
        ),
        "pass": lambda: actions.pass_pre_review(case, by=clerk, at=at("2026-03-05")),
        "review": lambda: actions.start_review(case, by=colleague, at=at("2026-03-05")),
        "pause": lambda: actions.pause(
            case, "检测", days_needed=2, reason="检", by=colleague, at=at("2026-03-05")
        ),
        "resume": lambda: actions.resume(case, result="合格", by=colleague, at=at("2026-03-06")),
        "finish": lambda: actions.finish_review(case, opinion="可", by=colleague, at=at("2026-03-06")),
        "grant": lambda: actions.grant(case, by=approver, at=at("2026-03-09")),
        "deliver": lambda: actions.deliver(case, "counter", proof="签收", by=clerk, at=at("2026-03-10")),
        "archive": lambda: actions.archive(case, archive_number="1", by=clerk, at=at("2026-03-11")),
    }
    for name, step in steps.items():
        costs[name] = statements(step)

    assert {name: cost for name, cost in costs.items() if cost > MOST} == {}


@pytest.mark.parametrize("papers", [{1: (1, 0)}, {1: (1, 0), 2: (1, 1), 3: (0, 1)}])
def test_the_counter_costs_the_same_for_one_paper_and_for_three(
    at_the_counter, clerk, permit_with_originals, county, papers
):
    walk_in = at_the_counter.applicant
    case = actions.draft(
        permit_with_originals, applicant=walk_in, at_point=county, channel="1", by=clerk, at=at("2026-03-02")
    )
    actions.save_draft(case, form={"shop_name": "甲", "address": "乙"}, at=at("2026-03-02"))

    cost = statements(
        lambda: actions.receive(case, papers, by=clerk, at=at("2026-03-02"), privacy_notice="2026-01")
    )

    assert cost <= 17


def test_a_sweep_costs_no_more_for_forty_cases_than_for_four(submitted):
    copies_of(submitted, 3)
    four = statements(lambda: actions.deem_accepted(at=at("2026-03-10")))
    copies_of(submitted, 40)

    assert statements(lambda: actions.deem_accepted(at=at("2026-03-10"))) == four <= MOST
