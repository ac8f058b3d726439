//! One connection that only reads, for who keeps it.

use sqlx::sqlite::SqliteConnection;

use super::statement;
use crate::sql::{Location, Result, Row, Sql, Value};

/// A connection beside the pool.
#[derive(Debug)]
pub(crate) struct SqliteReader {
    connection: SqliteConnection,
    place: Location,
}

impl SqliteReader {
    pub(super) fn new(connection: SqliteConnection, place: &Location) -> Self {
        let place = place.clone();
        Self { connection, place }
    }

    pub(crate) async fn fetch_all(&mut self, sql: &Sql, values: Vec<Value>) -> Result<Vec<Row>> {
        let rows = statement::fetch_all(&mut self.connection, sql, values).await;
        rows.map_err(|error| error.at(&self.place))
    }
}
