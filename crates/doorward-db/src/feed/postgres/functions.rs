//! The functions that triggers call.
//!
//! They run with the rights of who made them, along a fixed `search_path`: a user with rights on Django's tables only goes on
//! writing. A condition at the trigger (`WHEN`, `UPDATE OF`) would be cheaper, but PostgreSQL then refuses to alter the type of
//! a column that it names, and so Django's `AlterField`: columns are compared in the function, which they do not depend on.

use super::literal;
use crate::dialect::Dialect;
use crate::feed::watched::{Counted, EVERYTHING, Kind, Watched};

/// A function that writes into the feed.
#[derive(Clone, Debug)]
pub(super) struct Function {
    /// Its name, without quotes.
    pub(super) name: String,
    /// Its text, as PostgreSQL keeps it.
    pub(super) body: String,
    schema: String,
}

/// The function of a statement that empties a table.
pub(super) const ALL: &str = "doorward_note_everything";

impl Function {
    /// All that those tables need.
    pub(super) fn of(tables: &[Watched], schema: &str) -> Vec<Self> {
        let make = |name: &str, body: String| Self {
            name: name.to_owned(),
            body,
            schema: schema.to_owned(),
        };
        let mut functions = vec![make(ALL, always(schema, EVERYTHING))];
        functions.extend(
            tables
                .iter()
                .map(|watched| make(&name(watched), body(watched, schema))),
        );
        functions.sort_by(|one, other| one.name.cmp(&other.name));
        functions.dedup_by(|one, other| one.name == other.name);
        functions
    }

    pub(super) fn statements(&self) -> [String; 2] {
        let Self { name, body, schema } = self;
        let function = format!("{schema}.\"{name}\"()");
        [
            format!(
                "CREATE OR REPLACE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER \
                 SET search_path = pg_catalog, pg_temp AS $doorward${body}$doorward$"
            ),
            format!("REVOKE ALL ON FUNCTION {function} FROM PUBLIC"),
        ]
    }
}

/// The name of the function for the rows of a table. Tables of which no key is told share one.
pub(super) fn name(watched: &Watched) -> String {
    match watched.kind {
        Kind::Permissions => "doorward_note_permissions".to_owned(),
        _ => format!("doorward_note_{}", watched.role),
    }
}

fn body(watched: &Watched, schema: &str) -> String {
    match watched.kind {
        Kind::Permissions => always(schema, Kind::Permissions.name()),
        _ => by_key(watched, schema),
    }
}

fn always(schema: &str, kind: &str) -> String {
    format!(
        "
BEGIN
    INSERT INTO {schema}.\"doorward_change\" (\"kind\") VALUES ('{kind}');
    RETURN NULL;
END
"
    )
}

/// A column whose type was altered cannot be read by a session that has called the function before; one may be dropped or renamed.
/// That must not end anybody's statement: then the rows are compared as JSON, which is slower and knows columns by their names. Where
/// there is no key any more, everything counts as changed.
fn by_key(watched: &Watched, schema: &str) -> String {
    let [was, became] = ["OLD", "NEW"].map(|row| key(watched, &format!("{row}.{}", quote(&watched.key))));
    let [was_json, became_json] = ["OLD", "NEW"].map(|row| {
        key(
            watched,
            &format!("(to_jsonb({row}) ->> {})", literal(&watched.key)),
        )
    });
    let kind = watched.kind.name();
    let (unchanged, unchanged_json) = (unchanged(&watched.counted), unchanged_json(&watched.counted));
    format!(
        "
DECLARE
    was text;
    became text;
BEGIN
    BEGIN
        IF ({unchanged}) THEN
            RETURN NULL;
        END IF;
        was := {was};
        became := {became};
    EXCEPTION WHEN OTHERS THEN
        IF ({unchanged_json}) THEN
            RETURN NULL;
        END IF;
        was := {was_json};
        became := {became_json};
    END;
    INSERT INTO {schema}.\"doorward_change\" (\"kind\", \"key\")
    SELECT DISTINCT CASE WHEN k.key IS NULL THEN '{EVERYTHING}' ELSE '{kind}' END, k.key
    FROM unnest(ARRAY[coalesce(was, became), coalesce(became, was)]) AS k (key);
    RETURN NULL;
END
"
    )
}

/// The key of a row, as [`Key`](crate::feed::Key) makes it; `NULL` where there is no such row.
fn key(watched: &Watched, column: &str) -> String {
    match watched.kind {
        Kind::Session => {
            let bytes = format!("convert_to({column}, getdatabaseencoding())");
            format!("left(encode(sha256({bytes}), 'hex'), 16)")
        }
        _ => format!("{column}::text"),
    }
}

/// Whether nothing changed that counts.
fn unchanged(counted: &Counted) -> String {
    match counted {
        Counted::All | Counted::Beginnings => "FALSE".to_owned(),
        Counted::Sessions => SESSION_UNCHANGED.to_owned(),
        Counted::Endings(columns) => {
            let row = |row: &str| {
                let columns = columns.iter().map(|column| format!("{row}.{}", quote(column)));
                columns.collect::<Vec<_>>().join(", ")
            };
            format!(
                "TG_OP = 'UPDATE' AND ROW({}) IS NOT DISTINCT FROM ROW({})",
                row("OLD"),
                row("NEW")
            )
        }
    }
}

/// The same, by the names of the columns. One that is gone may have changed.
fn unchanged_json(counted: &Counted) -> String {
    let Counted::Endings(columns) = counted else {
        return "FALSE".to_owned();
    };
    let names: Vec<_> = columns.iter().map(|column| literal(column)).collect();
    format!(
        "TG_OP = 'UPDATE' AND NOT EXISTS (SELECT 1 FROM unnest(ARRAY[{}]) AS c (name) \
         WHERE to_jsonb(OLD) -> c.name IS NULL OR to_jsonb(OLD) -> c.name IS DISTINCT FROM to_jsonb(NEW) -> c.name)",
        names.join(", ")
    )
}

/// Django signs a session anew whenever it is saved: what is signed stands before the first colon, and what follows has always
/// the same length. What ended a while ago is relied on by nobody: clearing the table of it is no news.
const SESSION_UNCHANGED: &str = "CASE TG_OP
            WHEN 'UPDATE' THEN NEW.session_key = OLD.session_key AND NEW.expire_date >= OLD.expire_date
                AND split_part(NEW.session_data, ':', 1) = split_part(OLD.session_data, ':', 1)
                AND length(NEW.session_data) = length(OLD.session_data)
            ELSE OLD.expire_date < statement_timestamp() - interval '5 minutes'
        END";

fn quote(name: &str) -> String {
    Dialect::Postgres.quote(name)
}
