"""接口文档: the way in, the schema and its pages, served from this machine."""

from django.urls import reverse
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework import serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.gates import PUBLIC

from .documented import documented


class Schema(SpectacularAPIView):
    gate = PUBLIC


class Docs(SpectacularSwaggerSplitView):
    gate = PUBLIC
    url_name = "api:schema"


class WayIn(serializers.Serializer):
    """从这里开始: the addresses that need no other to be known."""

    docs = serializers.URLField(help_text="可以浏览和试用的接口文档")
    schema = serializers.URLField(help_text="OpenAPI 3 描述")
    tokens = serializers.URLField(help_text="用账号换令牌")
    items = serializers.URLField(help_text="事项和办事指南")
    points = serializers.URLField(help_text="服务点")
    progress = serializers.URLField(help_text="凭编号查进度")
    my_cases = serializers.URLField(help_text="我的办件")
    desk = serializers.URLField(help_text="工作人员的待办")


class Index(APIView):
    """入口: where the documents are, and where each group of endpoints begins."""

    gate = PUBLIC

    @documented(summary="入口", answers={200: WayIn}, is_public=True)
    def get(self, request):
        names = {
            "docs": "docs",
            "schema": "schema",
            "tokens": "tokens",
            "items": "item-list",
            "points": "point-list",
            "progress": "progress",
            "my_cases": "my-case-list",
            "desk": "desk-list",
        }
        return Response(
            {name: request.build_absolute_uri(reverse(f"api:{view}")) for name, view in names.items()}
        )
