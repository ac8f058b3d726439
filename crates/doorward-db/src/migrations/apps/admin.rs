//! `django.contrib.admin`.

use super::super::app::{App, Kind, Model, Wanted};

const MIGRATIONS: &[&str] = &[
    "0001_initial",
    "0002_logentry_remove_auto_add",
    "0003_logentry_add_action_flag_choices",
];

const TABLES: &[&str] = &["django_admin_log"];

const SQLITE: &[&str] = &[
    r#"CREATE TABLE "django_admin_log" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "object_id" text NULL, "object_repr" varchar(200) NOT NULL, "action_flag" smallint unsigned NOT NULL CHECK ("action_flag" >= 0), "change_message" text NOT NULL, "content_type_id" integer NULL REFERENCES "django_content_type" ("id") DEFERRABLE INITIALLY DEFERRED, "user_id" {user_id} NOT NULL REFERENCES {user} ({user_pk}) DEFERRABLE INITIALLY DEFERRED, "action_time" datetime NOT NULL)"#,
    r#"CREATE INDEX "django_admin_log_content_type_id_c4bce8eb" ON "django_admin_log" ("content_type_id")"#,
    r#"CREATE INDEX "django_admin_log_user_id_c564eba6" ON "django_admin_log" ("user_id")"#,
];

pub(super) fn app() -> App {
    let kind = Kind::Django {
        since: "0001_initial",
        tables: TABLES,
        wanted: Wanted::WhenNew,
    };
    App::django("admin", MIGRATIONS, SQLITE, kind).model(Model::new("logentry", "log entry"))
}
