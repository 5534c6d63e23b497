"""一件事公开查询: what can be handled together, and what it comes to for given answers. No login; throttled."""

import re

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import Throttled
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.gates import PUBLIC
from apps.cases.lookup import FORGOTTEN_AFTER, GuessedTooOften
from apps.points.models import ServicePoint
from apps.workflows.guiding import guide_of, on_offer
from apps.workflows.lookup import project_with
from apps.workflows.models import BundleVersion
from apps.workflows.states import BranchState

from .documented import documented
from .problems import Unprocessable
from .project_serializers import BundleDetail, BundleRow, ProjectProgress
from .public import GuessThrottle
from .serializers import ProgressQuestion


class Bundles(APIView):
    """一件事: those in force today, for citizens first."""

    gate = PUBLIC

    @documented(
        summary="一件事列表",
        answers={200: BundleRow(many=True)},
        is_public=True,
        operation_id="bundles_list",
    )
    def get(self, request):
        return Response(BundleRow(on_offer(on=timezone.localdate()), many=True).data)


class BundleGuideView(APIView):
    """一件事指南: items, papers, fields and days for the answers given."""

    gate = PUBLIC

    @documented(
        summary="一件事指南",
        answers={200: BundleDetail},
        refusals=(404, 422),
        is_public=True,
        parameters=[
            OpenApiParameter("answer", str, many=True, description="问题序号:答案，可以有几个，如 1:要"),
            OpenApiParameter("point", str, description="服务点路径：部门按这里的大厅列"),
        ],
    )
    def get(self, request, code: str):
        version = version_in_force(code)
        point = None
        if request.query_params.get("point"):
            point = place_of(request.query_params["point"])
        answers = dict(_answer(text) for text in request.query_params.getlist("answer"))
        return Response(BundleDetail(guide_of(version, answers, at_point=point)).data)


class ProgressOfProject(APIView):
    """查整件事的进度: by number and last four of the ID, without login; a wrong pair and no project answer alike."""

    gate = PUBLIC
    throttle_classes = [GuessThrottle]

    @documented(
        summary="凭编号查整件事的进度",
        request=ProgressQuestion,
        answers={200: ProjectProgress},
        refusals=(404, 415, 422),
        is_public=True,
    )
    def post(self, request):
        asked = ProgressQuestion(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            project = project_with(**asked.validated_data)
        except GuessedTooOften as refusal:
            raise Throttled(wait=FORGOTTEN_AFTER) from refusal
        if project is None:
            raise Http404
        applying = project.branches.exclude(state=BranchState.NOT_NEEDED)
        branches = applying.select_related("case").order_by("stage__number", "id")
        return Response(ProjectProgress({"project": project, "branches": branches}).data)


def version_in_force(code: str) -> BundleVersion:
    versions = BundleVersion.objects.in_force_on(timezone.localdate()).select_related("bundle")
    return get_object_or_404(versions, bundle__code=code)


def place_of(path: str) -> ServicePoint:
    """A hall of the city or a county, or a place below one."""
    point = ServicePoint.objects.open_on(timezone.localdate()).filter(path=path[:12]).first()
    if point is None:
        raise Unprocessable("没有这个服务点。", {"point": ["没有这个服务点。"]})
    return point


def _answer(text: str) -> tuple[str, str]:
    found = re.fullmatch(r"([0-9]{1,3}):(.{0,60})", text)
    if found is None:
        sentence = "答案请写成“问题序号:答案”，如 1:要。"
        raise Unprocessable(sentence, {"answer": [sentence]})
    return found[1], found[2]
