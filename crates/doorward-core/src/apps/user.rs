//! `[user]`: the table of users, which may be the project's own.

use doorward_db::schema::{ColumnKind, Flag, FurtherColumn, NewColumn, NewValue, Times, UserLinks};
use doorward_db::{IdType, Schema, UserSchema, Value};

use doorward_django::sessions::{SessionAuthAlgorithm, SessionAuthHash, VerifiedBy};
use doorward_django::time_zone::TimeZone;

use crate::app::{App, Site};
use crate::door::Door;
use crate::settings::{
    self, DatabaseSettings, Findings, FreshValue, NewUserValue, SessionAuthHashSettings, SettingsErrors,
    UserFieldKind, UserFlag, UserIdType, UserSettings,
};
use crate::user::UserRow;

/// Where users are kept.
pub(crate) struct Users;

/// What the tables are called, and what a session stands on.
#[derive(Debug, Default)]
pub(crate) struct UserTable {
    pub(crate) schema: Schema,
    session_auth: SessionAuthHash,
}

impl App for Users {
    type Settings = UserSettings;
    type State = UserTable;

    fn resolve(settings: UserSettings, site: &Site<'_>) -> Result<UserTable, SettingsErrors> {
        Findings::of(|found| {
            check(&settings, found);
            let session_auth = session_auth(&settings, found)?;
            let schema = Schema {
                user: user(settings),
                times: times(&site.settings().database),
            };
            Some(UserTable { schema, session_auth })
        })
    }
}

impl Door {
    /// The table of users, as `[user]` names it.
    #[must_use]
    pub fn user_schema(&self) -> &UserSchema {
        &self.app::<Users>().schema.user
    }

    /// What a login of that user puts into the session (`get_session_auth_hash`).
    #[must_use]
    pub fn session_auth_hash(&self, user: &UserRow) -> String {
        let rule = &self.app::<Users>().session_auth;
        rule.sign(
            &rule.text(|column| user.text_of(column)),
            &self.secret_keys().current,
        )
    }

    /// Which key made the hash that is in a session; `None` where none did for that user as the row is now.
    #[must_use]
    pub fn verify_session_auth_hash(&self, stored: &str, user: &UserRow) -> Option<VerifiedBy> {
        let rule = &self.app::<Users>().session_auth;
        rule.verify(
            stored,
            &rule.text(|column| user.text_of(column)),
            self.secret_keys(),
        )
    }
}

/// Whether the text of a column is at hand as Python has it: the password, a column that is called as in `AbstractUser`, or one
/// of `[user.fields]`.
fn is_read(settings: &UserSettings, column: &str) -> bool {
    let usual = match column {
        "password" => "password",
        "username" => &settings.username_field,
        "email" => &settings.email_field,
        "first_name" => &settings.first_name_field,
        "last_name" => &settings.last_name_field,
        _ => "",
    };
    let is_told = |kind: &UserFieldKind| *kind != UserFieldKind::Timestamp;
    usual == column || settings.fields.get(column).is_some_and(is_told)
}

fn session_auth(settings: &UserSettings, found: &mut Findings) -> Option<SessionAuthHash> {
    let SessionAuthHashSettings {
        key_salt,
        value,
        algorithm,
    } = &settings.session_auth_hash;
    let algorithm = match algorithm {
        settings::SessionAuthAlgorithm::Sha1 => SessionAuthAlgorithm::Sha1,
        settings::SessionAuthAlgorithm::Sha256 => SessionAuthAlgorithm::Sha256,
    };
    let rule = SessionAuthHash::new(key_salt, algorithm, value);
    found.require(rule.is_some(), "user.session_auth_hash.value", || {
        "a text with columns in braces, `{password}` among them".to_owned()
    });
    let columns = rule.as_ref()?.columns();
    let unread = columns.into_iter().find(|column| !is_read(settings, column));
    found.require(unread.is_none(), "user.session_auth_hash.value", || {
        format!(
            "{} is not read; write it in `[user.fields]` too",
            unread.unwrap_or_default()
        )
    });
    rule
}

