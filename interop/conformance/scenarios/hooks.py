"""What projects change of DRF: the body of refusals, permissions in a list, validators with options, the slash at the end."""
from forge import access, token
from harness import scenario

ALICE, BOB = token("alice"), token("bob")
JSON = "application/json"
ALL = ("status", "headers", "text")


# --- exception_handler ------------------------------------------------------------


@scenario("hooks")
def hook_on_refused_callers(client):
    """401, 403 and 429 get the body, and keep their headers."""
    for headers in ({}, {"Authorization": "Token nonsense"}, client.basic("alice", "wrong"), {"Authorization": "Bearer x.y.z"}, ALICE, {"Authorization": "Basic"}):
        client.get("/home/", headers=headers, compare=ALL)
        client.options("/home/", headers=headers, compare=ALL)
    for _ in range(4):
        client.get("/probe/throttles/burst/", headers=ALICE)
    for name in ("admin", "read-only", "admin-and-premium", "premium"):
        client.post(f"/probe/permissions/{name}/", headers=ALICE, compare=ALL)
        client.post(f"/probe/permissions/{name}/", compare=ALL)
    for name in ("session", "jwt", "token", "none", "session-basic"):
        client.get(f"/probe/authenticators/{name}/", compare=ALL)


@scenario("hooks")
def hook_on_requests(client):
    """So do 400, 404, 405, 406 and 415."""
    client.post("/products/", json_body={}, headers=ALICE, compare=ALL)
    client.post("/products/", body=b"{", content_type=JSON, headers=ALICE)
    client.post("/products/", body=b"x", content_type="text/plain", headers=ALICE, compare=ALL)
    client.get("/products/?min_price=x", headers=ALICE, compare=ALL)
    client.get("/products/99999/", headers=ALICE, compare=ALL)
    client.put("/products/", headers=ALICE, compare=("status", "headers", "body"))
    client.delete("/api/token/", compare=("status", "headers", "body"))
    # Both come before authentication; DRF asks who it is when its handler wants to know.
    client.get("/products/", headers={**ALICE, "Accept": "text/html"}, compare=("status", "headers"))
    client.get("/products/?format=xml", headers=ALICE, compare=("status", "headers"))
    client.head("/products/99999/", headers=ALICE)
    client.head("/home/")


@scenario("hooks")
def hook_may_set_the_status(client):
    """What belongs to somebody else is hidden: 404 instead of 403."""
    for method in ("PUT", "PATCH", "DELETE"):
        client.request(method, "/products/4/", headers=ALICE, compare=ALL)
    client.patch("/products/1/", json_body={"name": ""}, headers=ALICE, compare=ALL)


@scenario("hooks")
def hook_on_our_endpoints(client):
    """Endpoints for tokens are views as well."""
    wrong = {"username": "alice", "password": "wrong"}
    for path in ("/api/token/", "/api-token-auth/", "/api/token/sliding/"):
        client.post(path, json_body=wrong, compare=ALL)
        client.post(path, json_body={}, compare=ALL)
        client.get(path, compare=("status", "headers", "body"))
    for path in ("/api/token/refresh/", "/api/token/verify/", "/api/token/blacklist/"):
        client.post(path, json_body={}, compare=ALL)
        client.post(path, json_body={"refresh": "x.y.z", "token": "x.y.z"}, compare=ALL)


@scenario("hooks")
def hook_on_csrf(client):
    """A session without its CSRF token is refused by the authenticator, in the same shape."""
    client.log_in("bob", "builder-99")
    client.post("/home/", json_body={}, compare=("status", "headers", "body"))
    client.post("/home/", json_body={}, headers=client.csrf())


@scenario("hooks")
def hook_leaves_the_rest_alone(client):
    """Answers that are no refusals, and pages, stay as they are."""
    client.get("/")
    client.get("/home/", headers=BOB)
    client.options("/home/", headers=BOB)
    client.get("/api-auth/login/", compare=("status", "headers"))
    client.get("/home", compare=("status", "headers"))


# --- permissions in a list ----------------------------------------------------------


