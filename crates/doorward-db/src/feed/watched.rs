//! Which tables the feed watches, and which changes of them count.

use crate::schema::{Flag, UserSchema};

/// What a row of the feed tells of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One user; the key is the user's.
    User,
    /// One session, by the digest of its key.
    Session,
    /// One token that was taken back; in the table of the feed the key is that of its row, and a poll looks its id up.
    Jti,
    /// What groups may do.
    Permissions,
}

impl Kind {
    /// As it stands in the table.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Session => "session",
            Self::Jti => "jti",
            Self::Permissions => "permissions",
        }
    }

    /// The kind of that name.
    pub(super) fn named(name: &str) -> Option<Self> {
        let kinds = [Self::User, Self::Session, Self::Jti, Self::Permissions];
        kinds.into_iter().find(|kind| kind.name() == name)
    }
}

/// The table into which triggers write.
pub(crate) const TABLE: &str = "doorward_change";
/// The table of our own that is watched.
pub(crate) const OWN_WATCHED: &str = "doorward_revocation";

/// What stands as a kind where all that was ever read may have changed.
pub(super) const EVERYTHING: &str = "everything";

/// A table, and which changes of it count.
#[derive(Clone, Debug)]
pub(super) struct Watched {
    /// What it is to us: part of the names of what watches it.
    pub(super) role: &'static str,
    /// Its name.
    pub(super) table: String,
    /// What its rows tell of.
    pub(super) kind: Kind,
    /// The column that the key is made of.
    pub(super) key: String,
    /// Which changes count.
    pub(super) counted: Counted,
}

/// Which changes of a table count.
#[derive(Clone, Debug)]
pub(super) enum Counted {
    /// Rows that go, and rows in which one of these columns changes. A new row is nothing that anybody read before.
    Endings(Vec<String>),
    /// As [`Endings`](Self::Endings), for the table of sessions: what a session holds or when it ends, but not that it was
    /// used and ends later.
    Sessions,
    /// New rows: what goes only gives back.
    Beginnings,
    /// All.
    All,
}

/// The tables that matter to who is let in, as the settings name them.
pub(super) fn tables(user: &UserSchema) -> Vec<Watched> {
    let mut tables = vec![
        Watched {
            role: "users",
            table: user.table.clone(),
            kind: Kind::User,
            key: user.id_column.clone(),
            counted: Counted::Endings(columns(user)),
        },
        watched("tokens", "authtoken_token", Kind::User, "user_id", tokens()),
        watched("revocations", OWN_WATCHED, Kind::User, "user_id", Counted::All),
        watched(
            "sessions",
            "django_session",
            Kind::Session,
            "session_key",
            Counted::Sessions,
        ),
        watched("blacklist", BLACKLIST, Kind::Jti, "token_id", Counted::Beginnings),
    ];
    tables.extend(links(user));
    tables
}

const BLACKLIST: &str = "token_blacklist_blacklistedtoken";

fn watched(role: &'static str, table: &str, kind: Kind, key: &str, counted: Counted) -> Watched {
    Watched {
        role,
        table: table.to_owned(),
        kind,
        key: key.to_owned(),
        counted,
    }
}

fn tokens() -> Counted {
    Counted::Endings(["key", "user_id", "created"].map(str::to_owned).into())
}

/// The tables of groups and permissions, for users that have any.
fn links(user: &UserSchema) -> Vec<Watched> {
    let Some(links) = &user.links else {
        return Vec::new();
    };
    let of_users = |role, table| watched(role, table, Kind::User, &links.column, Counted::All);
    let of_all = |role, table| watched(role, table, Kind::Permissions, "id", Counted::All);
    vec![
        of_users("user_groups", &links.groups_table),
        of_users("user_permissions", &links.permissions_table),
        of_all("groups", "auth_group"),
        of_all("group_permissions", "auth_group_permissions"),
        of_all("permissions", "auth_permission"),
        of_all("content_types", "django_content_type"),
    ]
}

/// The columns that are read with a user, but for the last login: they decide, or a handler is shown them.
fn columns(user: &UserSchema) -> Vec<String> {
    let flags = [&user.is_active, &user.is_staff, &user.is_superuser];
    let named = [
        &user.email_column,
        &user.first_name_column,
        &user.last_name_column,
        &user.date_joined_column,
    ];
    let mut columns = vec![
        user.id_column.clone(),
        user.username_column.clone(),
        "password".to_owned(),
    ];
    columns.extend(named.into_iter().flatten().cloned());
    columns.extend(flags.into_iter().filter_map(Flag::column).map(str::to_owned));
    columns.extend(user.hidden_by.iter().cloned());
    columns.extend(user.further_columns.iter().map(|column| column.name.clone()));
    let mut once = Vec::new();
    for column in columns {
        if !once.contains(&column) && Some(&column) != user.last_login_column.as_ref() {
            once.push(column);
        }
    }
    once
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::IdType;

    #[test]
    fn a_login_changes_nothing_that_counts() {
        let columns = columns(&UserSchema::default());
        assert!(columns.contains(&"is_active".to_owned()), "{columns:?}");
        assert!(!columns.contains(&"last_login".to_owned()), "{columns:?}");
    }

    #[test]
    fn a_table_of_ones_own_is_watched_by_its_names() {
        let mut user = UserSchema::new("accounts_account", IdType::Uuid, "email");
        user.hidden_by = vec!["deleted_at".to_owned(), "email".to_owned()];
        user.is_staff = Flag::Always(false);
        let found = columns(&user);
        let emails = found.iter().filter(|column| *column == "email").count();
        assert_eq!(emails, 1, "{found:?}");
        assert!(found.contains(&"deleted_at".to_owned()) && !found.contains(&"is_staff".to_owned()));
        user.links = None;
        let roles: Vec<_> = tables(&user).iter().map(|table| table.role).collect();
        assert_eq!(roles, ["users", "tokens", "revocations", "sessions", "blacklist"]);
    }
}
