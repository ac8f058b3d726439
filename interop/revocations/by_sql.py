"""What statements do that nobody's code stands behind."""
from changes import ACCESS, ADD, POSTGRES, PREMIUM, REPLACING, SESSION, SLIDING, STAFF, TOKEN, change
from by_django import WITH_ANY, inactive, take_group

SQL = "plain SQL"
DISTANT = "2999-01-01 00:00:00"


@change("token deleted", SQL, TOKEN)
def delete_token(do, who):
    do.sql("DELETE FROM authtoken_token WHERE user_id = ?", who.id)


@change("token renamed", SQL, TOKEN)
def other_key(do, who):
    do.sql("UPDATE authtoken_token SET created = created, \"key\" = ? WHERE user_id = ?", who.token[::-1], who.id)


@change("session deleted", SQL, SESSION)
def delete_session(do, who):
    do.sql("DELETE FROM django_session WHERE session_key = ?", who.session)


@change("session made to end", SQL, SESSION)
def end_session(do, who):
    do.sql("UPDATE django_session SET expire_date = '2001-01-01 00:00:00' WHERE session_key = ?", who.session)


@change("user deactivated", SQL, *WITH_ANY)
def deactivate(do, who):
    do.sql("UPDATE auth_user SET is_active = FALSE WHERE id = ?", who.id)


@change("password changed", SQL, SESSION, ACCESS)
def new_password(do, who):
    do.sql("UPDATE auth_user SET password = 'md5$a$b' WHERE id = ?", who.id)


@change("no longer staff", SQL, STAFF)
def no_staff(do, who):
    do.sql("UPDATE auth_user SET is_staff = FALSE WHERE id = ?", who.id)


@change("group taken", SQL, PREMIUM)
def take_group_away(do, who):
    do.sql("DELETE FROM auth_user_groups WHERE user_id = ?", who.id)


@change("permission taken", SQL, ADD)
def take_permission(do, who):
    do.sql("DELETE FROM auth_user_user_permissions WHERE user_id = ?", who.id)


@change("tokens revoked until later", SQL, ACCESS)
def revoke(do, who):
    do.sql("INSERT INTO doorward_revocation (user_id, not_before) VALUES (?, ?)", who.id, DISTANT)


@change("JWT blacklisted", SQL, SLIDING)
def blacklist(do, who):
    do.sql(
        "INSERT INTO token_blacklist_blacklistedtoken (blacklisted_at, token_id) "
        "SELECT ?, id FROM token_blacklist_outstandingtoken WHERE user_id = ?",
        "2026-01-01 00:00:00",
        who.id,
    )


@change("user active again", SQL, *WITH_ANY, prepare=inactive, grant=True)
def activate(do, who):
    do.sql("UPDATE auth_user SET is_active = TRUE WHERE id = ?", who.id)


@change("group given", SQL, PREMIUM, prepare=take_group, grant=True)
def give_group(do, who):
    do.sql(
        "INSERT INTO auth_user_groups (user_id, group_id) SELECT ?, id FROM auth_group WHERE name = 'premium'", who.id
    )


# REPLACE: on SQLite no trigger of deletion fires for what it displaces.


@change("token displaced", "REPLACE", TOKEN, databases=REPLACING)
def displace_token(do, who):
    do.sql(
        "REPLACE INTO authtoken_token (\"key\", created, user_id) VALUES (?, '2026-01-01 00:00:00', ?)",
        who.token[::-1],
        who.id,
    )


@change("session displaced", "REPLACE", SESSION, databases=REPLACING)
def displace_session(do, who):
    do.sql("REPLACE INTO django_session VALUES (?, 'nothing:1aaaaa:signature', ?)", who.session, DISTANT)


@change("user displaced", "REPLACE", *WITH_ANY, databases=REPLACING)
def displace_user(do, who):
    with do.without_foreign_keys():
        do.sql(
            "REPLACE INTO auth_user (id, password, is_superuser, username, last_name, email, is_staff, is_active, "
            "date_joined, first_name) VALUES (?, '', FALSE, ?, '', '', FALSE, FALSE, '2026-01-01 00:00:00', '')",
            who.id,
            who.username,
        )


# PostgreSQL's own.


@change("tokens blacklisted", "COPY", SLIDING, databases=POSTGRES)
def copy_blacklist(do, who):
    token = do.value("SELECT id FROM token_blacklist_outstandingtoken WHERE user_id = ?", who.id)
    do.copy("token_blacklist_blacklistedtoken (blacklisted_at, token_id)", ("2026-01-01 00:00:00", token))


@change("tokens revoked until later", "COPY", ACCESS, databases=POSTGRES)
def copy_revocation(do, who):
    do.copy("doorward_revocation (user_id, not_before)", (who.id, DISTANT))


@change("group given", "COPY", PREMIUM, prepare=take_group, grant=True, databases=POSTGRES)
def copy_group(do, who):
    group = do.value("SELECT id FROM auth_group WHERE name = 'premium'")
    do.copy("auth_user_groups (user_id, group_id)", (who.id, group))


@change("user deleted, their rows by foreign keys", "cascade", *WITH_ANY, databases=POSTGRES)
def delete_with_all(do, who):
    do.sql("DELETE FROM auth_user WHERE id = ?", who.id)


def in_a_group_of_ones_own(do, who):
    do.sql("DELETE FROM auth_user_user_permissions WHERE user_id = ?", who.id)
    group = do.value("INSERT INTO auth_group (name) VALUES (?) RETURNING id", f"of {who.username}")
    do.sql("INSERT INTO auth_user_groups (user_id, group_id) VALUES (?, ?)", who.id, group)
    do.sql(
        "INSERT INTO auth_group_permissions (group_id, permission_id) "
        "SELECT ?, id FROM auth_permission WHERE codename = 'add_product'",
        group,
    )


@change("group deleted, its rows by foreign keys", "cascade", ADD, prepare=in_a_group_of_ones_own, databases=POSTGRES)
def delete_group(do, who):
    do.sql("DELETE FROM auth_group WHERE name = ?", f"of {who.username}")


@change("all tokens", "TRUNCATE CASCADE", TOKEN, databases=POSTGRES, alone=True, share=20)
def no_tokens(do, _):
    do.sql("TRUNCATE authtoken_token CASCADE")


@change("all sessions", "TRUNCATE CASCADE", SESSION, databases=POSTGRES, alone=True, share=20)
def no_sessions(do, _):
    do.sql("TRUNCATE django_session CASCADE")


@change("all users", "TRUNCATE CASCADE", *WITH_ANY, databases=POSTGRES, alone=True, share=10)
def no_users(do, _):
    do.sql("TRUNCATE auth_user CASCADE")
