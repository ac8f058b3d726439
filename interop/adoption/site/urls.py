"""The caller's name, and SimpleJWT's refresh."""
from django.urls import path
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.views import TokenRefreshView


class Profile(APIView):
    def get(self, request):
        return Response({"username": request.user.username})


urlpatterns = [
    path("api/profile/", Profile.as_view()),
    path("api/token/refresh/", TokenRefreshView.as_view()),
]
