//! [`LocalTime`]: a time for columns that keep no zone.

use doorward_django::timestamp::Timestamp;

/// A moment, and what is written of it where the column keeps no zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalTime {
    /// The moment, for a column that keeps the zone too.
    pub moment: Timestamp,
    /// What is written where it does not, as if it were UTC.
    pub local: Timestamp,
}

impl LocalTime {
    /// What a column without a zone holds, taken for UTC until somebody knows better.
    #[must_use]
    pub fn as_utc(time: Timestamp) -> Self {
        Self {
            moment: time,
            local: time,
        }
    }
}

/// A time as it was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StoredTime {
    /// A moment: the column keeps zones.
    Moment(Timestamp),
    /// A time without a zone, as if it were UTC.
    Local(Timestamp),
}
