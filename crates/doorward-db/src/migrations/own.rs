//! Doorward's own tables, all called `doorward_*`.

use super::Origin;

/// What our own migrations are listed under.
pub(super) const LABEL: &str = "doorward";

/// Where our own migrations are recorded.
pub(super) const TABLE: &str = "doorward_migration";

pub(super) const SQLITE: &[&str] = &[
    r#"CREATE TABLE "doorward_migration" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(255) NOT NULL UNIQUE, "applied" datetime NOT NULL)"#,
];

const CREATED: &str = "0001_created";
const ADOPTED: &str = "0001_adopted";

/// Every migration after the first: its name, and its statements for SQLite. They may meet tables of an earlier
/// Doorward whose records are lost.
///
/// No column refers to Django's tables: Django would have to know of it when it deletes a user or remakes a table.
pub(super) const LATER: &[(&str, &[&str])] = &[
    ("0002_token_families", TOKEN_FAMILIES),
    ("0003_login_counter", LOGIN_COUNTER),
];

const TOKEN_FAMILIES: &[&str] = &[
    r#"CREATE TABLE IF NOT EXISTS "doorward_token_family" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "family" char(32) NOT NULL, "jti" varchar(255) NOT NULL UNIQUE, "began_at" datetime NOT NULL, "expires_at" datetime NOT NULL, "claims" text NULL, "successor" varchar(255) NULL, "rotated_at" datetime NULL, "client" varchar(64) NULL, "replays" integer NOT NULL)"#,
    r#"CREATE INDEX IF NOT EXISTS "doorward_token_family_family" ON "doorward_token_family" ("family")"#,
    r#"CREATE INDEX IF NOT EXISTS "doorward_token_family_expires_at" ON "doorward_token_family" ("expires_at")"#,
    r#"CREATE TABLE IF NOT EXISTS "doorward_token_reuse" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "family" char(32) NOT NULL, "jti" varchar(255) NOT NULL, "kind" varchar(20) NOT NULL, "client" varchar(64) NOT NULL, "at" datetime NOT NULL)"#,
    r#"CREATE INDEX IF NOT EXISTS "doorward_token_reuse_jti" ON "doorward_token_reuse" ("jti")"#,
    r#"CREATE INDEX IF NOT EXISTS "doorward_token_reuse_at" ON "doorward_token_reuse" ("at")"#,
    r#"CREATE TABLE IF NOT EXISTS "doorward_revocation" ("user_id" {user_id} NOT NULL PRIMARY KEY, "not_before" datetime NOT NULL)"#,
];

const LOGIN_COUNTER: &[&str] = &[
    r#"CREATE TABLE IF NOT EXISTS "doorward_login_counter" ("digest" char(64) NOT NULL PRIMARY KEY, "kind" varchar(20) NOT NULL, "account" varchar(150) NULL, "account_digest" char(64) NULL, "address" varchar(50) NULL, "failures" integer NOT NULL, "locked_until" datetime NULL, "state" text NOT NULL, "expires_at" datetime NOT NULL)"#,
    r#"CREATE INDEX IF NOT EXISTS "doorward_login_counter_account" ON "doorward_login_counter" ("account_digest")"#,
    r#"CREATE INDEX IF NOT EXISTS "doorward_login_counter_address" ON "doorward_login_counter" ("address")"#,
    r#"CREATE INDEX IF NOT EXISTS "doorward_login_counter_expires_at" ON "doorward_login_counter" ("expires_at")"#,
];

/// Whether a table is one of ours.
pub(super) fn is_ours(table: &str) -> bool {
    table.starts_with("doorward_")
}

/// Whether we know a migration of that name.
pub(super) fn is_known(name: &str) -> bool {
    origin(name).is_some() || LATER.iter().any(|(later, _)| *later == name)
}

/// The first migration; its name remembers who made the database.
pub(super) fn first(origin: Origin) -> &'static str {
    match origin {
        Origin::New | Origin::Doorward => CREATED,
        Origin::Django => ADOPTED,
    }
}

/// Who made a database in which `name` is recorded first; `None` where we know no such migration.
pub(super) fn origin(name: &str) -> Option<Origin> {
    match name {
        CREATED => Some(Origin::Doorward),
        ADOPTED => Some(Origin::Django),
        _ => None,
    }
}
