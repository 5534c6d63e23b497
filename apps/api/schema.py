"""接口文档: the schema and its pages, served from this machine."""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from apps.accounts.gates import PUBLIC


class Schema(SpectacularAPIView):
    gate = PUBLIC


class Docs(SpectacularSwaggerSplitView):
    gate = PUBLIC
    url_name = "api:schema"
