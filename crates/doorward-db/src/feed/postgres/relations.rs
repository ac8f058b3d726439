//! Where the tables are, and whether this user may watch them.

use super::functions::Function;
use super::triggers::Trigger;
use super::{Objects, literal};
use crate::database::{Row, Source, Sql};
use crate::dialect::Dialect;
use crate::feed::problem::FeedProblem;
use crate::feed::watched::Watched;

/// The schema of the feed's table, or where it would be made; and whether it may.
const SCHEMA: &str = "SELECT n.nspname, pg_catalog.has_schema_privilege(n.oid, 'CREATE') \
    FROM pg_catalog.pg_namespace n WHERE n.oid = coalesce(\
    (SELECT c.relnamespace FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass('doorward_change')), \
    (SELECT s.oid FROM pg_catalog.pg_namespace s WHERE s.nspname = pg_catalog.current_schema()))";

/// What is watched of those tables.
pub(in crate::feed) async fn read(
    source: &mut Source<'_>,
    tables: &[Watched],
) -> Result<Objects, FeedProblem> {
    let mut lacking = Vec::new();
    let schema = schema(source, &mut lacking).await?;
    let rows = source.fetch_all(Sql::rendered(named(tables)), []).await?;
    let mut triggers = Vec::new();
    for watched in tables {
        let relation = relation(&rows, watched, &mut lacking)?;
        triggers.extend(Trigger::of(watched, &relation, &schema));
    }
    Ok(Objects {
        functions: Function::of(tables, &schema),
        schema,
        triggers,
        lacking,
    })
}

async fn schema(source: &mut Source<'_>, lacking: &mut Vec<String>) -> Result<String, FeedProblem> {
    let rows = source.fetch_all(SCHEMA, []).await?;
    let Some(row) = rows.first() else {
        let table = "doorward_change".to_owned();
        let reason = "there is no schema to make it in; see the role's search_path";
        return Err(FeedProblem::Unwatchable { table, reason });
    };
    let name = Dialect::Postgres.quote(&row.read::<String>(0)?);
    if !row.read::<bool>(1)? {
        lacking.push(format!("it lacks CREATE on the schema {name}"));
    }
    Ok(name)
}

/// Name, schema, kind, and whether we are or may be its owner.
fn named(tables: &[Watched]) -> String {
    let names: Vec<_> = tables.iter().map(|watched| literal(&watched.table)).collect();
    format!(
        "SELECT c.relname, n.nspname, c.relkind::text, pg_catalog.pg_has_role(c.relowner, 'USAGE') \
         FROM pg_catalog.pg_class c INNER JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE pg_catalog.pg_table_is_visible(c.oid) AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relname IN ({})",
        names.join(", ")
    )
}

/// Schema and table, in quotes.
fn relation(rows: &[Row], watched: &Watched, lacking: &mut Vec<String>) -> Result<String, FeedProblem> {
    let unwatchable = |reason| FeedProblem::Unwatchable {
        table: watched.table.clone(),
        reason,
    };
    for row in rows {
        if row.read::<String>(0)? != watched.table {
            continue;
        }
        if !["r", "p"].contains(&row.read::<String>(2)?.as_str()) {
            return Err(unwatchable("it is a view, or lies elsewhere"));
        }
        if !row.read::<bool>(3)? {
            lacking.push(format!("it does not own {}", watched.table));
        }
        let quote = |name: String| Dialect::Postgres.quote(&name);
        return Ok(format!("{}.{}", quote(row.read(1)?), quote(row.read(0)?)));
    }
    Err(unwatchable("it is not there; run `doorward migrate` first"))
}
