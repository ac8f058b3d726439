import json

from django.contrib.auth import get_user_model, logout
from django.http import HttpResponse, JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from rest_framework.authtoken.views import obtain_auth_token
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt import views as jwt


class ProfileView(APIView):
    def get(self, request):
        user = request.user
        email = getattr(user, get_user_model().EMAIL_FIELD if hasattr(user, "EMAIL_FIELD") else "email", "") or ""
        return Response({"username": user.get_username() or "", "email": email})


@csrf_exempt
def session(request):
    """What is in the session; a POST puts more into it."""
    if request.method == "POST":
        request.session.update(json.loads(request.body))
    return JsonResponse(dict(request.session.items()))


@csrf_exempt
def leave(request):
    logout(request)
    return HttpResponse(status=204)


urlpatterns = [
    path("session/", session),
    path("logout/", leave),
    path("api-token-auth/", obtain_auth_token),
    path("api/token/", jwt.TokenObtainPairView.as_view()),
    path("api/token/refresh/", jwt.TokenRefreshView.as_view()),
    path("api/token/verify/", jwt.TokenVerifyView.as_view()),
    path("api/token/blacklist/", jwt.TokenBlacklistView.as_view()),
    path("api/profile/", ProfileView.as_view()),
]
