//! One statement on one connection: values in, rows out.
//!
//! A statement is prepared once for each connection; the server tells what type each value must have.

use std::sync::Arc;

use sqlx::postgres::{PgArguments, PgColumn, PgConnection, PgRow, PgStatement, PgTypeInfo};
use sqlx::{Column, Connection, Either, Executor, Row as _, Statement};

use super::decode;
use super::encode::{self, Nul, NulCharacter};
use super::failure::error;
use super::kind::Kind;
use crate::sql::{DatabaseError, Result, Row, Sql, Value};

pub(super) async fn fetch_all(
    connection: &mut PgConnection,
    sql: &Sql,
    values: &[Value],
    nul: Nul,
) -> Result<Vec<Row>> {
    let (statement, arguments) = prepare(connection, sql, values, nul).await?;
    let query = statement.query_with(arguments);
    let rows = query.fetch_all(connection).await.map_err(error)?;
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let columns = Columns::of(sql, statement.columns());
    rows.iter().map(|row| columns.read(row)).collect()
}

pub(super) async fn execute(connection: &mut PgConnection, sql: &Sql, values: &[Value]) -> Result<u64> {
    let (statement, arguments) = prepare(connection, sql, values, Nul::IsRefused).await?;
    let query = statement.query_with(arguments);
    let done = query.execute(connection).await.map_err(error)?;
    Ok(done.rows_affected())
}

/// A statement without values, in one message: nothing is prepared.
pub(super) async fn run(connection: &mut PgConnection, sql: &Sql) -> Result<u64> {
    let done = sqlx::raw_sql(sql.numbered())
        .execute(connection)
        .await
        .map_err(error)?;
    Ok(done.rows_affected())
}

/// Closes what was prepared, so that nobody meets it who gets the session next.
pub(super) async fn close_all(connection: &mut PgConnection) -> Result<()> {
    connection.clear_cached_statements().await.map_err(error)
}

async fn prepare(
    connection: &mut PgConnection,
    sql: &Sql,
    values: &[Value],
    nul: Nul,
) -> Result<(PgStatement, PgArguments)> {
    let types = encode::types(values);
    let prepared = connection.prepare_with(sql.numbered(), &types).await;
    let statement = prepared.map_err(error)?;
    let arguments = encode::arguments(values, parameters(&statement), nul);
    let arguments = arguments.map_err(|error| match error.is::<NulCharacter>() {
        true => DatabaseError::Unstorable(error),
        false => DatabaseError::Statement(error),
    })?;
    Ok((statement, arguments))
}

fn parameters(statement: &PgStatement) -> &[PgTypeInfo] {
    match statement.parameters() {
        Some(Either::Left(types)) => types,
        _ => &[],
    }
}

/// The columns of a result.
struct Columns {
    names: Arc<[String]>,
    kinds: Vec<Kind>,
}

impl Columns {
    fn of(sql: &Sql, columns: &[PgColumn]) -> Self {
        Self {
            names: sql.columns(&columns.iter().map(Column::name)),
            kinds: columns
                .iter()
                .map(|column| Kind::of(column.type_info()))
                .collect(),
        }
    }

    fn read(&self, row: &PgRow) -> Result<Row> {
        let values = self.kinds.iter().enumerate().map(|(index, kind)| {
            let raw = row.try_get_raw(index).map_err(error)?;
            decode::value(&raw, *kind).map_err(DatabaseError::Statement)
        });
        Ok(Row::new(Arc::clone(&self.names), values.collect::<Result<_>>()?))
    }
}
