//! The table of failed logins, `doorward_login_counter`.
//!
//! No column refers to Django's tables: Django would have to know of it when it deletes a user or remakes a table.

use doorward_db::migrations::Migration;

/// What makes it.
pub(super) fn all() -> Vec<Migration> {
    let counters = Migration::new("0003_login_counter")
        .sqlite(SQLITE)
        .postgres(POSTGRES)
        .mariadb(MARIADB);
    vec![counters.own()]
}

const SQLITE: &[&str] = &[
    r#"CREATE TABLE IF NOT EXISTS "doorward_login_counter" ("digest" char(64) NOT NULL PRIMARY KEY, "kind" varchar(20) NOT NULL, "account" varchar(150) NULL, "account_digest" char(64) NULL, "address" varchar(50) NULL, "failures" integer NOT NULL, "locked_until" datetime NULL, "state" text NOT NULL, "expires_at" datetime NOT NULL)"#,
    r#"CREATE INDEX IF NOT EXISTS "doorward_login_counter_account" ON "doorward_login_counter" ("account_digest")"#,
    r#"CREATE INDEX IF NOT EXISTS "doorward_login_counter_address" ON "doorward_login_counter" ("address")"#,
    r#"CREATE INDEX IF NOT EXISTS "doorward_login_counter_expires_at" ON "doorward_login_counter" ("expires_at")"#,
];

const POSTGRES: &[&str] = &[
    r#"CREATE TABLE IF NOT EXISTS "doorward_login_counter" ("digest" varchar(64) NOT NULL PRIMARY KEY, "kind" varchar(20) NOT NULL, "account" text NULL, "account_digest" varchar(64) NULL, "address" varchar(50) NULL, "failures" integer NOT NULL, "locked_until" timestamp with time zone NULL, "state" text NOT NULL, "expires_at" timestamp with time zone NOT NULL)"#,
    r#"CREATE INDEX IF NOT EXISTS "doorward_login_counter_account" ON "doorward_login_counter" ("account_digest")"#,
    r#"CREATE INDEX IF NOT EXISTS "doorward_login_counter_address" ON "doorward_login_counter" ("address")"#,
    r#"CREATE INDEX IF NOT EXISTS "doorward_login_counter_expires_at" ON "doorward_login_counter" ("expires_at")"#,
];

/// `digest` and `account_digest` are hexadecimal.
const MARIADB: &[&str] = &[
    "CREATE TABLE IF NOT EXISTS `doorward_login_counter` (`digest` char(64) NOT NULL PRIMARY KEY, `kind` varchar(20) NOT NULL, `account` longtext NULL, `account_digest` char(64) NULL, `address` varchar(50) NULL, `failures` integer NOT NULL, `locked_until` datetime(6) NULL, `state` longtext NOT NULL, `expires_at` datetime(6) NOT NULL, KEY `doorward_login_counter_account` (`account_digest`), KEY `doorward_login_counter_address` (`address`), KEY `doorward_login_counter_expires_at` (`expires_at`))",
];
