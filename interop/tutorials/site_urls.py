"""The URL maps of the tutorials' projects."""
import os

from django.contrib import admin
from django.urls import include, path
from rest_framework.authtoken.views import obtain_auth_token
from rest_framework_simplejwt import views as jwt

import site_views as views

EXAMPLES = {
    "drfauth101": [
        path("home/", views.Home.as_view()),
        path("admin/", admin.site.urls),
        path("api-token-auth/", obtain_auth_token),
        path("api/token/", jwt.TokenObtainPairView.as_view()),
        path("api/token/refresh/", jwt.TokenRefreshView.as_view()),
    ],
    "token-profile": [
        path("api/profile/", views.UserProfileView.as_view()),
        path("api/token/", obtain_auth_token),
    ],
    "jwt-products": [
        path("products/", views.ProductListCreateView.as_view()),
        path("login/", jwt.TokenObtainPairView.as_view()),
        path("refresh_token/", jwt.TokenRefreshView.as_view()),
        path("verify_token/", jwt.TokenVerifyView.as_view()),
        path("blacklist_token/", jwt.TokenBlacklistView.as_view()),
        path("auth/token/", obtain_auth_token),
    ],
    "session-dashboard": [
        path("dashboard/", views.DashboardAPI.as_view()),
        path("api-auth/", include("rest_framework.urls")),
        path("admin/", admin.site.urls),  # the page after a logout links to it
    ],
    "custom-authentication": [
        path("name-tag/", views.NameTagView.as_view()),
        path("example/", views.ExampleView.as_view()),
    ],
    "object-permissions": [
        path("snippets/", views.SnippetList.as_view()),
        path("snippets/<int:pk>/", views.SnippetDetail.as_view()),
    ],
}

urlpatterns = EXAMPLES[os.environ["EXAMPLE"]]
