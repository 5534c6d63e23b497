"""文书: the letters of a case and their PDFs, for staff within their scope and for whose case it is."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.http import content_disposition_header
from drf_spectacular.types import OpenApiTypes
from rest_framework import renderers, serializers
from rest_framework.response import Response
from rest_framework.views import APIView

from apps.accounts.gates import SIGNED_IN
from apps.cases.models import Case
from apps.letters import actions
from apps.letters.models import Letter
from apps.letters.standing import standing_of

from .documented import documented
from .problems import Refused

LARGEST_KEY = 2**63 - 1


class LetterRow(serializers.ModelSerializer):
    """文书: `standing` says whether it holds and what came after; `sha256` is empty until the PDF was made."""

    id = serializers.IntegerField(source="pk")
    kind_words = serializers.CharField(source="get_kind_display")
    is_revoked = serializers.BooleanField()
    standing = serializers.SerializerMethodField()

    class Meta:
        model = Letter
        fields = [
            "id", "kind", "kind_words", "title", "number", "issued_at", "check_code", "sha256", "is_revoked", "standing",
        ]  # fmt: skip

    def get_standing(self, letter) -> str:
        return standing_of(letter).words


class Pdf(renderers.BaseRenderer):
    """Lets a client ask for application/pdf; the view answers with the file itself."""

    media_type = "application/pdf"
    format = "pdf"
    charset = None
    render_style = "binary"

    def render(self, data, accepted_media_type=None, renderer_context=None):
        return renderers.JSONRenderer().render(data)


class Letters(APIView):
    gate = "cases.view_papers"

    @documented(summary="办件的文书", answers={200: LetterRow(many=True)}, refusals=(404,))
    def get(self, request, number: str):
        return _rows(get_object_or_404(_staff(request), number=number))


class LetterFile(APIView):
    gate = "cases.view_papers"
    renderer_classes = [renderers.JSONRenderer, Pdf]

    @documented(
        summary="文书 PDF", answers={(200, "application/pdf"): OpenApiTypes.BINARY}, refusals=(404, 409)
    )  # fmt: skip
    def get(self, request, number: str, pk: int):
        return _file(get_object_or_404(_staff(request), number=number), pk)


class MyLetters(APIView):
    gate = SIGNED_IN

    @documented(summary="我的办件的文书", answers={200: LetterRow(many=True)}, refusals=(404,))
    def get(self, request, key):
        return _rows(get_object_or_404(Case.objects.owned_by(request.user), key=key))


class MyLetterFile(APIView):
    gate = SIGNED_IN
    renderer_classes = [renderers.JSONRenderer, Pdf]

    @documented(
        summary="我的文书 PDF", answers={(200, "application/pdf"): OpenApiTypes.BINARY}, refusals=(404, 409)
    )  # fmt: skip
    def get(self, request, key, pk: int):
        return _file(get_object_or_404(Case.objects.owned_by(request.user), key=key), pk)


def _staff(request):
    return Case.objects.visible_to(request.user).started()


def _rows(case: Case) -> Response:
    letters = list(Letter.objects.of(case).for_list())
    for letter in letters:
        letter.case = case
    return Response(LetterRow(letters, many=True).data)


def _file(case: Case, pk: int) -> HttpResponse:
    letter = get_object_or_404(Letter.objects.of(case), pk=min(pk, LARGEST_KEY))
    try:
        letter = actions.render(letter, at=timezone.now())
    except actions.CannotRender as reason:
        raise Refused(str(reason)) from reason
    answer = HttpResponse(letter.pdf.read(), content_type="application/pdf")
    answer.headers["Content-Disposition"] = content_disposition_header(False, letter.file_name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
