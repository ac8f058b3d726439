"""What a project's settings say, with a setting's default where it says nothing."""
from django.conf import settings


class Project:
    """The project that runs this command."""

    def __init__(self, with_secrets):
        self.with_secrets = with_secrets

    def get(self, name, default=None):
        return getattr(settings, name, default)

    def rest(self, name, default=None):
        return self.get("REST_FRAMEWORK", {}).get(name, default)

    def jwt(self, name, default=None):
        return self.get("SIMPLE_JWT", {}).get(name, default)

    def has_app(self, *labels):
        installed = self.get("INSTALLED_APPS", ())
        return any(app == label or app.startswith(label + ".") for app in installed for label in labels)

    def carried(self, keys):
        """Those of `(setting, key, default)` whose value is not Doorward's default, by key."""
        table = {}
        for setting, key, default in keys:
            value = self.get(setting, default)
            if value != default and value is not None:
                table[key] = list(value) if isinstance(value, tuple) else value
        return table


def short(path):
    """The class's name of a dotted path, or of a class."""
    return dotted(path).rsplit(".", 1)[-1]


def dotted(path):
    """The dotted path of a class or function; of what is neither, such as `A | B`, that of its class."""
    if isinstance(path, str):
        return path
    named = path if hasattr(path, "__qualname__") else type(path)
    return f"{named.__module__}.{named.__qualname__}"
