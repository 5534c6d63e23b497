"""文书的文字, read from the PDF: every kind says what the law wants it to say."""

from datetime import date, time

import pytest

from apps.cases import actions as cases
from apps.cases.actions import Found, NotAllowed
from apps.cases.models import Case, CaseEvent, CaseMaterial
from apps.cases.states import Verb
from apps.items.models import CaseKind, Item, ItemType, ItemVersion
from apps.letters import actions
from apps.letters.actions import issuing_projects
from apps.letters.kinds import ISSUED_BY, Kind
from apps.letters.models import Letter
from apps.letters.wording import Told, receipts
from config.sampling.letters import drawn_seal
from tests.cast import at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def sealed(market_bureau):
    return actions.set_body(market_bureau, short_name="雁江市监", seal=drawn_seal("雁江区市场监督管理局"))


def kinds(case) -> list[str]:
    return list(Letter.objects.of(case).order_by("id").values_list("kind", flat=True))


# ── 收件、受理 ────────────────────────────────────────────────────────────────────────────────────────
def test_online_a_receipt_says_until_when_there_is_an_answer(submitted, says):
    says(
        submitted,
        Kind.ANSWER_RECEIPT,
        "收件回执",
        "2026年3月9日（含当日）前",
        "5199**********0017",
        "经营场所平面图已上传"[:7],
    )


def test_at_the_counter_a_receipt_lists_the_papers_and_has_a_stub(at_the_counter, says):
    says(
        at_the_counter,
        Kind.RECEIPT,
        "1申请书1—已交纸质",
        "交件人（签名）",
        "收件凭证（存根）",
        "收件人周敏",
        "视为受理",
    )


def test_an_acceptance_tells_its_day_and_both_terms(accepted, says):
    says(
        accepted,
        Kind.ACCEPTANCE,
        "王小明：",
        "第三十二条第一款第五项",
        "受理日期为2026年3月3日",
        "自受理之日起3个工作日内（最迟2026年3月6日）办结",
        "自受理之日起20个工作日内（最迟2026年3月31日）办结",
        "听证、招标、拍卖、检验、检测、检疫、鉴定和专家评审",
    )


def test_where_no_calendar_is_published_the_letter_tells_the_term_and_no_date(accepted, newest):
    event = CaseEvent.objects.get(case=accepted, verb=Verb.PASSED_INTO_ACCEPTANCE)
    provisional = CaseEvent.objects.create(
        case=accepted, verb=Verb.ACCEPTED, at=event.at, facts={**event.facts, "provisional": True}
    )

    actions.issue([provisional])

    words = "".join(newest(accepted, Kind.ACCEPTANCE).data["paragraphs"])
    assert "自受理之日起3个工作日内（具体日期以国务院放假通知为准）办结" in words
    assert "最迟" not in words


def test_what_is_decided_on_the_spot_gets_no_acceptance(submitted, clerk):
    version = submitted.version
    type(version).objects.filter(pk=version.pk).update(kind=CaseKind.IMMEDIATE, committed_amount=0)

    cases.pass_pre_review(submitted, by=clerk, at=at("2026-03-03"))

    assert kinds(submitted) == [Kind.ANSWER_RECEIPT]


def test_who_was_never_answered_is_told_that_the_law_has_accepted(submitted, says):
    cases.deem_accepted(at=at("2026-03-10"))

    says(
        submitted,
        Kind.ACCEPTANCE,
        "没有作出受理、不予受理或者补正告知",
        "第三十二条第一款第四项",
        "自收到申请材料之日2026年3月2日起即为受理",
    )


def test_with_papers_to_follow_there_is_an_acceptance_and_a_promise(at_the_counter, clerk, says):
    at_the_counter.materials.filter(seq=3).update(state=CaseMaterial.State.ABSENT, copies=0)

    case = cases.accept_tolerated(at_the_counter, promised_by="罗大明", by=clerk, at=at("2026-03-03"))

    says(case, Kind.ACCEPTANCE, "决定容缺受理", "1健康证明2026年3月10日")
    says(
        case,
        Kind.TOLERANCE,
        "容缺受理承诺书",
        "本人申请容缺受理，并承诺",
        "于2026年3月10日（含当日）前补齐",
        "承诺人（签名或盖章）：罗大明",
    )


