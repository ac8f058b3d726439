//! Doorward's own tables, all called `doorward_*`.

use super::Origin;

/// Where our own migrations are recorded.
pub(super) const TABLE: &str = "doorward_migration";

pub(super) const SQLITE: &[&str] = &[
    r#"CREATE TABLE "doorward_migration" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "name" varchar(255) NOT NULL UNIQUE, "applied" datetime NOT NULL)"#,
];

const CREATED: &str = "0001_created";
const ADOPTED: &str = "0001_adopted";

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
