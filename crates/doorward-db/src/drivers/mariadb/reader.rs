//! One connection that only reads, for who keeps it.

use sqlx::mysql::MySqlConnection;
use tokio::time::timeout;

use super::{PATIENCE, statement};
use crate::sql::{DatabaseError, Location, Result, Row, Sql, Trouble, Value};

/// A connection beside the pool. After a failure it is to be dropped: nobody may read an answer that is on its way.
#[derive(Debug)]
pub(crate) struct MariaDbReader {
    connection: MySqlConnection,
    place: Location,
}

impl MariaDbReader {
    pub(super) fn new(connection: MySqlConnection, place: &Location) -> Self {
        let place = place.clone();
        Self { connection, place }
    }

    /// A server that does not answer is waited for no longer than for a connection.
    pub(crate) async fn fetch_all(&mut self, sql: &Sql, values: Vec<Value>) -> Result<Vec<Row>> {
        let rows = statement::fetch_all(&mut self.connection, sql, &values);
        let rows = match timeout(PATIENCE, rows).await {
            Ok(rows) => rows,
            Err(cause) => Err(DatabaseError::unavailable(Trouble::Away, cause)),
        };
        rows.map_err(|error| error.at(&self.place))
    }
}
