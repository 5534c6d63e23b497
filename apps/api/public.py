"""公开查询: items, guides, points, calendar, progress. No login; throttled; the same querysets as the portal."""

from datetime import date, timedelta

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter
from rest_framework import generics, pagination
from rest_framework.exceptions import Throttled
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from apps.accounts.gates import PUBLIC
from apps.calendars import loaded
from apps.cases.lookup import FORGOTTEN_AFTER, GuessedTooOften, case_with
from apps.items.models import Item, Offering
from apps.points.models import ServicePoint

from .documented import documented
from .serializers import ItemDetail, ItemRow, PointRow, Progress, ProgressQuestion, YearOfDays

TEXT = {"type": str, "required": False}


class ByPinyin(pagination.CursorPagination):
    ordering = ("sort_key", "id")


class ByPath(pagination.CursorPagination):
    ordering = ("path", "id")
    page_size = 50


class GuessThrottle(AnonRateThrottle):
    """Progress is asked with a number and four characters: guessing must be slow."""

    scope = "progress"


class Items(generics.ListAPIView):
    """事项: on offer, by pinyin; `q` finds by name, plain words, pinyin or initials."""

    gate = PUBLIC
    serializer_class = ItemRow
    pagination_class = ByPinyin
    filter_backends = []

    def get_queryset(self):
        items, asked = Item.objects.on_offer(), self.request.query_params
        if asked.get("q", "").strip():
            found = items.search(asked["q"][:60])
            items = Item.objects.filter(pk__in=list(found.values_list("pk", flat=True)[:200]))
        if asked.get("type"):
            items = items.filter(type=asked["type"][:2])
        if asked.get("at"):
            point = ServicePoint.objects.filter(path=asked["at"][:12], valid_to=None).first()
            offered = Offering.objects.at(point) if point else Offering.objects.none()
            items = items.filter(pk__in=offered.values("item"))
        return items

    @documented(
        summary="事项列表",
        answers={200: ItemRow(many=True)},
        refusals=(404,),
        is_public=True,
        parameters=[
            OpenApiParameter("q", description="名称、群众说法、拼音或首字母", **TEXT),
            OpenApiParameter("type", description="事项类型代码，GB/T 39046 A.1", **TEXT),
            OpenApiParameter("at", description="服务点路径：只列这里办理的事项", **TEXT),
        ],
    )
    def get(self, request, *args, **kwargs):
        return self.list(request, *args, **kwargs)


class ItemGuide(APIView):
    """办事指南: the version in force, with its materials and form."""

    gate = PUBLIC

    @documented(summary="办事指南", answers={200: ItemDetail}, refusals=(404,), is_public=True)
    def get(self, request, code: str):
        item = get_object_or_404(Item.objects.on_offer().select_related("current"), code=code)
        return Response(ItemDetail(item).data)


class Points(generics.ListAPIView):
    """服务点: the four-tier tree; `under` lists the places directly below one."""

    gate = PUBLIC
    serializer_class = PointRow
    pagination_class = ByPath
    filter_backends = []

    def get_queryset(self):
        points, asked = ServicePoint.objects.filter(valid_to=None), self.request.query_params
        if asked.get("under"):
            points = points.filter(parent__path=asked["under"][:12])
        if asked.get("level"):
            points = points.filter(level=asked["level"][:1])
        return points

    @documented(
        summary="服务点列表",
        answers={200: PointRow(many=True)},
        refusals=(404,),
        is_public=True,
        parameters=[
            OpenApiParameter("under", description="上级服务点的路径", **TEXT),
            OpenApiParameter("level", description="行使层级：3市 4县 5乡 6村", **TEXT),
        ],
    )
    def get(self, request, *args, **kwargs):
        return self.list(request, *args, **kwargs)


class Point(APIView):
    gate = PUBLIC

    @documented(summary="服务点", answers={200: PointRow}, refusals=(404,), is_public=True)
    def get(self, request, path: str):
        return Response(PointRow(get_object_or_404(ServicePoint, path=path, valid_to=None)).data)


class CalendarOfYear(APIView):
    """工作日历: every day of a year, whether it is worked and why."""

    gate = PUBLIC

    @documented(
        summary="工作日历",
        answers={200: YearOfDays},
        refusals=(404,),
        is_public=True,
        parameters=[OpenApiParameter("year", int, OpenApiParameter.PATH)],
    )
    def get(self, request, year: int):
        if not 2000 <= year <= 2100:
            return Response(YearOfDays({"year": year, "state": "unknown", "days": []}).data)
        calendar = loaded.current()
        state = (
            "published"
            if year in calendar.published
            else "forecast"
            if year in calendar.forecast
            else "unknown"
        )
        first = date(year, 1, 1)
        notes = [
            {"date": day, "is_workday": calendar.is_workday(day), "why": calendar.why(day)}
            for day in (first + timedelta(days=n) for n in range((date(year + 1, 1, 1) - first).days))
        ]
        return Response(YearOfDays({"year": year, "state": state, "days": notes}).data)


class ProgressOfCase(APIView):
    """查进度: by number and last four of the ID, without login; a wrong pair and no case answer alike."""

    gate = PUBLIC
    throttle_classes = [GuessThrottle]

    @documented(
        summary="凭编号查进度",
        request=ProgressQuestion,
        answers={200: Progress},
        refusals=(404, 415, 422),
        is_public=True,
    )
    def post(self, request):
        asked = ProgressQuestion(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            case = case_with(**asked.validated_data)
        except GuessedTooOften as refusal:
            raise Throttled(wait=FORGOTTEN_AFTER) from refusal
        if case is None:
            raise Http404
        return Response(Progress(case).data)
