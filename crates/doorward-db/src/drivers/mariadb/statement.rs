//! One statement on one connection: values in, rows out.
//!
//! A statement is prepared once for each connection. A future that is dropped half-way leaves an answer on the way that
//! nothing can tell from that of the next statement: its connection is to be thrown away.

use std::sync::Arc;

use sqlx::mysql::{MySql, MySqlArguments, MySqlConnection, MySqlRow, MySqlStatement};
use sqlx::{AssertSqlSafe, Column, Decode, Either, Executor, Row as _, SqlSafeStr, Statement};

use super::super::guard;
use super::failure::{self, error};
use super::kind::Kind;
use super::{decode, encode};
use crate::sql::{DatabaseError, Result, Row, Sql, Value};

/// Who asks for a text that a column cannot hold finds nothing.
pub(super) async fn fetch_all(
    connection: &mut MySqlConnection,
    sql: &Sql,
    values: &[Value],
) -> Result<Vec<Row>> {
    match fetch(connection, sql, values).await {
        Err(error @ DatabaseError::Unstorable(_)) if guard::only_reads(sql.as_str()) => {
            let known = Value::without_foreign(values).ok_or(error)?;
            fetch(connection, sql, &known).await
        }
        result => result,
    }
}

async fn fetch(connection: &mut MySqlConnection, sql: &Sql, values: &[Value]) -> Result<Vec<Row>> {
    let (statement, arguments) = prepare(connection, sql, values).await?;
    let query = statement.query_with(arguments);
    let rows = query.fetch_all(connection).await.map_err(error)?;
    let Some(first) = rows.first() else {
        return Ok(Vec::new());
    };
    let columns = Columns::of(sql, first);
    rows.iter().map(|row| columns.read(row)).collect()
}

/// What has no values is not prepared: not every statement can be.
pub(super) async fn execute(connection: &mut MySqlConnection, sql: &Sql, values: &[Value]) -> Result<u64> {
    if values.is_empty() {
        let text = AssertSqlSafe(Arc::clone(&sql.in_order().text));
        let done = sqlx::raw_sql(text).execute(connection).await;
        return Ok(done.map_err(error)?.rows_affected());
    }
    let (statement, arguments) = prepare(connection, sql, values).await?;
    let query = statement.query_with(arguments);
    let done = query.execute(connection).await.map_err(error)?;
    Ok(done.rows_affected())
}

/// Refuses what the statement before, an `INSERT IGNORE`, passed over, but for rows whose key is there.
pub(super) async fn demand_no_warnings(connection: &mut MySqlConnection) -> Result<()> {
    let told = sqlx::raw_sql("SHOW WARNINGS").fetch_all(connection).await;
    for row in told.map_err(error)? {
        let (level, number, message) = (text(&row, 0)?, number(&row)?, text(&row, 2)?);
        if level != "Note" && number != failure::DUPLICATE {
            return Err(failure::passed_over(number, &message));
        }
    }
    Ok(())
}

fn text(row: &MySqlRow, column: usize) -> Result<String> {
    let raw = row.try_get_raw(column).map_err(error)?;
    <String as Decode<MySql>>::decode(raw).map_err(DatabaseError::Statement)
}

fn number(row: &MySqlRow) -> Result<u16> {
    let raw = row.try_get_raw(1).map_err(error)?;
    <u16 as Decode<MySql>>::decode(raw).map_err(DatabaseError::Statement)
}

async fn prepare(
    connection: &mut MySqlConnection,
    sql: &Sql,
    values: &[Value],
) -> Result<(MySqlStatement, MySqlArguments)> {
    let in_order = sql.in_order();
    let text = AssertSqlSafe(Arc::clone(&in_order.text)).into_sql_str();
    let statement = connection.prepare_with(text, &[]).await.map_err(error)?;
    let arguments = encode::arguments(values, &in_order.values, marks(&statement));
    Ok((statement, arguments.map_err(DatabaseError::Statement)?))
}

/// How many values the server takes.
fn marks(statement: &MySqlStatement) -> usize {
    match statement.parameters() {
        Some(Either::Left(types)) => types.len(),
        Some(Either::Right(count)) => count,
        None => 0,
    }
}

/// The columns of a result.
struct Columns {
    names: Arc<[String]>,
    kinds: Vec<Kind>,
}

impl Columns {
    fn of(sql: &Sql, row: &MySqlRow) -> Self {
        let columns = row.columns();
        Self {
            names: sql.columns(&columns.iter().map(Column::name)),
            kinds: columns
                .iter()
                .map(|column| Kind::of(column.type_info()))
                .collect(),
        }
    }

    fn read(&self, row: &MySqlRow) -> Result<Row> {
        let values = self.kinds.iter().enumerate().map(|(index, kind)| {
            let raw = row.try_get_raw(index).map_err(error)?;
            decode::value(raw, *kind).map_err(DatabaseError::Statement)
        });
        Ok(Row::new(Arc::clone(&self.names), values.collect::<Result<_>>()?))
    }
}
