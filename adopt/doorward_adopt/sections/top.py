"""What stands at the top of the file: keys, hosts."""


def export(project, report):
    table = {}
    secrets = {
        "secret_key": project.get("SECRET_KEY"),
        "secret_key_fallbacks": list(project.get("SECRET_KEY_FALLBACKS", []) or []),
    }
    if project.with_secrets:
        table.update({key: value for key, value in secrets.items() if value})
    else:
        report.different("SECRET_KEY", "left out: set DOORWARD_SECRET_KEY")
    weak = secrets["secret_key"] and (len(secrets["secret_key"]) < 32 or len(set(secrets["secret_key"])) < 5)
    if weak:
        report.missing("SECRET_KEY", "Doorward wants 32 characters at least, and 5 different ones")
    else:
        report.covered("SECRET_KEY and its fallbacks")
    hosts = list(project.get("ALLOWED_HOSTS", []))
    if project.get("DEBUG"):
        report.different("DEBUG", "left off; write `debug = true` while you try things")
    if hosts:
        table["allowed_hosts"] = hosts
    if not project.get("APPEND_SLASH", True):
        table["append_slash"] = False
    report.covered("ALLOWED_HOSTS, APPEND_SLASH")
    return {"": table}