def test_not_accepted_means_reasons_where_to_go_and_remedies(at_the_counter, clerk, says):
    case = cases.refuse_acceptance(
        at_the_counter,
        reason="不属于本机关职权",
        where_to_go="雁江区农业农村局",
        by=clerk,
        at=at("2026-03-03"),
    )

    says(
        case, Kind.NON_ACCEPTANCE, "理由：不属于本机关职权。", "办理途径：雁江区农业农村局。",
        "六十日内向雁江区人民政府申请行政复议", "六个月内向雁江区人民法院提起行政诉讼",
    )  # fmt: skip


# ── 补正、退件 ────────────────────────────────────────────────────────────────────────────────────────
def test_a_notice_names_every_fault_at_once(at_the_counter, clerk, says):
    faults = [Found("没有签字", seq=1, remedy="请签字"), Found("比例不对", seq=2), Found("门牌没有写")]

    case = cases.ask_supplement(at_the_counter, faults, by=clerk, at=at("2026-03-03"), note="请一并补正")

    says(
        case, Kind.SUPPLEMENT, "1申请书没有签字请签字", "2经营场所平面图比例不对按要求重新提交", "3申请表门牌没有写",
        "第三十二条第一款第四项", "说明：请一并补正。", "不再要求补正其他内容", "2026年4月2日（含当日）前一次补正",
    )  # fmt: skip


def test_a_return_online_is_the_one_notice_too(submitted, clerk, says):
    case = cases.return_for_correction(submitted, [Found("看不清", seq=2)], by=clerk, at=at("2026-03-03"))

    says(case, Kind.PRE_RETURN, "经网上预审", "1经营场所平面图看不清")


def test_papers_go_back_with_their_list_and_reason(at_the_counter, clerk, says):
    case = cases.send_back(at_the_counter, reason="申请人要求退回", by=clerk, at=at("2026-03-03"))

    says(case, Kind.SENDING_BACK, "退件原因：申请人要求退回。", "1申请书1—", "2经营场所平面图1—")


def test_from_the_village_to_the_township_there_are_three_papers(
    collected, township_clerk, newest, paper, read
):
    case = cases.hand_up(collected, by=township_clerk, at=at("2026-03-03"))

    texts = {kind: read(paper(newest(case, kind))) for kind in kinds(case)}
    assert list(texts) == [Kind.COLLECTION, Kind.RECEIPT, Kind.HANDOVER]
    assert "代收不是受理" in texts[Kind.COLLECTION] and "代办员李兰" in texts[Kind.COLLECTION]
    assert "交件人李兰" in texts[Kind.HANDOVER] and "接收人谢芳" in texts[Kind.HANDOVER]
    assert texts[Kind.RECEIPT].startswith("临江镇人民政府收件凭证雁江临江府收〔2026〕1号")
    assert newest(case, Kind.COLLECTION).number == "雁江临江仁里代〔2026〕1号"


# ── 办理中 ───────────────────────────────────────────────────────────────────────────────────────────
def test_a_special_procedure_is_told_with_the_time_it_needs(in_review, window_head, says):
    case = cases.pause(
        in_review, "检测", days_needed=5, reason="抽样检测", by=window_head, at=at("2026-03-04")
    )

    says(
        case,
        Kind.SPECIAL,
        "进行检测，所需时间为5个工作日",
        "理由：抽样检测。",
        "第四十五条",
        "不计算在办结期限内",
    )


def test_what_only_the_guide_names_does_not_touch_the_law_s_term(in_review, window_head, says):
    case = cases.pause(
        in_review, "现场踏勘", days_needed=3, reason="看现场", by=window_head, at=at("2026-03-04")
    )

    says(case, Kind.SPECIAL, "依据本事项办事指南", "不影响法定办结期限")


