//! What a failure of a database means for a store.

use doorward_db::{DatabaseError, Trouble};

use super::{Outage, StoreError};

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
        // A row vanished between a look-up and a write: asked again, the look-up will say so.
        DatabaseError::Unavailable { .. } | DatabaseError::ForeignKey(_) => Outage::Passing,
        _ => Outage::Lasting,
    }
}
