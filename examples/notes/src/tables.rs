//! The tables. A change is a new migration after those that there are: one that was applied is never applied again.

use doorward::migrations::{Migration, Model};

pub(crate) fn migrations() -> Vec<Migration> {
    vec![Migration::new("0001_initial").sqlite(INITIAL)]
}

/// Each gets a content type, and the permissions to add, change, delete and view it.
pub(crate) fn models() -> Vec<Model> {
    vec![Model::new("note", "note")]
}

/// `{user}` is the table of users, `{user_pk}` its key, `{user_id}` the type of that.
const INITIAL: &[&str] = &[
    r#"CREATE TABLE "notes_note" (
        "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT,
        "title" varchar(100) NOT NULL,
        "text" text NOT NULL,
        "owner_id" {user_id} NOT NULL REFERENCES {user} ({user_pk}) DEFERRABLE INITIALLY DEFERRED
    )"#,
    r#"CREATE INDEX "notes_note_owner_id" ON "notes_note" ("owner_id")"#,
];
