"""The tutorials' views. What they list is kept in memory, as in our examples."""
from django.contrib.auth.models import User
from django.core.signing import BadSignature, TimestampSigner
from django.http import Http404
from rest_framework import authentication, exceptions, permissions, serializers
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.authentication import JWTAuthentication


class Home(APIView):
    def get(self, request):
        return Response({"message": "Hello, world!"})

    def post(self, request):
        return Response({"message": "Got some data!", "data": request.data})


class UserProfileView(APIView):
    authentication_classes = [authentication.TokenAuthentication]

    def get(self, request):
        return Response({"username": request.user.username, "email": request.user.email})


class DashboardAPI(APIView):
    authentication_classes = [authentication.SessionAuthentication]

    def get(self, request):
        return Response({"message": f"Hello {request.user.username}, welcome to your dashboard"})


class ProductSerializer(serializers.Serializer):
    name = serializers.CharField()
    category = serializers.CharField()


class ProductListCreateView(APIView):
    authentication_classes = [JWTAuthentication]
    products = []

    def get(self, request):
        wanted = request.query_params.items()
        return Response([p for p in self.products if all(p.get(name) == value for name, value in wanted)])

    def post(self, request):
        serializer = ProductSerializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        product = {"id": len(self.products) + 1, **serializer.validated_data}
        self.products.append(product)
        return Response(product, status=201)


SIGNER = TimestampSigner(salt="name-tag")


class ExampleAuthentication(authentication.BaseAuthentication):
    def authenticate(self, request):
        tag = request.META.get("HTTP_X_USERNAME")
        if tag is None:
            return None
        try:
            return User.objects.get(username=SIGNER.unsign(tag, max_age=60), is_active=True), None
        except BadSignature:
            raise exceptions.AuthenticationFailed("Invalid name tag.")
        except User.DoesNotExist:
            raise exceptions.AuthenticationFailed("No such user")


class NameTagView(APIView):
    authentication_classes = [authentication.BasicAuthentication]

    def get(self, request):
        return Response({"X-Username": SIGNER.sign(request.user.username)})


class ExampleView(APIView):
    authentication_classes = [ExampleAuthentication]

    def get(self, request):
        return Response({"user": str(request.user), "auth": str(request.auth)})


class IsOwnerOrReadOnly(permissions.BasePermission):
    def has_object_permission(self, request, view, snippet):
        return request.method in permissions.SAFE_METHODS or snippet["owner"] == request.user.username


class SnippetSerializer(serializers.Serializer):
    title = serializers.CharField(required=False, allow_blank=True)
    code = serializers.CharField()


class Snippets(APIView):
    permission_classes = [permissions.IsAuthenticatedOrReadOnly, IsOwnerOrReadOnly]
    snippets = {}

    def changed(self, snippet):
        serializer = SnippetSerializer(data=self.request.data)
        serializer.is_valid(raise_exception=True)
        return snippet | serializer.validated_data


class SnippetList(Snippets):
    def get(self, request):
        return Response(list(self.snippets.values()))

    def post(self, request):
        blank = {"id": max(self.snippets, default=0) + 1, "title": "", "code": "", "linenos": False}
        blank |= {"language": "python", "style": "friendly", "owner": request.user.username}
        snippet = self.changed(blank)
        self.snippets[snippet["id"]] = snippet
        return Response(snippet, status=201)


class SnippetDetail(Snippets):
    def get_object(self, pk):
        if pk not in self.snippets:
            raise Http404
        self.check_object_permissions(self.request, self.snippets[pk])
        return self.snippets[pk]

    def get(self, request, pk):
        return Response(self.get_object(pk))

    def put(self, request, pk):
        self.snippets[pk] = self.changed(self.get_object(pk))
        return Response(self.snippets[pk])

    def delete(self, request, pk):
        self.get_object(pk)
        del self.snippets[pk]
        return Response(status=204)
