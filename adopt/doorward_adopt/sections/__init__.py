"""A module per section of doorward.toml: each has `export(project, report)`, which gives its tables."""
from . import cors, database, jwt, lockout, packages, passwords, rest, security, sessions, top, urls, user

ALL = (top, database, user, rest, passwords, sessions, cors, lockout, jwt, security, urls, packages)
