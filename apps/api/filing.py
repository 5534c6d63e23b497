"""在线申办: a citizen files, corrects and follows, by the same actions as the pages."""

import hashlib
import json

from django.db import IntegrityError, transaction
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework import generics, pagination, parsers, status
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.gates import SIGNED_IN
from apps.accounts.identity import clean_credit_code
from apps.accounts.models import Applicant, PrivacyNotice
from apps.cases import actions
from apps.cases.models import Case, Channel, FilingKey, Status
from apps.items.models import Item
from apps.points.models import ServicePoint

from .documented import documented
from .problems import Refused, Unprocessable
from .serializers import Answer, CaseDetail, CaseRow, Filing, FormEntry, Reason, Submission, Upload, Waiver

LONGEST_KEY = FilingKey._meta.get_field("key").max_length
IDEMPOTENCY = OpenApiParameter(
    "Idempotency-Key",
    str,
    OpenApiParameter.HEADER,
    required=False,
    description="同一编号重复提交只生成一份申请",
)


class Newest(pagination.CursorPagination):
    ordering = "-id"


class MyCases(generics.GenericAPIView):
    """我的办件: mine and those of my mandates; filing makes a draft, once per Idempotency-Key."""

    gate = SIGNED_IN
    serializer_class = CaseRow
    pagination_class = Newest
    filter_backends = []
    queryset = Case.objects.none()

    def get_queryset(self):
        return Case.objects.owned_by(self.request.user).select_related("item", "point", "department")

    @documented(
        summary="我的办件", answers={200: CaseRow(many=True)}, refusals=(404,), operation_id="my_cases_list"
    )
    def get(self, request):
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(CaseRow(page, many=True).data)

    @documented(
        summary="起草申请",
        request=Filing,
        answers={200: CaseDetail, 201: CaseDetail},
        refusals=(404, 409, 415, 422),
        parameters=[IDEMPOTENCY],
    )
    def post(self, request):
        filing = Filing(data=request.data)
        filing.is_valid(raise_exception=True)
        entered, key = filing.validated_data, request.headers.get("Idempotency-Key", "")
        if len(key) > LONGEST_KEY:
            sentence = f"Idempotency-Key最多{LONGEST_KEY}个字符。"
            raise Unprocessable(sentence, {"Idempotency-Key": [sentence]})
        fingerprint = hashlib.sha256(
            json.dumps(entered, sort_keys=True, ensure_ascii=False).encode()
        ).hexdigest()
        known = _filed_before(request.user, key, fingerprint)
        if known is not None:
            return Response(_shown(known), status=status.HTTP_200_OK)
        try:
            with transaction.atomic():
                case = self._draft(request, entered)
                if key:
                    FilingKey.objects.create(
                        user=request.user, key=key, fingerprint=fingerprint, case=case, at=timezone.now()
                    )
        except IntegrityError:  # the same key at the same moment: the other one made the case
            known = _filed_before(request.user, key, fingerprint)
            if known is None:
                raise
            return Response(_shown(known), status=status.HTTP_200_OK)
        return Response(_shown(case), status=status.HTTP_201_CREATED)

    def _draft(self, request, entered: dict) -> Case:
        at = timezone.now()
        item = get_object_or_404(Item.objects.select_related("current"), code=entered["item"])
        point = get_object_or_404(ServicePoint, path=entered["point"], valid_to=None)
        case = actions.draft(
            item,
            applicant=applicant_named(request, entered),
            at_point=point,
            channel=Channel.EXCHANGE,
            by=request.user,
            at=at,
        )
        if entered.get("form"):
            _fields_of_the_guide(case, entered["form"])
            case = actions.save_draft(case, form=entered["form"], at=at)
        return case


class MyCase(APIView):
    gate = SIGNED_IN

    @documented(summary="办件详情", answers={200: CaseDetail}, refusals=(404,))
    def get(self, request, key):
        return Response(_shown(_mine(request, key)))

    @documented(
        summary="修改申请表", request=FormEntry, answers={200: CaseDetail}, refusals=(404, 409, 415, 422)
    )
    def put(self, request, key):
        entry = FormEntry(data=request.data)
        entry.is_valid(raise_exception=True)
        case = _mine(request, key)
        _fields_of_the_guide(case, entry.validated_data["form"])
        case = actions.save_draft(case, form=entry.validated_data["form"], at=timezone.now())
        return Response(_shown(case))

    @documented(summary="删除草稿", answers={204: None}, refusals=(404, 409))
    def delete(self, request, key):
        actions.discard_draft(_mine(request, key))
        return Response(status=status.HTTP_204_NO_CONTENT)


class MyMaterial(APIView):
    gate = SIGNED_IN
    parser_classes = [parsers.MultiPartParser]

    @documented(
        summary="上传材料",
        request={"multipart/form-data": Upload},
        answers={200: CaseDetail},
        refusals=(404, 409, 415, 422),
        parameters=[OpenApiParameter("seq", int, OpenApiParameter.PATH)],
    )
    def post(self, request, key, seq: int):
        upload = Upload(data=request.data)
        upload.is_valid(raise_exception=True)
        case = _mine(request, key)
        material = get_object_or_404(case.materials.all(), seq=seq if seq < 32_000 else 0)
        actions.attach(material, upload.validated_data["file"], by=request.user, at=timezone.now())
        return Response(_shown(case))


