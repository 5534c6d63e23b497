"""令牌: for programs; the sign-in is the same, with the same lock-out."""

from django.contrib.auth import authenticate
from rest_framework import status
from rest_framework.authtoken.models import Token as TokenRow
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.response import Response
from rest_framework.throttling import AnonRateThrottle
from rest_framework.views import APIView

from apps.accounts.gates import PUBLIC, SIGNED_IN

from .documented import documented
from .problems import Refused
from .serializers import Credentials, Token


class SignInThrottle(AnonRateThrottle):
    scope = "sign_in"


class Tokens(APIView):
    gate = PUBLIC
    throttle_classes = [SignInThrottle]

    @documented(
        summary="取得令牌",
        request=Credentials,
        answers={200: Token},
        refusals=(401, 403, 409, 415, 422),
        is_public=True,
    )
    def post(self, request):
        sent = Credentials(data=request.data)
        sent.is_valid(raise_exception=True)
        user = authenticate(request._request, **sent.validated_data)
        if user is None:
            raise AuthenticationFailed()
        if any(held.needs_two_factors for held in user.assignments.all()) and not user.is_sample:
            raise Refused("这个岗位须用两种方式登录，不能只凭密码取得令牌。")
        token, _ = TokenRow.objects.get_or_create(user=user)
        return Response({"token": token.key})

    def get_authenticate_header(self, request):
        return "Token"


class CurrentToken(APIView):
    gate = SIGNED_IN

    @documented(summary="收回令牌", answers={204: None})
    def delete(self, request):
        TokenRow.objects.filter(user=request.user).delete()
        return Response(status=status.HTTP_204_NO_CONTENT)
