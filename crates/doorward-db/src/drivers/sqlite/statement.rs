//! One statement on one connection: values in, rows out.

use std::sync::Arc;

use sqlx::error::{DatabaseError as _, ErrorKind};
use sqlx::sqlite::{Sqlite, SqliteArguments, SqliteConnection, SqliteError, SqliteRow, SqliteValueRef};
use sqlx::{Arguments, Column, Decode, Row as _, TypeInfo, ValueRef};

use crate::sql::{DatabaseError, Result, Row, Sql, Trouble, Value};

pub(super) async fn fetch_all(
    connection: &mut SqliteConnection,
    sql: &Sql,
    values: Vec<Value>,
) -> Result<Vec<Row>> {
    let query = sqlx::query_with(sql.text(), arguments(values)?);
    let rows = query.fetch_all(connection).await.map_err(error)?;
    let Some(first) = rows.first() else {
        return Ok(Vec::new());
    };
    let names = sql.columns(&first.columns().iter().map(Column::name));
    rows.iter().map(|row| read(row, &names)).collect()
}

pub(super) async fn execute(connection: &mut SqliteConnection, sql: &Sql, values: Vec<Value>) -> Result<u64> {
    let query = sqlx::query_with(sql.text(), arguments(values)?);
    let done = query.execute(connection).await.map_err(error)?;
    Ok(done.rows_affected())
}

fn arguments(values: Vec<Value>) -> Result<SqliteArguments> {
    let mut arguments = SqliteArguments::default();
    for value in values {
        add(&mut arguments, value).map_err(DatabaseError::Statement)?;
    }
    Ok(arguments)
}

fn add(arguments: &mut SqliteArguments, value: Value) -> Result<(), sqlx::error::BoxDynError> {
    match value {
        Value::Null => arguments.add(None::<i64>),
        Value::Bool(value) => arguments.add(i64::from(value)),
        Value::Int(number) => arguments.add(number),
        Value::Real(number) => arguments.add(number),
        Value::Text(text) => arguments.add(text),
        Value::Bytes(bytes) => arguments.add(bytes),
        Value::Timestamp(moment) => arguments.add(moment.to_sqlite()),
        Value::LocalTime(time) => arguments.add(time.local.to_sqlite()),
        Value::Uuid(uuid) => arguments.add(uuid.simple().to_string()),
    }
}

fn read(row: &SqliteRow, names: &Arc<[String]>) -> Result<Row> {
    let values = (0..names.len()).map(|index| {
        let raw = row.try_get_raw(index).map_err(error)?;
        value(raw).map_err(DatabaseError::Statement)
    });
    Ok(Row::new(Arc::clone(names), values.collect::<Result<_>>()?))
}

/// By what is stored, not by what the column was declared to hold: SQLite does not mind the difference.
fn value(raw: SqliteValueRef<'_>) -> Result<Value, sqlx::error::BoxDynError> {
    Ok(match Stored::of(&raw) {
        Stored::Null => Value::Null,
        Stored::Integer => Value::Int(<i64 as Decode<Sqlite>>::decode(raw)?),
        Stored::Real => Value::Real(<f64 as Decode<Sqlite>>::decode(raw)?),
        Stored::Text => Value::Text(<String as Decode<Sqlite>>::decode(raw)?),
        Stored::Blob => Value::Bytes(<Vec<u8> as Decode<Sqlite>>::decode(raw)?),
    })
}

/// SQLite's five kinds of value.
#[derive(Clone, Copy)]
enum Stored {
    Null,
    Integer,
    Real,
    Text,
    Blob,
}

impl Stored {
    fn of(raw: &SqliteValueRef<'_>) -> Self {
        if raw.is_null() {
            return Self::Null;
        }
        match raw.type_info().name() {
            "INTEGER" => Self::Integer,
            "REAL" => Self::Real,
            "TEXT" => Self::Text,
            _ => Self::Blob,
        }
    }
}

/// Whether a connection that may only read was to write. What a connection cannot read for want of rights (a journal that has
/// to be played back first) has codes of its own.
pub(super) fn is_read_only(error: &DatabaseError) -> bool {
    const READONLY: &str = "8";
    let source = std::error::Error::source(error);
    let refusal = source.and_then(|source| source.downcast_ref::<SqliteError>());
    refusal.is_some_and(|refusal| refusal.code().as_deref() == Some(READONLY))
}

pub(super) fn error(error: sqlx::Error) -> DatabaseError {
    let sqlx::Error::Database(refusal) = error else {
        return other(error);
    };
    let kind = refusal.kind();
    let code: Option<i32> = refusal.code().and_then(|code| code.parse().ok());
    let cause = refusal.into_error();
    match kind {
        ErrorKind::UniqueViolation => DatabaseError::Unique(cause),
        ErrorKind::ForeignKeyViolation => DatabaseError::ForeignKey(cause),
        _ => match code.and_then(Trouble::of_sqlite) {
            Some(trouble) => DatabaseError::unavailable(trouble, cause),
            None => DatabaseError::Statement(cause),
        },
    }
}

fn other(error: sqlx::Error) -> DatabaseError {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => DatabaseError::unavailable(Trouble::Away, error),
        _ => DatabaseError::Statement(error.into()),
    }
}
