"""`[lockout]`: django-axes."""
from datetime import timedelta

from ..toml import duration

BY = {("username",): "account", ("ip_address",): "address", ("ip_address", "username"): "account+address"}
# Code of the project's own, and what axes does of which `[lockout]` has nothing.
CALLABLES = ("AXES_USERNAME_CALLABLE", "AXES_WHITELIST_CALLABLE", "AXES_CLIENT_IP_CALLABLE", "AXES_LOCKOUT_CALLABLE")
FOR_EVER = timedelta(days=36500)


def export(project, report):
    if not project.has_app("axes"):
        return {}
    if not (project.get("AXES_ENABLED", True) and project.get("AXES_LOCK_OUT_AT_FAILURE", True)):
        report.different("django-axes", "it locks nobody out: nothing is counted")
        return {}
    table = {"failures": failures(project, report), "by": parameters(project, report), **periods(project, report)}
    table["reset_on_success"] = bool(project.get("AXES_RESET_ON_SUCCESS", False))
    table["allow"] = allowed(project, report)
    own_code(project, report)
    written = {key: value for key, value in table.items() if value != USUAL.get(key)}
    report.covered("django-axes", ", ".join(sorted(written)))
    attempts(project, report)
    return {"lockout": written}


USUAL = {"by": ["account", "address"], "window": "15m", "cool_off": "5m", "cool_off_max": "1h", "reset_on_success": True,
         "allow": []}


def failures(project, report):
    limit = project.get("AXES_FAILURE_LIMIT", 3)
    if isinstance(limit, int) and 1 <= limit <= 1000:
        return int(limit)
    report.missing("AXES_FAILURE_LIMIT", "code of the project's own: written as 3")
    return 3


def parameters(project, report):
    """What failures are counted by; whatever asks the browser's name counts without it, which locks sooner."""
    given = configured(project)
    if not isinstance(given, (list, tuple)):
        report.missing("AXES_LOCKOUT_PARAMETERS", "code of the project's own: counted by account and by address")
        return USUAL["by"]
    sets = [{each} if isinstance(each, str) else set(each) for each in given]
    if any("user_agent" in each for each in sets):
        report.different("AXES_LOCKOUT_PARAMETERS", "the browser's name is not looked at: a browser more is not a try more")
    found = [BY.get(tuple(sorted(each - {"user_agent"}))) for each in sets]
    return list(dict.fromkeys(each for each in found if each)) or USUAL["by"]


def configured(project):
    """As axes reads it, with what it called this of old."""
    given = project.get("AXES_LOCKOUT_PARAMETERS")
    if given is not None:
        return given
    if project.get("AXES_ONLY_USER_FAILURES", False):
        return ["username"]
    if project.get("AXES_LOCK_OUT_BY_USER_OR_IP", False):
        return ["username", "ip_address"]
    return [["username", "ip_address"]] if project.get("AXES_LOCK_OUT_BY_COMBINATION_USER_AND_IP", False) else ["ip_address"]


def periods(project, report):
    """Axes counts and locks for as long as `AXES_COOLOFF_TIME` after the last failure, and without it for ever."""
    given = project.get("AXES_COOLOFF_TIME")
    if isinstance(given, (int, float)) and not isinstance(given, bool):
        given = timedelta(hours=given)
    if given is None:
        report.different("AXES_COOLOFF_TIME is not set", "a lock lasts until `doorward lockout reset`: written as 36500 days")
        given = FOR_EVER
    if not isinstance(given, timedelta) or given <= timedelta(0):
        report.missing("AXES_COOLOFF_TIME", "code of the project's own: a lock lasts for 5 minutes, and grows to an hour")
        return {}
    return dict.fromkeys(("window", "cool_off", "cool_off_max"), duration(given))


def allowed(project, report):
    addresses = [str(address) for address in project.get("AXES_IP_WHITELIST") or ()]
    if project.get("AXES_ONLY_WHITELIST", False) or project.get("AXES_IP_BLACKLIST"):
        report.missing("AXES_ONLY_WHITELIST, AXES_IP_BLACKLIST", "no address is refused: do it in front of Doorward")
    return addresses if project.get("AXES_NEVER_LOCKOUT_WHITELIST", False) else []


def own_code(project, report):
    for name in CALLABLES:
        if project.get(name):
            report.missing(name, "code of the project's own")
    if project.get("AXES_ONLY_ADMIN_SITE", False):
        report.different("AXES_ONLY_ADMIN_SITE", "every password counts, wherever it is sent")
    if project.get("AXES_NEVER_LOCKOUT_GET", False):
        report.different("AXES_NEVER_LOCKOUT_GET", "every password counts, whatever the method")
    proxies = project.get("AXES_IPWARE_PROXY_COUNT", project.get("AXES_PROXY_COUNT"))
    if proxies:
        report.different("AXES_IPWARE_PROXY_COUNT", "addresses are those of `throttle.num_proxies` or `throttle.trusted_proxies`")


def attempts(project, report):
    """Where axes keeps what it has counted."""
    handler = str(project.get("AXES_HANDLER", "axes.handlers.database.AxesDatabaseHandler"))
    if handler == "axes.handlers.database.AxesDatabaseHandler":
        report.covered("what axes has counted", "`doorward lockout import-axes` brings it over")
    else:
        report.different(f"AXES_HANDLER: {handler}", "what it has counted is not read: only axes' own table is")