fn check(settings: &UserSettings, found: &mut Findings) {
    for (key, name) in [
        ("user.table", &settings.table),
        ("user.id_field", &settings.id_field),
        ("user.username_field", &settings.username_field),
    ] {
        found.require(!name.is_empty(), key, || "a name is needed here".to_owned());
    }
    let is_empty = |table: &Option<String>| table.as_deref() == Some("");
    let (groups, permissions) = (
        is_empty(&settings.groups_table),
        is_empty(&settings.permissions_table),
    );
    found.require(groups == permissions, "user.permissions_table", || {
        "a model has both tables or none (PermissionsMixin): set both `groups_table` and `permissions_table` to `\"\"`".to_owned()
    });
    found.require(
        settings.link_field.as_deref() != Some(""),
        "user.link_field",
        || "a name is needed here".to_owned(),
    );
    let lengths = settings.new.values().filter_map(|value| match value {
        NewUserValue::Fresh {
            fresh: FreshValue::Text,
            length,
        } => Some(*length),
        _ => None,
    });
    found.require(
        lengths.into_iter().all(|length| (1..=32).contains(&length)),
        "user.new",
        || "a fresh text has 1 to 32 characters".to_owned(),
    );
    for key in settings
        .new
        .keys()
        .chain(&settings.hidden_by)
        .chain(settings.fields.keys())
    {
        found.require(!key.is_empty(), "user", || "a column has a name".to_owned());
    }
}

/// A zone that there is not is refused by `[database]`.
pub(crate) fn times(database: &DatabaseSettings) -> Times {
    TimeZone::named(&database.time_zone).map_or_else(Times::default, Times::local)
}

fn user(settings: UserSettings) -> UserSchema {
    let id = match settings.id {
        UserIdType::Int => IdType::Int,
        UserIdType::Bigint => IdType::BigInt,
        UserIdType::Uuid => IdType::Uuid,
        UserIdType::Text => IdType::Text,
    };
    let links = links(&settings);
    let mut user = UserSchema::new(&settings.table, id, &settings.username_field);
    user.id_column = settings.id_field;
    user.email_column = column(settings.email_field);
    user.first_name_column = column(settings.first_name_field);
    user.last_name_column = column(settings.last_name_field);
    user.last_login_column = column(settings.last_login_field);
    user.date_joined_column = column(settings.date_joined_field);
    user.is_active = flag(settings.is_active);
    user.is_staff = flag(settings.is_staff);
    user.is_superuser = flag(settings.is_superuser);
    user.links = links;
    user.hidden_by = settings.hidden_by;
    user.further_columns = settings.fields.into_iter().map(further).collect();
    user.new_columns = settings.new.into_iter().map(new).collect();
    user
}

/// A column, where there is one.
fn column(name: String) -> Option<String> {
    (!name.is_empty()).then_some(name)
}

fn flag(flag: UserFlag) -> Flag {
    match flag {
        UserFlag::Always(truth) => Flag::Always(truth),
        UserFlag::Column(name) => Flag::Column(name),
    }
}

fn links(settings: &UserSettings) -> Option<UserLinks> {
    let usual = UserLinks::of(&settings.table);
    let set = |set: &Option<String>, usual: String| column(set.clone().unwrap_or(usual));
    Some(UserLinks {
        groups_table: set(&settings.groups_table, usual.groups_table)?,
        permissions_table: set(&settings.permissions_table, usual.permissions_table)?,
        column: set(&settings.link_field, usual.column)?,
    })
}

fn further((name, kind): (String, UserFieldKind)) -> FurtherColumn {
    let kind = match kind {
        UserFieldKind::Text => ColumnKind::Text,
        UserFieldKind::Int => ColumnKind::Int,
        UserFieldKind::Uuid => ColumnKind::Uuid,
        UserFieldKind::Bool => ColumnKind::Bool,
        UserFieldKind::Timestamp => ColumnKind::Timestamp,
    };
    FurtherColumn { name, kind }
}

fn new((name, value): (String, NewUserValue)) -> NewColumn {
    let fixed = |value: Value| NewValue::Fixed(value);
    let value = match value {
        NewUserValue::Bool(truth) => fixed(truth.into()),
        NewUserValue::Int(number) => fixed(number.into()),
        NewUserValue::Real(number) => fixed(number.into()),
        NewUserValue::Text(text) => fixed(text.into()),
        NewUserValue::Fresh { fresh, length } => match fresh {
            FreshValue::Now => NewValue::Now,
            FreshValue::Uuid => NewValue::RandomUuid,
            FreshValue::Text => NewValue::RandomText(length.min(32)),
        },
    };
    NewColumn { name, value }
}
