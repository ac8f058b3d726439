//! The triggers, and whether they are as they should be.

use super::functions::{self, ALL, Function};
use super::{Objects, literal};
use crate::feed::watched::{Counted, Watched};

/// A trigger that calls one of the functions.
#[derive(Clone, Debug)]
pub(super) struct Trigger {
    /// The table, as the settings name it.
    table: String,
    /// Schema and table, in quotes.
    relation: String,
    schema: String,
    name: &'static str,
    function: String,
    event: Event,
}

/// When a trigger fires, always afterwards.
#[derive(Clone, Copy, Debug)]
enum Event {
    EveryRow,
    /// For rows that come or change.
    RowsThatCome,
    /// For rows that change or go.
    RowsThatGo,
    Truncate,
}

impl Event {
    fn sql(self) -> &'static str {
        match self {
            Self::EveryRow => "AFTER INSERT OR UPDATE OR DELETE",
            Self::RowsThatCome => "AFTER INSERT OR UPDATE",
            Self::RowsThatGo => "AFTER UPDATE OR DELETE",
            Self::Truncate => "AFTER TRUNCATE",
        }
    }

    fn each(self) -> &'static str {
        match self {
            Self::Truncate => "FOR EACH STATEMENT",
            _ => "FOR EACH ROW",
        }
    }

    /// As `pg_trigger.tgtype` has it (`pg_trigger.h`): a row's 1, `INSERT` 4, `DELETE` 8, `UPDATE` 16, `TRUNCATE` 32.
    fn bits(self) -> u8 {
        match self {
            Self::EveryRow => 1 + 4 + 8 + 16,
            Self::RowsThatCome => 1 + 4 + 16,
            Self::RowsThatGo => 1 + 8 + 16,
            Self::Truncate => 32,
        }
    }
}

impl Trigger {
    /// Those of a table that stands at `relation`.
    pub(super) fn of(watched: &Watched, relation: &str, schema: &str) -> [Self; 2] {
        let event = match watched.counted {
            Counted::All => Event::EveryRow,
            Counted::Beginnings => Event::RowsThatCome,
            Counted::Endings(_) | Counted::Sessions => Event::RowsThatGo,
        };
        let make = |name, function: &str, event| Self {
            table: watched.table.clone(),
            relation: relation.to_owned(),
            schema: schema.to_owned(),
            name,
            function: function.to_owned(),
            event,
        };
        [
            make("doorward_row", &functions::name(watched), event),
            make("doorward_truncate", ALL, Event::Truncate),
        ]
    }

    /// Those that run where others are silent too, as on a server that is fed by logical replication.
    pub(super) fn statements(&self) -> [String; 3] {
        let Self {
            relation,
            schema,
            name,
            function,
            event,
            ..
        } = self;
        let (when, each) = (event.sql(), event.each());
        [
            format!("DROP TRIGGER IF EXISTS \"{name}\" ON {relation}"),
            format!(
                "CREATE TRIGGER \"{name}\" {when} ON {relation} {each} EXECUTE FUNCTION {schema}.\"{function}\"()"
            ),
            format!("ALTER TABLE {relation} ENABLE ALWAYS TRIGGER \"{name}\""),
        ]
    }
}

/// A query for what is not as it should be: table, trigger, and what is wrong.
pub(super) fn flawed(objects: &Objects) -> String {
    let expected = objects.triggers.iter().map(|trigger| {
        let body = objects
            .functions
            .iter()
            .find(|function| function.name == trigger.function);
        let body = body.map_or("", |function: &Function| function.body.as_str());
        let texts = [trigger.table.as_str(), &trigger.relation, trigger.name, body].map(literal);
        format!("({}, {}::smallint)", texts.join(", "), trigger.event.bits())
    });
    format!(
        "SELECT e.table_name, e.name, CASE WHEN t.oid IS NULL THEN 'missing' WHEN t.tgenabled <> 'A' THEN 'disabled' \
         ELSE 'different' END FROM (VALUES {}) AS e (table_name, relation, name, body, type) \
         LEFT JOIN pg_catalog.pg_trigger t ON t.tgrelid = pg_catalog.to_regclass(e.relation) AND t.tgname = e.name \
         LEFT JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid \
         WHERE (t.tgenabled = 'A' AND t.tgtype = e.type AND t.tgqual IS NULL AND p.prosecdef AND p.prosrc = e.body) \
         IS NOT TRUE ORDER BY 1, 2",
        expected.collect::<Vec<_>>().join(", ")
    )
}

/// An expression that is another text once any trigger or function was altered, made or dropped.
pub(super) fn fingerprint(objects: &Objects) -> String {
    let mut relations: Vec<_> = objects.triggers.iter().map(|trigger| &trigger.relation).collect();
    relations.dedup();
    let relations = relations
        .iter()
        .map(|relation| format!("pg_catalog.to_regclass({})", literal(relation)));
    let row = "t.oid::text || ' ' || t.xmin::text || t.tgenabled::text || ' ' || p.oid::text || ' ' || p.xmin::text";
    format!(
        "(SELECT pg_catalog.string_agg({row}, ' ' ORDER BY t.oid) FROM pg_catalog.pg_trigger t \
         INNER JOIN pg_catalog.pg_proc p ON p.oid = t.tgfoid \
         WHERE t.tgrelid IN ({}) AND t.tgname IN ('doorward_row', 'doorward_truncate'))",
        relations.collect::<Vec<_>>().join(", ")
    )
}
