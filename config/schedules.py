"""Everything that happens by the clock, on one page. Beat reads it at its start and keeps it in the database.

Each task takes the time itself and is safe to run late, twice, or twice at once: what a missed run left undone
the next one does.
"""

from celery.schedules import crontab

QUARTERLY = crontab(minute="*/15")
NIGHTLY = crontab(hour=0, minute=5)  # dates change at midnight

SCHEDULES = {
    "收到五日未答复，视为受理": {"task": "apps.cases.tasks.deem_cases_accepted", "schedule": QUARTERLY},
    "补正或容缺材料逾期，视为撤回": {"task": "apps.cases.tasks.lapse_cases", "schedule": QUARTERLY},
    "接着办没有办完的批量": {"task": "apps.cases.tasks.resume_batches", "schedule": QUARTERLY},
    "并联项目到期处理": {"task": "apps.workflows.tasks.keep_projects_moving", "schedule": QUARTERLY},
    "核对阶段时限": {"task": "apps.workflows.tasks.reckon_stages", "schedule": crontab(hour=1, minute=50)},
    "补生成文书": {"task": "apps.letters.tasks.render_missed_letters", "schedule": QUARTERLY},
    "发红黄牌": {"task": "apps.supervision.tasks.issue_cards", "schedule": QUARTERLY},
    "封存昨日办件日志": {"task": "apps.supervision.tasks.seal_days", "schedule": crontab(hour=0, minute=40)},
    "核验封存": {"task": "apps.supervision.tasks.verify_seals", "schedule": crontab(hour=2, minute=30)},
    "接着重算没有算完的日历变更": {"task": "apps.cases.tasks.apply_amendments", "schedule": QUARTERLY},
    "核对期限": {"task": "apps.cases.tasks.check_clocks", "schedule": crontab(hour=1, minute=20)},
    "清理过期会话": {"task": "config.tasks.clear_sessions", "schedule": NIGHTLY},
}
