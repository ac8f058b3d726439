//! `django.contrib.contenttypes`.

use super::super::app::{App, Kind, Model, Wanted};

const MIGRATIONS: &[&str] = &["0001_initial", "0002_remove_content_type_name"];

const TABLES: &[&str] = &["django_content_type"];

const SQLITE: &[&str] = &[
    r#"CREATE TABLE "django_content_type" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "app_label" varchar(100) NOT NULL, "model" varchar(100) NOT NULL)"#,
    r#"CREATE UNIQUE INDEX "django_content_type_app_label_model_76bd3d3b_uniq" ON "django_content_type" ("app_label", "model")"#,
];

pub(super) fn app() -> App {
    let kind = Kind::Django {
        since: "0002_remove_content_type_name",
        tables: TABLES,
        wanted: Wanted::Always,
    };
    App::django("contenttypes", MIGRATIONS, SQLITE, kind).model(Model::new("contenttype", "content type"))
}
