"""What OPTIONS tells of views with serializers, to those who may send them something."""
from forge import token
from harness import scenario

ALICE = token("alice")

TOKENS = (
    "/api-token-auth/",
    "/api/token/",
    "/api/token/refresh/",
    "/api/token/verify/",
    "/api/token/blacklist/",
    "/api/token/sliding/",
    "/api/token/sliding/refresh/",
)


@scenario()
def metadata_of_token_endpoints(client):
    """Their fields are told to everybody."""
    for path in TOKENS:
        client.options(path)
        client.options(path, headers=ALICE)


@scenario()
def metadata_of_lists(client):
    """Fields are told to those who may create; others see the view alone, or are refused."""
    for path in ("/products/", "/catalog/", "/public-catalog/", "/api/profile/"):
        client.options(path)
        client.options(path, headers=ALICE)
