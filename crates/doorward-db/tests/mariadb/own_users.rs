//! Users in a table of the project's own: what refers to them is of the very type of their key, or MariaDB refuses it.

use doorward_db::migrations::Migrator;
use doorward_db::schema::{IdType, UserSchema};
use doorward_db::{Database, Row, Schema, Sql};

use crate::Scratch;
use crate::migrations::NOW;

/// As Django leaves it where `AUTH_USER_MODEL` names a model of the project, which lacks what stands on users.
const WITHOUT_USERS: [&str; 4] = [
    "DROP TABLE auth_user_groups, auth_user_user_permissions, authtoken_token, django_admin_log, \
     token_blacklist_blacklistedtoken, token_blacklist_outstandingtoken",
    "DROP TABLE auth_user",
    "DROP TABLE doorward_revocation",
    "DELETE FROM django_migrations WHERE app IN ('admin', 'authtoken', 'token_blacklist')",
];

const OF_THEIR_OWN: [&str; 3] = [
    "CREATE TABLE accounts_person (id {key} NOT NULL PRIMARY KEY, password varchar(128) NOT NULL, \
     last_login datetime(6) NULL, is_superuser bool NOT NULL, first_name varchar(150) NOT NULL, \
     last_name varchar(150) NOT NULL, email varchar(254) NOT NULL UNIQUE, is_staff bool NOT NULL, \
     is_active bool NOT NULL, date_joined datetime(6) NOT NULL)",
    "CREATE TABLE accounts_person_groups (id bigint AUTO_INCREMENT PRIMARY KEY, person_id {key} NOT NULL, \
     group_id integer NOT NULL)",
    "CREATE TABLE accounts_person_user_permissions (id bigint AUTO_INCREMENT PRIMARY KEY, person_id {key} NOT NULL, \
     permission_id integer NOT NULL)",
];

async fn with_users_of(name: &'static str, key: &str) -> Option<(Scratch, Database)> {
    let scratch = Scratch::new(name).await?;
    let database = scratch.open().await;
    let migrator = Migrator::new(&database, &Schema::default());
    migrator.apply(NOW).await.unwrap();
    for statement in WITHOUT_USERS.into_iter().chain(OF_THEIR_OWN) {
        let statement = Sql::rendered(statement.replace("{key}", key));
        database.execute(statement, []).await.unwrap();
    }
    Some((scratch, database))
}

fn migrator(database: &Database, id: IdType) -> Migrator {
    let user = UserSchema::new("accounts_person", id, "email");
    let schema = Schema {
        user,
        ..Schema::default()
    };
    Migrator::new(database, &schema)
}

/// The type and the collation of a column, and how often it refers to the table of users.
async fn column(database: &Database, table: &str, name: &str) -> (String, Option<String>, i64) {
    let sql = "SELECT c.column_type, c.collation_name, (SELECT count(*) FROM information_schema.key_column_usage k \
               WHERE k.table_schema = DATABASE() AND k.table_name = c.table_name AND k.column_name = c.column_name \
               AND k.referenced_table_name = 'accounts_person') FROM information_schema.columns c \
               WHERE c.table_schema = DATABASE() AND c.table_name = ? AND c.column_name = ?";
    let row = database.fetch_optional(sql, [table.into(), name.into()]).await;
    let row: Row = row.unwrap().unwrap();
    (row.read(0).unwrap(), row.read(1).unwrap(), row.read(2).unwrap())
}

#[tokio::test]
async fn what_refers_to_a_user_is_of_the_type_of_the_users_key() {
    for (key, id) in [
        ("integer", IdType::Int),
        ("int unsigned", IdType::Int),
        ("bigint", IdType::BigInt),
        ("uuid", IdType::Uuid),
        ("char(32)", IdType::Uuid),
        ("char(32) COLLATE utf8mb4_bin", IdType::Uuid),
        ("varchar(40) CHARACTER SET latin1", IdType::Text),
    ] {
        let Some((_scratch, database)) = with_users_of("db_keys_of_users", key).await else {
            return;
        };
        let migrator = migrator(&database, id);
        migrator.apply(NOW).await.unwrap();
        assert_eq!(migrator.problems().await.unwrap(), [], "{key}");
        assert!(migrator.is_current().await.unwrap(), "{key}");
        let (declared, collation, _) = column(&database, "accounts_person", "id").await;
        for (table, references) in [
            ("authtoken_token", 1),
            ("token_blacklist_outstandingtoken", 1),
            ("doorward_revocation", 0),
        ] {
            let expected = (declared.clone(), collation.clone(), references);
            assert_eq!(
                column(&database, table, "user_id").await,
                expected,
                "{key} in {table}"
            );
        }
    }
}

#[tokio::test]
async fn users_with_another_kind_of_key_are_told() {
    for (key, id, expected) in [
        (
            "uuid",
            IdType::Int,
            "table accounts_person has id as uuid; expected: integer",
        ),
        (
            "integer",
            IdType::Uuid,
            "table accounts_person has id as int(11); expected: char(32)",
        ),
    ] {
        let Some((_scratch, database)) = with_users_of("db_other_keys", key).await else {
            return;
        };
        let error = migrator(&database, id).apply(NOW).await.expect_err(expected);
        assert!(error.to_string().contains(expected), "{error}");
    }
}
