//! `rest_framework_simplejwt.token_blacklist`.

use super::super::app::{App, Kind, Model, Wanted};

const MIGRATIONS: &[&str] = &[
    "0001_initial",
    "0002_outstandingtoken_jti_hex",
    "0003_auto_20171017_2007",
    "0004_auto_20171017_2013",
    "0005_remove_outstandingtoken_jti",
    "0006_auto_20171017_2113",
    "0007_auto_20171017_2214",
    "0008_migrate_to_bigautofield",
    "0010_fix_migrate_to_bigautofield",
    "0011_linearizes_history",
    "0012_alter_outstandingtoken_user",
    "0013_alter_blacklistedtoken_options_and_more",
];

const TABLES: &[&str] = &[
    "token_blacklist_blacklistedtoken",
    "token_blacklist_outstandingtoken",
];

const SQLITE: &[&str] = &[
    r#"CREATE TABLE "token_blacklist_blacklistedtoken" ("blacklisted_at" datetime NOT NULL, "token_id" bigint NOT NULL UNIQUE REFERENCES "token_blacklist_outstandingtoken" ("id") DEFERRABLE INITIALLY DEFERRED, "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT)"#,
    r#"CREATE TABLE "token_blacklist_outstandingtoken" ("token" text NOT NULL, "created_at" datetime NULL, "expires_at" datetime NOT NULL, "user_id" {user_id} NULL REFERENCES {user} ({user_pk}) DEFERRABLE INITIALLY DEFERRED, "jti" varchar(255) NOT NULL UNIQUE, "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT)"#,
    r#"CREATE INDEX "token_blacklist_outstandingtoken_user_id_83bc629a" ON "token_blacklist_outstandingtoken" ("user_id")"#,
];

pub(super) fn app() -> App {
    let kind = Kind::Django {
        since: "0007_auto_20171017_2214",
        tables: TABLES,
        wanted: Wanted::Always,
    };
    App::django("token_blacklist", MIGRATIONS, SQLITE, kind)
        .model(Model::new("blacklistedtoken", "Blacklisted Token"))
        .model(Model::new("outstandingtoken", "Outstanding Token"))
}
