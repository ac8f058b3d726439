//! One connection that only reads, for who keeps it.

use sqlx::postgres::PgConnection;
use tokio::time::timeout;

use super::encode::Nul;
use super::{PATIENCE, statement};
use crate::sql::{DatabaseError, Location, Result, Row, Sql, Trouble, Value};

/// A connection beside the pool. After a failure it is to be dropped: nobody may read an answer that is on its way.
#[derive(Debug)]
pub(crate) struct PostgresReader {
    connection: PgConnection,
    place: Location,
}

impl PostgresReader {
    pub(super) fn new(connection: PgConnection, place: &Location) -> Self {
        let place = place.clone();
        Self { connection, place }
    }

    /// A server that does not answer is waited for no longer than for a connection.
    pub(crate) async fn fetch_all(&mut self, sql: &Sql, values: Vec<Value>) -> Result<Vec<Row>> {
        let rows = statement::fetch_all(&mut self.connection, sql, &values, Nul::IsNothing);
        let rows = match timeout(PATIENCE, rows).await {
            Ok(rows) => rows,
            Err(cause) => Err(DatabaseError::unavailable(Trouble::Away, cause)),
        };
        rows.map_err(|error| error.at(&self.place))
    }
}
