//! A user table of the project's own: other names, constant flags, no groups, hidden rows, further columns.

use doorward_core::UserId;
use doorward_core::stores::{Created, CreatedUnlike, NewUser, Stores, UserField};
use doorward_core::user::UserRow;
use doorward_sqlx::schema::{ColumnKind, Flag, FurtherColumn, NewColumn, NewValue};
use doorward_sqlx::{Database, Dialect, IdType, Schema, Sql, UserSchema, Value, open_stores};

use super::{Bench, at, new_user};

/// A table that Django would have made.
fn table(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Postgres => {
            "CREATE TABLE people (key uuid PRIMARY KEY, password varchar(128) NOT NULL, email varchar(254) UNIQUE, \
             is_admin boolean NULL, public_id uuid NOT NULL UNIQUE, number integer NOT NULL, plan varchar(20) NOT NULL, \
             nonce varchar(12) NOT NULL, deleted_at timestamp with time zone NULL, blocked boolean NOT NULL)"
        }
        Dialect::MariaDb => {
            "CREATE TABLE people (`key` char(32) PRIMARY KEY, password varchar(128) NOT NULL, email varchar(254) UNIQUE, \
             is_admin bool NULL, public_id char(32) NOT NULL UNIQUE, number integer NOT NULL, plan varchar(20) NOT NULL, \
             nonce varchar(12) NOT NULL, deleted_at datetime(6) NULL, blocked bool NOT NULL)"
        }
        _ => {
            "CREATE TABLE people (key char(32) PRIMARY KEY, password varchar(128) NOT NULL, email varchar(254) UNIQUE, \
             is_admin bool NULL, public_id char(32) NOT NULL UNIQUE, number integer NOT NULL, plan varchar(20) NOT NULL, \
             nonce varchar(12) NOT NULL, deleted_at datetime NULL, blocked bool NOT NULL)"
        }
    }
}

fn schema() -> Schema {
    let mut user = UserSchema::new("people", IdType::Uuid, "email");
    user.id_column = "key".to_owned();
    (user.first_name_column, user.last_name_column) = (None, None);
    (user.last_login_column, user.date_joined_column) = (None, None);
    user.is_active = Flag::Always(true);
    user.is_staff = Flag::Column("is_admin".to_owned());
    user.is_superuser = Flag::Always(false);
    user.links = None;
    user.hidden_by = ["deleted_at", "blocked"].map(str::to_owned).into();
    user.further_columns = [
        ("number", ColumnKind::Int),
        ("plan", ColumnKind::Text),
        ("public_id", ColumnKind::Uuid),
    ]
    .map(|(name, kind)| FurtherColumn {
        name: name.to_owned(),
        kind,
    })
    .into();
    user.new_columns = [
        ("blocked", NewValue::Fixed(false.into())),
        ("nonce", NewValue::RandomText(12)),
        ("number", NewValue::Fixed(7.into())),
        ("plan", NewValue::Fixed("free".into())),
        ("public_id", NewValue::RandomUuid),
    ]
    .map(|(name, value)| NewColumn {
        name: name.to_owned(),
        value,
    })
    .into();
    Schema {
        user,
        ..Schema::default()
    }
}

async fn stores(bench: &Bench) -> Stores {
    run(&bench.database, table(bench.database.dialect())).await;
    // It was made for the users of the other table, whose keys are integers.
    run(&bench.database, "DROP TABLE doorward_revocation").await;
    open_stores(&bench.database, &schema())
}

async fn run(database: &Database, sql: &str) {
    database.execute(Sql::rendered(sql.to_owned()), []).await.unwrap();
}

async fn made(stores: &Stores, name: &str, further: &[(&str, Value)]) -> std::sync::Arc<UserRow> {
    let further = further
        .iter()
        .map(|(name, value)| ((*name).to_owned(), value.clone()));
    let new = NewUser {
        username: format!("{name}@example.com"),
        is_staff: true,
        is_superuser: true,
        further: further.collect(),
        ..new_user(name)
    };
    match stores.users.create(new).await.unwrap() {
        Created::User(user) => user,
        Created::UsernameTaken => panic!("{name} is taken"),
    }
}

/// Whatever type the database has for it.
pub(crate) async fn a_column_is_read_as_the_key_that_it_refers_to(bench: &Bench) {
    let stores = stores(bench).await;
    let user = made(&stores, "zoe", &[]).await;
    let sql = match bench.database.dialect() {
        Dialect::MariaDb => "SELECT `key` AS owner FROM people WHERE `key` = ?",
        _ => "SELECT key AS owner FROM people WHERE key = ?",
    };
    let row = bench
        .database
        .fetch_one(sql, [user.id.clone().into()])
        .await
        .unwrap();
    assert_eq!(row.read::<UserId>("owner").unwrap(), user.id);
    let row = bench
        .database
        .fetch_one("SELECT NULL AS owner", [])
        .await
        .unwrap();
    assert_eq!(row.read::<Option<UserId>>("owner").unwrap(), None);
}

