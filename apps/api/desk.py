"""窗口办理: staff list their work and act. Every list is `visible_to`, every act the same action as in the pages."""

from collections.abc import Callable

from django.shortcuts import get_object_or_404
from django.utils import timezone
from rest_framework import generics
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.models import User
from apps.cases import actions
from apps.cases.filters import CaseFilter
from apps.cases.models import Case, Status, StepRequest

from . import serializers as s
from .documented import documented
from .filing import Newest


class Cases(generics.ListAPIView):
    """办件: those one may see, newest first."""

    gate = "cases.view_case"
    serializer_class = s.CaseRow
    pagination_class = Newest
    filterset_class = CaseFilter
    queryset = Case.objects.none()

    def get_queryset(self):
        return Case.objects.visible_to(self.request.user).started().for_row()

    @documented(summary="办件列表", answers={200: s.CaseRow(many=True)}, refusals=(404, 422))
    def get(self, request, *args, **kwargs):
        return self.list(request, *args, **kwargs)


class Desk(generics.ListAPIView):
    """我的待办: open cases on the desk of the current role."""

    gate = "cases.view_case"
    serializer_class = s.CaseRow
    pagination_class = Newest
    filterset_class = CaseFilter
    queryset = Case.objects.none()

    def get_queryset(self):
        user = self.request.user
        return Case.objects.visible_to(user).on_desk_of(user).for_row()

    @documented(summary="我的待办", answers={200: s.CaseRow(many=True)}, refusals=(404, 422))
    def get(self, request, *args, **kwargs):
        return self.list(request, *args, **kwargs)


class OneCase(APIView):
    gate = "cases.view_papers"

    @documented(summary="办件详情", answers={200: s.CaseDetail}, refusals=(404,))
    def get(self, request, number: str):
        return Response(_shown(_seen(request, number), request))


class History(APIView):
    """办件日志: append-only, in order."""

    gate = "cases.view_history"

    @documented(summary="办件日志", answers={200: s.EventRow(many=True)}, refusals=(404,))
    def get(self, request, number: str):
        events = _seen(request, number).events.select_related("by", "assignment").order_by("id")
        return Response(s.EventRow(events, many=True).data)


def act(
    name: str, gate: str, summary: str, do: Callable[[Case, dict, object, object], Case], body=None
) -> type[APIView]:
    """One act as an endpoint: who may, what is sent, and the one action it calls."""

    class Act(APIView):
        @documented(
            summary=summary,
            request=body,
            answers={200: s.CaseDetail},
            refusals=(404, 409, 415, 422),
            operation_id=f"case_{name}",
        )
        def post(self, request, number: str):
            entered = {}
            if body is not None:
                sent = body(data=request.data)
                sent.is_valid(raise_exception=True)
                entered = sent.validated_data
            case = do(_seen(request, number), entered, request.user, timezone.now())
            return Response(_shown(case, request))

    Act.gate = gate
    Act.__name__ = f"Case{name.title().replace('_', '')}"
    Act.__doc__ = summary
    return Act


def _found(sent: dict) -> list[actions.Found]:
    return [
        actions.Found(fault["text"], fault.get("material"), fault.get("remedy", ""))
        for fault in sent["faults"]
    ]


def _notify(case: Case, sent: dict, by, at) -> Case:
    tell = actions.return_for_correction if case.status == Status.PRE_SUBMITTED else actions.ask_supplement
    return tell(case, _found(sent), by=by, at=at, note=sent.get("note", ""))


def _decide(case: Case, sent: dict, by, at) -> Case:
    if sent["result"] == "grant":
        return actions.grant(
            case, by=by, at=at, opinion=sent.get("opinion", ""), result_number=sent.get("result_number", "")
        )
    return actions.refuse(
        case, reasons=sent.get("reasons", ""), remedies=sent.get("remedies") or actions.REMEDIES, by=by, at=at
    )


def _answer(case: Case, sent: dict, by, at) -> Case:
    request = get_object_or_404(StepRequest, case=case, pk=sent["request"])
    if sent["approve"]:
        return actions.approve(request, by=by, at=at)
    return actions.deny(request, answer=sent.get("why", ""), by=by, at=at)


def _hand_over(case: Case, sent: dict, by, at) -> Case:
    to = User.objects.filter(username=sent["to"], is_active=True).first()
    if to is None:
        raise actions.NotAllowed("没有这位同事。")
    return actions.hand_over(case, to=to, note=sent["note"], by=by, at=at)


