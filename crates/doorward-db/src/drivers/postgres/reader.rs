//! One connection that only reads, for who keeps it.

use sqlx::postgres::PgConnection;
use tokio::time::timeout;

use super::encode::Nul;
use super::transaction::Beginning;
use super::{PATIENCE, statement};
use crate::sql::{DatabaseError, Location, Result, Row, Sql, Trouble, Value};

/// A connection beside the pool. After a failure it is to be dropped: nobody may read an answer that is on its way.
#[derive(Debug)]
pub(crate) struct PostgresReader {
    connection: PgConnection,
    place: Location,
    /// What begins a transaction for each statement, where a pooler lends the session.
    begin: Option<Sql>,
}

impl PostgresReader {
    pub(super) fn new(connection: PgConnection, place: &Location, beginning: &Beginning) -> Self {
        Self {
            connection,
            place: place.clone(),
            begin: beginning.of_each_read(),
        }
    }

    /// A server that does not answer is waited for no longer than for a connection.
    pub(crate) async fn fetch_all(&mut self, sql: &Sql, values: Vec<Value>) -> Result<Vec<Row>> {
        let rows = match timeout(PATIENCE, self.fetch(sql, &values)).await {
            Ok(rows) => rows,
            Err(cause) => Err(DatabaseError::unavailable(Trouble::Away, cause)),
        };
        rows.map_err(|error| error.at(&self.place))
    }

    async fn fetch(&mut self, sql: &Sql, values: &[Value]) -> Result<Vec<Row>> {
        let connection = &mut self.connection;
        let Some(begin) = &self.begin else {
            return statement::fetch_all(connection, sql, values, Nul::IsNothing).await;
        };
        statement::run(connection, begin).await?;
        let rows = statement::fetch_all(connection, sql, values, Nul::IsNothing).await?;
        statement::close_all(connection).await?;
        statement::run(connection, &"ROLLBACK".into()).await?;
        Ok(rows)
    }
}