def test_an_extension_is_told_with_its_reason_and_the_new_day(in_review, window_head, says):
    case = cases.extend(in_review, amount=5, reason="资料复杂", by=window_head, at=at("2026-03-05"))

    says(
        case,
        Kind.EXTENSION,
        "原定于2026年3月6日（含当日）前办结",
        "延长5个工作日至2026年3月13日",
        "延期理由：资料复杂。",
        "第四十二条",
    )


def test_a_hearing_has_three_letters(in_review, colleague, citizen, approver, says):
    hearing = cases.offer_hearing(
        in_review, subject="涉及相邻住户油烟排放", by=colleague, at=at("2026-03-04")
    )
    says(in_review, Kind.HEARING_RIGHT, "油烟排放", "2026年3月11日（含当日）前", "不承担组织听证的费用")

    cases.ask_hearing(hearing, asked_by_name="王小明", by=citizen, at=at("2026-03-05"))
    cases.call_hearing(
        hearing,
        held_on=date(2026, 3, 18),
        begins_at=time(9, 30),
        place="大厅三楼",
        presider=approver,
        by=colleague,
        at=at("2026-03-06"),
    )
    says(
        in_review,
        Kind.HEARING_CALL,
        "应王小明的申请",
        "听证时间2026年3月18日 09:30",
        "听证地点大厅三楼",
        "听证主持人何静",
    )

    cases.hold_hearing(
        hearing,
        minutes="各方陈述意见。\n没有新的证据。",
        signed_by="王小明、何静",
        by=colleague,
        at=at("2026-03-18"),
    )
    says(in_review, Kind.HEARING_RECORD, "各方陈述意见。没有新的证据。", "签名：王小明、何静", "记录人吴桐")
    assert Kind.SPECIAL not in kinds(in_review)


# ── 决定、送达 ────────────────────────────────────────────────────────────────────────────────────────
def test_a_grant_names_the_result_and_the_day_of_its_delivery(in_approval, approver, clerk, says, newest):
    case = cases.grant(in_approval, by=approver, at=at("2026-03-05"), result_number="JY15120020001234")
    says(
        case,
        Kind.GRANT,
        "准予行政许可决定书",
        "第三十八条第一款",
        "食品经营许可证，编号JY15120020001234",
        "2026年3月19日（含当日）前",
    )

    case = cases.deliver(case, "mail", proof="EMS1234567890", by=clerk, at=at("2026-03-06"))
    says(
        case,
        Kind.DELIVERY,
        f"《准予行政许可决定书》{newest(case, Kind.GRANT).number}",
        "邮件号EMS1234567890",
        "送达地点按申请人确认的地址邮寄",
        "送达人周敏",
    )


def test_a_refusal_always_has_reasons_and_both_remedies_with_body_and_term(in_approval, approver, says):
    case = cases.refuse(in_approval, reasons="场所距污染源不足25米", by=approver, at=at("2026-03-05"))

    says(
        case, Kind.REFUSAL, "不予行政许可决定书", "第三十八条第二款", "理由：场所距污染源不足25米。",
        "自收到本文书之日起六十日内向雁江区人民政府申请行政复议", "自收到本文书之日起六个月内向雁江区人民法院提起行政诉讼",
    )  # fmt: skip


def test_an_item_that_is_no_permit_is_not_decided_by_a_permit_decision(in_approval, approver, says):
    Item.objects.filter(pk=in_approval.item_id).update(type=ItemType.CONFIRMATION)
    case = cases.grant(in_approval, by=approver, at=at("2026-03-05"))

    says(case, Kind.GRANT, "准予办理决定书", "本机关决定准予办理")
    assert "行政许可法" not in str(Letter.objects.of(case).get(kind=Kind.GRANT).data)


def test_a_refused_delivery_is_noted_with_its_witness(in_approval, approver, clerk, says):
    case = cases.refuse(in_approval, reasons="不符", by=approver, at=at("2026-03-05"))
    case = cases.deliver(case, "refused", proof="拒绝签收，见证人李某，3月6日", by=clerk, at=at("2026-03-06"))

    says(
        case,
        Kind.DELIVERY,
        "送达方式拒收留置",
        "送达地点雁江区",
        "拒收事由及见证人拒绝签收，见证人李某，3月6日",
        "《不予行政许可决定书》",
    )


