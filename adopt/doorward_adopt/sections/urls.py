"""`[urls]`: where the project has the endpoints that Doorward has too."""
import re

from django.urls import URLPattern, get_resolver

from ..project import dotted

VIEWS = {
    "rest_framework.authtoken.views.ObtainAuthToken": ("obtain_auth_token", "/api-token-auth/"),
    "rest_framework_simplejwt.views.TokenObtainPairView": ("token_obtain_pair", "/api/token/"),
    "rest_framework_simplejwt.views.TokenRefreshView": ("token_refresh", "/api/token/refresh/"),
    "rest_framework_simplejwt.views.TokenVerifyView": ("token_verify", "/api/token/verify/"),
    "rest_framework_simplejwt.views.TokenBlacklistView": ("token_blacklist", "/api/token/blacklist/"),
    "rest_framework_simplejwt.views.TokenObtainSlidingView": ("token_obtain_sliding", "/api/token/sliding/"),
    "rest_framework_simplejwt.views.TokenRefreshSlidingView": ("token_refresh_sliding", "/api/token/sliding/refresh/"),
}


def export(project, report):
    try:
        found = list(views(get_resolver(), "/"))
    except Exception as error:
        report.missing("ROOT_URLCONF", f"it cannot be read: {error}")
        return {}
    table, others = {}, 0
    found = list(dict.fromkeys(found))
    for path, view in found:
        known = endpoint(view)
        if known is None:
            others += not is_of_packages(view)
            continue
        name, is_own = known
        if not is_written(name, path, table, report):
            continue
        if is_own:
            report.missing(f"{path}: {dotted(view)}", f"a view of the project's own, made from that of {name}")
        else:
            report.covered(path, name)
    if others:
        report.different("the project's own views", f"{others} of them: they stay in Django, or are written anew")
    usual = {name: path for name, path in VIEWS.values()}
    return {"urls": {name: path for name, path in table.items() if usual[name] != path}}


def is_written(name, path, table, report):
    """Whether the endpoint is written there: at its first path, where that says nothing but itself."""
    if any(sign in path for sign in "<([*?|"):
        report.missing(f"{path}: {name}", f"a part of the path varies: it is not written, and `[urls] {name}` is Doorward's own")
        return False
    if name in table:
        report.missing(f"{path}: {name}", f"a second path: the endpoint is at {table[name]} only")
        return False
    table[name] = path
    return True


def is_of_packages(view):
    """Whether Django or DRF brings the view: the admin's, the login page's."""
    return getattr(view, "__module__", "").partition(".")[0] in ("django", "rest_framework")


def endpoint(view):
    """The name of the endpoint, and whether the project changed it."""
    for place, base in enumerate(getattr(view, "__mro__", ())):
        if dotted(base) in VIEWS:
            return VIEWS[dotted(base)][0], place > 0
    return None


def views(resolver, prefix):
    for pattern in resolver.url_patterns:
        path = prefix + plain(str(pattern.pattern))
        if isinstance(pattern, URLPattern):
            callback = pattern.callback
            view = getattr(callback, "view_class", None) or getattr(callback, "cls", None) or callback
            yield path, view
        else:
            yield from views(pattern, path)


def plain(pattern):
    """A route, or a regular expression that is nothing but a path."""
    text = re.sub(r"^\^|\$$|\\Z$", "", pattern)
    text = text.replace("/?", "/").replace("\\", "")
    return text
