//! `rest_framework.authtoken`.

use super::super::app::{App, Kind, Model, Statements, Wanted};

const MIGRATIONS: &[&str] = &[
    "0001_initial",
    "0002_auto_20160226_1747",
    "0003_tokenproxy",
    "0004_alter_tokenproxy_options",
];

const TABLES: &[&str] = &["authtoken_token"];

const SQLITE: &[&str] = &[
    r#"CREATE TABLE "authtoken_token" ("key" varchar(40) NOT NULL PRIMARY KEY, "created" datetime NOT NULL, "user_id" {user_id} NOT NULL UNIQUE REFERENCES {user} ({user_pk}) DEFERRABLE INITIALLY DEFERRED)"#,
];

const POSTGRES: &[&str] = &[
    r#"CREATE TABLE "authtoken_token" ("key" varchar(40) NOT NULL PRIMARY KEY, "created" timestamp with time zone NOT NULL, "user_id" {user_id} NOT NULL UNIQUE CONSTRAINT "authtoken_token_user_id_35299eff_fk_auth_user_id" REFERENCES {user} ({user_pk}) DEFERRABLE INITIALLY DEFERRED)"#,
    r#"CREATE INDEX "authtoken_token_key_10f0b77e_like" ON "authtoken_token" ("key" varchar_pattern_ops)"#,
];

const MARIADB: &[&str] = &[
    r#"CREATE TABLE `authtoken_token` (`key` varchar(40) NOT NULL PRIMARY KEY, `created` datetime(6) NOT NULL, `user_id` {user_id} NOT NULL UNIQUE, CONSTRAINT `authtoken_token_user_id_35299eff_fk_auth_user_id` FOREIGN KEY (`user_id`) REFERENCES {user} ({user_pk}))"#,
];

pub(super) fn app() -> App {
    let kind = Kind::Django {
        since: "0002_auto_20160226_1747",
        tables: TABLES,
        wanted: Wanted::Always,
    };
    App::django(
        "authtoken",
        MIGRATIONS,
        Statements {
            sqlite: SQLITE,
            postgres: POSTGRES,
            mariadb: MARIADB,
        },
        kind,
    )
    .model(Model::new("token", "Token"))
    .model(Model::new("tokenproxy", "Token"))
}