# ── 终结 ─────────────────────────────────────────────────────────────────────────────────────────────
def test_a_case_that_lapsed_is_told_why(at_the_counter, clerk, says):
    case = cases.ask_supplement(at_the_counter, [Found("没有签字", seq=1)], by=clerk, at=at("2026-03-03"))
    cases.lapse(at=at("2026-04-10"))

    says(case, Kind.LAPSE, "视为撤回通知书", "在2026年4月2日（含当日）前未补正，", "可以重新申请")


def test_who_never_brought_the_originals_is_told_just_that(submitted, clerk, says):
    ItemVersion.objects.filter(pk=submitted.version_id).update(needs_originals=True)
    case = cases.pass_pre_review(submitted, by=clerk, at=at("2026-03-03"))
    cases.lapse(at=at("2026-06-10"))

    says(case, Kind.LAPSE, "前未交验原件，依照告知")


def test_a_receipt_without_papers_says_so(collected):
    collected.materials.update(state=CaseMaterial.State.SHARED, checked_at=None)
    told = Told(
        collected.events.get(verb="collected"), Kind.COLLECTION, None, list(collected.materials.all())
    )

    listed = receipts.collection(told)["tables"][0]

    assert [row[1] for row in listed["rows"]] == ["没有收取材料（免提交的材料由窗口核对）"]


def test_a_promise_not_kept_is_told_as_such(at_the_counter, clerk, says):
    at_the_counter.materials.filter(seq=3).update(state=CaseMaterial.State.ABSENT, copies=0)
    case = cases.accept_tolerated(at_the_counter, promised_by="罗大明", by=clerk, at=at("2026-03-03"))
    cases.lapse_tolerated(at=at("2026-03-20"))

    says(case, Kind.LAPSE, "容缺受理的材料未在2026年3月10日（含当日）前补齐，依照承诺")


def test_termination_and_withdrawal_have_letters_of_their_own(
    in_review, window_head, submitted, citizen, says
):
    cases.terminate(in_review, reason="申请人已注销", by=window_head, at=at("2026-03-05"))

    says(in_review, Kind.TERMINATION, "终止办理通知书", "原因和依据：申请人已注销。")


def test_a_withdrawal_ends_the_examination_in_writing(accepted, citizen, says):
    cases.withdraw(accepted, reason="不办了", by=citizen, at=at("2026-03-04"))

    says(accepted, Kind.WITHDRAWAL, "终止审查通知书", "您于2026年3月4日申请撤回", "撤回原因：不办了。")


# ── what is not told ─────────────────────────────────────────────────────────────────────────────────
def test_every_kind_is_issued_by_some_verb():
    of_cases = {kind for issued in ISSUED_BY.values() for kind in issued}
    of_projects = {kind for kind, _ in issuing_projects.ISSUED_BY.values()}
    assert of_cases | of_projects == set(Kind)


def test_a_word_that_is_missing_undoes_the_verb_and_says_so(in_review, monkeypatch):
    event = CaseEvent(case=in_review, verb=Verb.DELIVERED, at=at("2026-03-05"), facts={"way": "counter"})

    with pytest.raises(NotAllowed, match="《送达回证》缺少要写的内容.*什么都没有改变"):
        actions.issue([event])

    assert Kind.DELIVERY not in kinds(in_review)


def test_a_company_is_addressed_as_one(accepted, newest, says):
    event = CaseEvent.objects.get(case=accepted, verb=Verb.PASSED_INTO_ACCEPTANCE)
    case = Case.objects.select_related("applicant").get(pk=accepted.pk)
    case.applicant.kind, case.applicant_name = "2", "资阳江畔餐饮有限公司"
    again = CaseEvent.objects.create(case=case, verb=Verb.ACCEPTED, at=event.at, facts=event.facts)

    actions.issue([again])

    words = newest(case, Kind.ACCEPTANCE).data
    assert words["addressee"] == "资阳江畔餐饮有限公司"
    assert words["paragraphs"][0].startswith("你单位于")
