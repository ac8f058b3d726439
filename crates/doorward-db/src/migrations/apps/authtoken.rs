//! `rest_framework.authtoken`.

use super::super::app::{App, Kind, Model, Wanted};

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

pub(super) fn app() -> App {
    let kind = Kind::Django {
        since: "0002_auto_20160226_1747",
        tables: TABLES,
        wanted: Wanted::Always,
    };
    App::django("authtoken", MIGRATIONS, SQLITE, kind)
        .model(Model::new("token", "Token"))
        .model(Model::new("tokenproxy", "Token"))
}
