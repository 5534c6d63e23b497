"""Problem documents (RFC 9457) in Chinese: every refusal of the API has a type, a title, a sentence, and its fields."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from apps.accounts.actions import NotAllowed as AccountRefused
from apps.accounts.identity import BadNumber
from apps.cases.actions import Incomplete, NotAllowed
from apps.cases.uploads import BadFile
from apps.workflows.actions import Incomplete as ProjectIncomplete
from apps.workflows.actions import NotAllowed as ProjectRefused

MEDIA_TYPE = "application/problem+json"

TITLES = {
    400: "请求无法解析",
    401: "请先登录",
    403: "没有权限",
    404: "没有找到",
    405: "不支持这种方法",
    406: "不支持要求的格式",
    409: "现在不能这样办",
    413: "内容太大",
    415: "不支持的内容类型",
    422: "内容有误",
    429: "请求太频繁",
}
SENTENCES = {
    400: "请求的内容不是有效的JSON，请检查格式。",
    401: "这个接口需要登录或令牌。",
    403: "您当前的岗位没有这项权限。",
    404: "没有这个对象，或不在您的职责范围内。",
    405: "这个地址不支持所用的方法。",
    406: "本接口只提供JSON。",
    415: "请用application/json提交；上传材料用multipart/form-data。",
    429: "请稍后再试。",
}


class Problem(serializers.Serializer):
    """问题文档: what went wrong and what to do; `errors` maps a field to its sentences."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = serializers.DictField(child=serializers.ListField(child=serializers.CharField()), required=False)


class Refused(exceptions.APIException):
    """409: the rules of the trade do not allow it at this step."""

    status_code = status.HTTP_409_CONFLICT


class UnknownParameter(exceptions.APIException):
    """400: a query parameter that the endpoint does not know; nothing is narrowed by it in silence."""

    status_code = status.HTTP_400_BAD_REQUEST

    def __init__(self, unknown: list[str], taken: list[str]):
        known = f"可用的有：{'、'.join(taken)}。" if taken else "这个接口没有查询参数。"
        super().__init__(f"不认识查询参数{'、'.join(unknown)}。{known}"[:2000])
        self.errors = {name: ["不认识这个参数。"] for name in unknown}


class Unprocessable(exceptions.APIException):
    """422: understood, but something in it is missing or wrong; `errors` says where."""

    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY

    def __init__(self, detail: str, errors: dict[str, list[str]] | None = None):
        super().__init__(detail)
        self.errors = errors or {}


def handler(error: Exception, context: dict) -> Response | None:
    """The exception handler of the API. What is not one of ours goes on, and is a 500."""
    error = _in_words(error)
    if not isinstance(error, exceptions.APIException):
        return None
    set_rollback()
    code = error.status_code
    document = problem(code, _sentence(error, code))
    errors = getattr(error, "errors", None)
    if errors:
        document["errors"] = errors
    headers = {}
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait))
    return Response(document, status=code, headers=headers, content_type=MEDIA_TYPE)


def problem(code: int, detail: str = "") -> dict:
    """One problem document; without a sentence of its own it says what its status means."""
    return {
        "type": f"urn:yizhan:problem:{code}",
        "title": TITLES.get(code, "请求没有办成"),
        "status": code,
        "detail": detail or SENTENCES.get(code, "系统出了问题，请稍后再试，或拨打服务热线。"),
    }


def _in_words(error: Exception) -> Exception:
    if isinstance(error, Incomplete | ProjectIncomplete):
        return Unprocessable(str(error), {name: [sentence] for name, sentence in error.faults.items()})
    if isinstance(error, NotAllowed | AccountRefused | ProjectRefused):
        return Refused(str(error))
    if isinstance(error, BadFile):
        return Unprocessable(str(error), {"file": [str(error)]})
    if isinstance(error, BadNumber):
        return Unprocessable(str(error), {"number": [str(error)]})
    if isinstance(error, exceptions.ValidationError):
        return Unprocessable("有内容填得不对，请按提示更正。", _by_field(error.detail))
    if isinstance(error, Http404):
        return exceptions.NotFound()
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    return error


def _sentence(error: exceptions.APIException, code: int) -> str:
    if isinstance(error, Refused | Unprocessable | UnknownParameter):
        return str(error.detail)
    if code == 429 and getattr(error, "wait", None):
        return f"请求太频繁，请{int(error.wait)}秒后再试。"
    if code == 401 and error.detail.code == "authentication_failed":
        return "用户名、密码或令牌不对。"
    return SENTENCES.get(code, str(error.detail))


def _by_field(detail, name: str = "") -> dict[str, list[str]]:
    """Nested validation errors as one flat map: `materials.0.seq` → sentences."""
    if isinstance(detail, dict):
        pairs = [(f"{name}.{key}" if name else str(key), part) for key, part in detail.items()]
    elif isinstance(detail, list) and any(isinstance(part, dict | list) for part in detail):
        pairs = [(f"{name}.{at}" if name else str(at), part) for at, part in enumerate(detail)]
    else:
        return {
            name or "non_field_errors": [
                str(part) for part in (detail if isinstance(detail, list) else [detail])
            ]
        }
    flat: dict[str, list[str]] = {}
    for key, part in pairs:
        flat |= _by_field(part, key)
    return flat