pub(crate) async fn columns_and_flags_are_the_project_s(bench: &Bench) {
    let stores = stores(bench).await;
    let user = made(&stores, "zoe", &[]).await;
    assert!(matches!(user.id, UserId::Uuid(_)));
    assert_eq!(
        (
            user.username.as_str(),
            user.email.as_str(),
            user.first_name.as_str()
        ),
        ("zoe@example.com", "zoe@example.com", "")
    );
    assert!(
        user.is_active && user.is_staff && !user.is_superuser,
        "two flags are constant"
    );
    stores.users.set_last_login(&user.id, at(5)).await.unwrap();
    let read = stores.users.by_id(&user.id).await.unwrap().unwrap();
    assert_eq!(read.last_login, None, "there is no such column");
    assert!(stores.permissions.groups(&user.id).await.unwrap().is_empty());
    assert!(stores.permissions.permissions(&user.id).await.unwrap().is_empty());
}

pub(crate) async fn a_flag_that_is_null_is_not_set(bench: &Bench) {
    let stores = stores(bench).await;
    let user = made(&stores, "zoe", &[]).await;
    assert!(user.is_staff);
    run(&bench.database, "UPDATE people SET is_admin = NULL").await;
    let read = stores.users.by_id(&user.id).await.unwrap().unwrap();
    assert!(!read.is_staff);
}

pub(crate) async fn new_users_have_what_the_settings_say(bench: &Bench) {
    let stores = stores(bench).await;
    let (one, other) = (
        made(&stores, "one", &[]).await,
        made(&stores, "other", &[("plan", "pro".into())]).await,
    );
    assert_eq!(one.further.get("number"), Some(&Value::Int(7)));
    assert_eq!(one.further.get("plan"), Some(&Value::from("free")));
    assert_eq!(
        other.further.get("plan"),
        Some(&Value::from("pro")),
        "what is said of one goes first"
    );
    assert_ne!(one.further.get("public_id"), other.further.get("public_id"));
    let sql = "SELECT DISTINCT nonce FROM people";
    let nonces = bench.database.fetch_all(sql, []).await.unwrap();
    let lengths: Vec<usize> = nonces
        .iter()
        .map(|row| row.read::<String>(0).unwrap().len())
        .collect();
    assert_eq!(lengths, [12, 12]);
}

pub(crate) async fn a_further_column_names_one_user_or_none(bench: &Bench) {
    let stores = stores(bench).await;
    let (one, other) = (
        made(&stores, "one", &[]).await,
        made(&stores, "other", &[("number", 8.into())]).await,
    );
    let [number, public_id] = [UserField::Further(0), UserField::Further(2)];
    let text = one.further.text_at(2);
    for (field, text, expected) in [
        (public_id, text.as_str(), Some(&one.id)),
        (public_id, text.replace('-', "").as_str(), None),
        (public_id, "nobody", None),
        (number, "8", Some(&other.id)),
        (number, "08", None),
        (number, "99999999999999999999", None),
        (UserField::Further(9), "8", None),
    ] {
        let found = stores.users.by_field(field, text).await.unwrap();
        assert_eq!(found.as_ref().map(|user| &user.id), expected, "{field:?} {text}");
        let holder = stores.revocations.holder(field, text).await.unwrap();
        assert_eq!(
            holder.as_ref().map(|holder| &holder.user.id),
            expected,
            "{field:?} {text}"
        );
    }
}

/// Nobody is made with that name, nor with the same in another case where the door's backends ignore that.
async fn is_taken(stores: &Stores, name: &str) {
    let called = |username: String| NewUser {
        username,
        ..new_user(name)
    };
    let made = stores.users.create(called(name.to_owned())).await.unwrap();
    assert!(matches!(made, Created::UsernameTaken), "{name}: {made:?}");
    let loud = called(name.to_uppercase());
    for field in [UserField::Username, UserField::Email] {
        let made = stores.users.create_unlike(loud.clone(), &[field]).await.unwrap();
        assert!(
            matches!(made, CreatedUnlike::UsernameTaken),
            "{name} {field:?}: {made:?}"
        );
    }
}

pub(crate) async fn who_is_hidden_is_nobody(bench: &Bench) {
    let stores = stores(bench).await;
    for (name, hide) in [
        (
            "deleted",
            "UPDATE people SET deleted_at = '2026-01-02 03:04:05' WHERE email LIKE 'deleted%'",
        ),
        (
            "blocked",
            "UPDATE people SET blocked = (1 = 1) WHERE email LIKE 'blocked%'",
        ),
    ] {
        let user = made(&stores, name, &[]).await;
        run(&bench.database, hide).await;
        let name = user.username.as_str();
        assert!(stores.users.by_id(&user.id).await.unwrap().is_none(), "{name}");
        assert!(stores.users.by_username(name).await.unwrap().is_none(), "{name}");
        let alike = stores
            .users
            .by_field_ignoring_case(UserField::Email, name)
            .await
            .unwrap();
        assert!(alike.is_empty(), "{name}");
        let holder = stores
            .revocations
            .holder(UserField::Id, &user.id.to_string())
            .await
            .unwrap();
        assert!(holder.is_none(), "{name}");
        is_taken(&stores, name).await;
    }
    let shown = made(&stores, "shown", &[]).await;
    assert!(stores.users.by_id(&shown.id).await.unwrap().is_some());
}