ACTS: dict[str, type[APIView]] = {
    "hand-up": act(
        "hand_up",
        "cases.receive_case",
        "签收代收材料",
        lambda case, sent, by, at: actions.hand_up(case, by=by, at=at),
    ),
    "pre-review": act(
        "pre_pass",
        "cases.pre_review_case",
        "预审通过",
        lambda case, sent, by, at: actions.pass_pre_review(case, by=by, at=at, note=sent.get("note", "")),
        s.Note,
    ),
    "notices": act("notify", "cases.return_case", "一次性告知", _notify, s.NoticeToSend),
    "acceptance": act(
        "accept", "cases.accept_case", "受理", lambda case, sent, by, at: actions.accept(case, by=by, at=at)
    ),
    "non-acceptance": act(
        "refuse_acceptance",
        "cases.return_case",
        "不予受理",
        lambda case, sent, by, at: actions.refuse_acceptance(case, by=by, at=at, **sent),
        s.NonAcceptance,
    ),
    "sending-back": act(
        "send_back",
        "cases.return_case",
        "退件",
        lambda case, sent, by, at: actions.send_back(case, by=by, at=at, **sent),
        s.Reason,
    ),
    "review": act(
        "start_review",
        "cases.review_case",
        "开始审查",
        lambda case, sent, by, at: actions.start_review(case, by=by, at=at),
    ),
    "opinion": act(
        "finish_review",
        "cases.review_case",
        "提交审查意见",
        lambda case, sent, by, at: actions.finish_review(case, by=by, at=at, **sent),
        s.Opinion,
    ),
    "pauses": act(
        "pause",
        "cases.pause_case",
        "启动特别程序；无批准权限的为报批",
        lambda case, sent, by, at: actions.seek_pause(
            case, sent["kind"], days_needed=sent["days_needed"], reason=sent["reason"], by=by, at=at
        ),
        s.PauseToOpen,
    ),
    "resumption": act(
        "resume",
        "cases.pause_case",
        "特别程序结束",
        lambda case, sent, by, at: actions.resume(case, by=by, at=at, **sent),
        s.ResultOfPause,
    ),
    "tolerance": act(
        "accept_tolerated",
        "cases.accept_case",
        "容缺受理",
        lambda case, sent, by, at: actions.accept_tolerated(case, by=by, at=at, **sent),
        s.TolerancePromise,
    ),
    "tolerated-papers": act(
        "bring_tolerated",
        "cases.receive_case",
        "补交容缺材料",
        lambda case, sent, by, at: actions.bring_tolerated(case, sent["seqs"], by=by, at=at),
        s.PaperNumbers,
    ),
    "promise": act(
        "take_promise",
        "cases.accept_case",
        "登记告知承诺",
        lambda case, sent, by, at: actions.take_promise(case, sent["seqs"], by=by, at=at),
        s.PaperNumbers,
    ),
    "extension": act(
        "extend",
        "cases.pause_case",
        "延期；无批准权限的为报批",
        lambda case, sent, by, at: actions.seek_extension(case, by=by, at=at, **sent),
        s.Extension,
    ),
    "step-answer": act("answer_step", "cases.approve_step", "批复特别程序或延期", _answer, s.StepAnswer),
    "handover": act("hand_over", "cases.hand_over_case", "移交经办人", _hand_over, s.Handover),
    "termination": act(
        "terminate",
        "cases.approve_step",
        "终止办理",
        lambda case, sent, by, at: actions.terminate(case, by=by, at=at, **sent),
        s.Reason,
    ),
    "decision": act("decide", "cases.decide_case", "作出决定", _decide, s.Decision),
    "delivery": act(
        "deliver",
        "cases.deliver_case",
        "登记送达",
        lambda case, sent, by, at: actions.deliver(case, sent["way"], proof=sent["proof"], by=by, at=at),
        s.Delivery,
    ),
    "archive": act(
        "archive",
        "cases.archive_case",
        "归档",
        lambda case, sent, by, at: actions.archive(case, by=by, at=at, **sent),
        s.ArchiveNumber,
    ),
    "withdrawal": act(
        "withdraw",
        "cases.withdraw_case",
        "登记撤回",
        lambda case, sent, by, at: actions.withdraw(case, by=by, at=at, **sent),
        s.Reason,
    ),
}
"""Acts by the noun they make."""


def _seen(request, number: str) -> Case:
    seen = Case.objects.visible_to(request.user).started()
    return get_object_or_404(seen, number=number)


def _shown(case: Case, request) -> dict:
    shown = Case.objects.select_related("item", "point", "department", "applicant").prefetch_related(
        "materials__files"
    )
    return s.CaseDetail(shown.get(pk=case.pk), context={"request": request}).data