@scenario("hooks")
def default_permissions_in_a_list(client):
    """All of them must grant, and the first that does not says why."""
    for headers in ({}, ALICE, BOB, token("carol"), token("root"), access(client, "alice"), access(client, "bob")):
        for path in ("/home/", "/products/", "/"):
            client.get(path, headers=headers)


# --- validators with options --------------------------------------------------------


@scenario("hooks")
def validators_with_options(client):
    """Each has its options; all messages are told, in the order of the settings."""
    for password in (
        "short", "12345678901", "123456789012", "password1234", "alicealice12", "alicewonder1", "wonderlandia", "example.com1", "alice@example.com", "Liddell-Liddell", "qwertyuiop", "qwertyuiopas", "correct horse", "", " " * 12, "٣" * 12,
    ):  # fmt: skip
        client.post("/probe/passwords/validate/", json_body={"password": password}, headers=ALICE, compare=("status", "text"))


@scenario()
def validators_by_default(client):
    """Django's four, without options."""
    for password in ("short", "1234567", "12345678", "password", "alice123", "liddell1", "alice@example.com", "correct horse", "", "٣" * 8):
        client.post("/probe/passwords/validate/", json_body={"password": password}, headers=ALICE, compare=("status", "text"))


# --- the slash at the end -----------------------------------------------------------

PATHS = ("/home", "/products", "/products/1", "/products/abc", "/profile", "/api/profile", "/probe/whoami/token", "/probe/permissions/admin", "/nowhere")
UNKNOWN = ("/products/abc", "/nowhere")
SHOWN = ("status", "headers", "body")


def both_ways(client):
    for path in PATHS:
        for end in ("", "/", "?x=1", "/?x=1", "//"):
            if path in UNKNOWN or end == "//":  # nobody has it, whoever asks; strangers may be asked who they are first
                client.get(path + end, headers=ALICE, compare=("status",))
                continue
            for method in ("GET", "HEAD", "OPTIONS"):
                client.request(method, path + end, headers=ALICE, compare=SHOWN)
            client.get(path + end, compare=SHOWN)


@scenario("slash_optional")
def slash_optional(client):
    """Both spellings answer alike, and nothing is redirected."""
    both_ways(client)


@scenario("slash_optional")
def slash_optional_keeps_bodies(client):
    """What is written to one spelling is as if it were written to the other."""
    for path in ("/products", "/products/"):
        number = client.post(path, json_body={"name": "Lamp", "price": "1"}, headers=ALICE).json["id"]
        client.patch(f"/products/{number}", json_body={"price": "2"}, headers=ALICE)
        client.put(f"/products/{number}/", json_body={"name": "Rug", "price": "3"}, headers=ALICE)
        client.delete(f"/products/{number}", headers=ALICE)
    for path in ("/api/token", "/api/token/", "/api-token-auth", "/api-token-auth/"):
        client.post(path, json_body={"username": "alice", "password": "wonderland-42"})
        client.post(path, json_body={})
        client.get(path)


@scenario("slash_optional")
def slash_optional_counts_once(client):
    """A throttle counts both spellings as one."""
    headers = access(client, "dave")
    for path in ("/probe/throttles/burst", "/probe/throttles/burst/", "/probe/throttles/burst", "/probe/throttles/burst/"):
        client.get(path, headers=headers)


@scenario("slash_none")
def slash_none(client):
    """With a slash nothing is found, and nothing is redirected."""
    for path in PATHS:
        for end in ("", "?x=1"):
            client.get(path + end, headers=ALICE, compare=("status",) if path in UNKNOWN else SHOWN)
        for end in ("/", "/?x=1"):
            client.get(path + end, headers=ALICE, compare=("status",))
            client.post(path + end, json_body={}, headers=ALICE, compare=("status",))
    client.post("/api/token", json_body={"username": "alice", "password": "wonderland-42"})
    client.post("/api/token/", json_body={"username": "alice", "password": "wonderland-42"}, compare=("status",))
    client.post("/products", json_body={"name": "Lamp", "price": "1"}, headers=ALICE)
