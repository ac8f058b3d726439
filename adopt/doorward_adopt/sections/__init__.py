"""A module per section of doorward.toml: each has `export(project, report)`, which gives its tables."""
from . import cors, database, jwt, packages, passwords, rest, security, sessions, top, urls, user

ALL = (top, database, user, rest, passwords, sessions, cors, jwt, security, urls, packages)