class MySubmission(APIView):
    gate = SIGNED_IN

    @documented(
        summary="提交申请", request=Submission, answers={200: CaseDetail}, refusals=(404, 409, 415, 422)
    )
    def post(self, request, key):
        """Sent twice, it answers with the case that the first one made."""
        submission = Submission(data=request.data)
        submission.is_valid(raise_exception=True)
        case = _mine(request, key)
        if case.status == Status.DRAFT:
            notice = notice_shown(submission.validated_data["privacy_notice"])
            try:
                case = actions.submit(case, by=request.user, at=timezone.now(), privacy_notice=notice)
            except actions.NotAllowed:
                case.refresh_from_db()
                if case.status == Status.DRAFT:  # else the same request, sent at the same moment, was first
                    raise
        return Response(_shown(case))


class MyAnswer(APIView):
    gate = SIGNED_IN

    @documented(summary="提交补正", request=Answer, answers={200: CaseDetail}, refusals=(404, 409, 415, 422))
    def post(self, request, key):
        answer = Answer(data=request.data)
        answer.is_valid(raise_exception=True)
        given = answer.validated_data.get("answers", {})
        bad = [name for name in given if not (name.isascii() and name.isdigit() and len(name) < 18)]
        if bad:
            raise Unprocessable("问题编号应为数字。", {f"answers.{bad[0][:20]}": ["问题编号应为数字。"]})
        case = _mine(request, key)
        answers = {int(name): text for name, text in given.items()}
        act = actions.resubmit if case.status == Status.PRE_RETURNED else actions.supplement
        act(case, answers, by=request.user, at=timezone.now())
        return Response(_shown(case))


class MyWithdrawal(APIView):
    gate = SIGNED_IN

    @documented(summary="撤回申请", request=Reason, answers={200: CaseDetail}, refusals=(404, 409, 415, 422))
    def post(self, request, key):
        reason = Reason(data=request.data)
        reason.is_valid(raise_exception=True)
        case = actions.withdraw(
            _mine(request, key), reason=reason.validated_data["reason"], by=request.user, at=timezone.now()
        )
        return Response(_shown(case))


class MyHearingRequest(APIView):
    gate = SIGNED_IN

    @documented(summary="申请听证", answers={200: CaseDetail}, refusals=(404, 409))
    def post(self, request, key):
        """Within five working days of being told (行政许可法 art. 47); both clocks stand still until it is over."""
        case = actions.ask_hearing_online(_mine(request, key), by=request.user, at=timezone.now())
        return Response(_shown(case))


class MyHearingWaiver(APIView):
    gate = SIGNED_IN

    @documented(summary="放弃听证", request=Waiver, answers={200: CaseDetail}, refusals=(404, 409, 415, 422))
    def post(self, request, key):
        """Expressly: it cannot be taken back."""
        waiver = Waiver(data=request.data)
        waiver.is_valid(raise_exception=True)
        case = actions.waive_hearing_online(
            _mine(request, key),
            is_understood=waiver.validated_data["understood"],
            by=request.user,
            at=timezone.now(),
        )
        return Response(_shown(case))


def _mine(request, key) -> Case:
    return get_object_or_404(Case.objects.owned_by(request.user), key=key)


def _fields_of_the_guide(case: Case, form: dict[str, str]) -> None:
    """What the guide does not ask for is refused aloud: dropped in silence, it would be missed at the check."""
    unknown = sorted(set(form) - {described["name"] for described in case.version.form_fields})
    if unknown:
        sentence = "办事指南里没有这一栏。"
        raise Unprocessable(
            "申请表里有办事指南没有的栏目。", {f"form.{name[:60]}": [sentence] for name in unknown[:20]}
        )


def notice_shown(version: str) -> str:
    """The version that the applicant was shown must be the one in force (个人信息保护法 art. 17): it goes on record."""
    notice = PrivacyNotice.in_force()
    if notice is None or notice.version != version:
        now = f"现行版本是{notice.version}" if notice else "现在还没有发布告知"
        sentence = f"这不是现行的个人信息处理告知，{now}。请先向申请人展示现行的告知，再提交。"
        raise Unprocessable(sentence, {"privacy_notice": [sentence]})
    return version


def _shown(case: Case) -> dict:
    shown = Case.objects.select_related("item", "point", "department").prefetch_related("materials__files")
    return CaseDetail(shown.get(pk=case.pk)).data


def applicant_named(request, entered: dict) -> Applicant:
    if not entered.get("applicant"):
        own = Applicant.objects.filter(user=request.user).first()
        if own is None:
            raise Refused("这个账号没有实名登记的申请人，不能为自己申请。")
        return own
    code = clean_credit_code(entered["applicant"])
    mandated = {"mandates_given__agent": request.user, "mandates_given__revoked_at": None}
    held = Applicant.objects.with_number(code).filter(**mandated).first()
    if held is None:
        raise Refused("您没有这个单位的有效委托。")
    return held


def _filed_before(user, key: str, fingerprint: str) -> Case | None:
    known = FilingKey.objects.filter(user=user, key=key).select_related("case").first() if key else None
    if known is None:
        return None
    if known.fingerprint != fingerprint:
        raise Refused("这个Idempotency-Key已用于另一份内容不同的申请，请换一个。")
    return known.case
