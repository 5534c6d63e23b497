"""决定与送达: granted, refused with reasons and remedies, and the proof that it was handed over."""

from apps.cases.actions import Way
from apps.cases.models import Case

from .phrases import PERMIT_LAW, Told, by, full_stop, zh
from .remedies import remedies_of


def grant(told: Told) -> dict:
    """准予行政许可决定书 (art. 38(1)); for other items 准予办理决定书."""
    case = told.case
    basis = f"依据{PERMIT_LAW}第三十八条第一款的规定，" if told.is_permit else ""
    what = "准予行政许可" if told.is_permit else "准予办理"
    paragraphs = [
        f"{told.application}，经审查，符合法定条件、标准，{basis}本机关决定{what}。",
    ]
    result = [case.version.result_name, case.result_number and f"编号{case.result_number}"]
    if any(result):
        paragraphs.append(f"办理结果：{full_stop('，'.join(part for part in result if part))}")
    if case.version.result_validity:
        paragraphs.append(f"有效期：{full_stop(case.version.result_validity)}")
    if told.event.reason.strip():
        paragraphs.append(f"审批意见：{full_stop(told.event.reason)}")
    due = told.facts.get("delivery_due_on")
    return {
        "paragraphs": paragraphs,
        "reasons": "",
        "where_to_go": "",
        "remedies": "",
        "closing": [f"本机关于{by(due)}向{told.you}颁发、送达办理结果。"] if due else [],
        "receiver": True,
    }


def refusal(told: Told) -> dict:
    """不予行政许可决定书 (art. 38(2)): reasons and remedies always."""
    basis = f"依据{PERMIT_LAW}第三十八条第二款的规定，" if told.is_permit else ""
    what = "不予行政许可" if told.is_permit else "不予办理"
    return {
        "paragraphs": [
            f"{told.application}，经审查，不符合法定条件、标准，{basis}本机关决定{what}。",
        ],
        "reasons": full_stop(told.case.decision_reasons or told.event.reason),
        "where_to_go": "",
        "remedies": remedies_of(told),
        "closing": [],
        "receiver": True,
    }


def delivery(told: Told) -> dict:
    """送达回证 (art. 44): what was delivered, how, when, and what proves it."""
    case = told.case
    way, proof = told.facts["way"], told.facts["proof"]
    refused = way == "refused"
    return {
        "cells": [
            ["受送达人", case.applicant_name],
            ["案由", f"{case.item.name}（办件编号{case.number}）"],
            ["送达文书名称及文号", told.decision or "办理结果"],
            ["办理结果", case.result_number or "—"],
            ["送达地点", _place_of(case, way)],
            ["送达方式", Way(way).label],
            ["送达日期", zh(told.on)],
            ["邮件号" if way == Way.MAIL else "签收人或凭据", "—" if refused else proof],
            ["拒收事由及见证人", proof if refused else "—"],
            ["送达人", told.officer],
            ["备注", ""],
        ],
        "signatures": ["受送达人（签名或盖章）", "送达人（签名）"],
        "closing": ["受送达人不在或者拒收的，依法邮寄、留置或者公告送达，并在本回证上注明。"],
    }


def _place_of(case: Case, way: str) -> str:
    """Where it changed hands: at the counter unless it went out to the applicant."""
    if way == Way.MAIL:
        return "按申请人确认的地址邮寄"
    if way == Way.ELECTRONIC:
        return "申请人在本网的账户"
    if way == Way.AGENT:
        return case.intake_point.name
    return case.point.address or case.point.name
