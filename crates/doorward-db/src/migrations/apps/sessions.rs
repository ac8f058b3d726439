//! `django.contrib.sessions`.

use super::super::app::{App, Kind, Model, Statements, Wanted};

const MIGRATIONS: &[&str] = &["0001_initial"];

const TABLES: &[&str] = &["django_session"];

const SQLITE: &[&str] = &[
    r#"CREATE TABLE "django_session" ("session_key" varchar(40) NOT NULL PRIMARY KEY, "session_data" text NOT NULL, "expire_date" datetime NOT NULL)"#,
    r#"CREATE INDEX "django_session_expire_date_a5c62663" ON "django_session" ("expire_date")"#,
];

const POSTGRES: &[&str] = &[
    r#"CREATE TABLE "django_session" ("session_key" varchar(40) NOT NULL PRIMARY KEY, "session_data" text NOT NULL, "expire_date" timestamp with time zone NOT NULL)"#,
    r#"CREATE INDEX "django_session_session_key_c0390e0f_like" ON "django_session" ("session_key" varchar_pattern_ops)"#,
    r#"CREATE INDEX "django_session_expire_date_a5c62663" ON "django_session" ("expire_date")"#,
];

const MARIADB: &[&str] = &[
    r#"CREATE TABLE `django_session` (`session_key` varchar(40) NOT NULL PRIMARY KEY, `session_data` longtext NOT NULL, `expire_date` datetime(6) NOT NULL, KEY `django_session_expire_date_a5c62663` (`expire_date`))"#,
];

pub(super) fn app() -> App {
    let kind = Kind::Django {
        since: "0001_initial",
        tables: TABLES,
        wanted: Wanted::Always,
    };
    App::django(
        "sessions",
        MIGRATIONS,
        Statements {
            sqlite: SQLITE,
            postgres: POSTGRES,
            mariadb: MARIADB,
        },
        kind,
    )
    .model(Model::new("session", "session"))
}
