//! What a failure of a database means for a store.

use doorward_db::{DatabaseError, Trouble};

use super::{Outage, StoreError};
use crate::exceptions::ApiException;

/// For handlers that ask the door's database themselves: 503 with `Retry-After` while it is busy or away, 400 where it cannot hold a
/// character of what was sent; anything else, a constraint among them, is a fault of ours: 500. The log has the cause, the client
/// never.
impl From<DatabaseError> for ApiException {
    fn from(error: DatabaseError) -> Self {
        match error {
            // A store asks again where a row is gone; a handler that breaks a constraint breaks it again.
            DatabaseError::ForeignKey(_) => Self::server_error(error),
            error => StoreError::from(error).into(),
        }
    }
}

impl From<DatabaseError> for StoreError {
    fn from(error: DatabaseError) -> Self {
        let message = match error.trouble() {
            Some(Trouble::Busy) => "The database is busy.",
            Some(Trouble::Away) => "The database is away.",
            Some(Trouble::NotWritable) => "The database cannot be written.",
            Some(Trouble::Unfinished) => "The database was left in the middle of a change.",
            Some(Trouble::Damaged) => "The database is damaged.",
            _ => "The database could not answer.",
        };
        Self::new(message, outage(&error), error)
    }
}

fn outage(error: &DatabaseError) -> Outage {
    match error {
        DatabaseError::Unstorable(_) => Outage::Unstorable,
        // A row vanished between a look-up and a write: asked again, the look-up will say so.
        DatabaseError::Unavailable { .. } | DatabaseError::ForeignKey(_) => Outage::Passing,
        _ => Outage::Lasting,
    }
}
