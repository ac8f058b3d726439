//! [`Source`]: where a catalogue is read.

use super::{Database, Reader, Result, Row, Sql, Transaction, Value};

/// Where something is read that is asked for in several ways.
pub(crate) enum Source<'a> {
    Database(&'a Database),
    Reader(&'a mut Reader),
    Transaction(&'a mut Transaction),
}

impl Source<'_> {
    pub(crate) async fn fetch_all(
        &mut self,
        sql: impl Into<Sql> + Send,
        values: impl Into<Vec<Value>> + Send,
    ) -> Result<Vec<Row>> {
        match self {
            Self::Database(database) => database.fetch_all(sql, values).await,
            Self::Reader(reader) => reader.fetch_all(sql, values).await,
            Self::Transaction(transaction) => transaction.fetch_all(sql, values).await,
        }
    }
}
