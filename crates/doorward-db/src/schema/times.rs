//! [`Times`]: how moments stand in Django's tables (`USE_TZ`, `TIME_ZONE`).

use doorward_django::time_zone::TimeZone;
use doorward_django::timestamp::Timestamp;

use crate::sql::{Column, FromValue, LocalTime, Result, Row, StoredTime, Value};

/// How moments stand in Django's tables.
///
/// With `USE_TZ = True` they are UTC. With `USE_TZ = False` they are what a clock in `TIME_ZONE` shows, but for what SimpleJWT
/// writes: that is UTC all the same, and goes where local times go. Columns of PostgreSQL that keep zones hold the moment either way,
/// as Django's connection makes one of what it writes. Tables of Doorward's own are always UTC.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Times(Option<TimeZone>);

impl Times {
    /// Local times of that zone.
    #[must_use]
    pub fn local(zone: TimeZone) -> Self {
        Self((!zone.is_utc()).then_some(zone))
    }

    /// The zone of local times; `None` where they are UTC.
    #[must_use]
    pub fn zone(&self) -> Option<&TimeZone> {
        self.0.as_ref()
    }

    /// A moment for a column that Django fills with `timezone.now()`.
    #[must_use]
    pub fn of_django(&self, moment: Timestamp) -> Value {
        match &self.0 {
            None => moment.into(),
            Some(zone) => Value::LocalTime(LocalTime {
                moment,
                local: zone.local(moment),
            }),
        }
    }

    /// A moment for a column that SimpleJWT fills (`rest_framework_simplejwt.utils.aware_utcnow`): without a zone it is UTC,
    /// and Django takes it for a local time where the column keeps zones.
    #[must_use]
    pub fn of_simple_jwt(&self, moment: Timestamp) -> Value {
        match &self.0 {
            None => moment.into(),
            Some(zone) => Value::LocalTime(LocalTime {
                moment: zone.moment(moment),
                local: moment,
            }),
        }
    }

    /// The moment in a column that Django fills, which is then `Null`.
    ///
    /// # Errors
    /// [`DatabaseError::Column`](crate::DatabaseError::Column) where it holds no time.
    pub fn take(&self, row: &mut Row, column: impl Column) -> Result<Timestamp> {
        Ok(self.moment(row.take(column)?))
    }

    /// As [`take`](Self::take), from a column that may hold nothing.
    ///
    /// # Errors
    /// As [`take`](Self::take).
    pub fn take_optional(&self, row: &mut Row, column: impl Column) -> Result<Option<Timestamp>> {
        let stored: Option<StoredTime> = row.take(column)?;
        Ok(stored.map(|stored| self.moment(stored)))
    }

    /// The moment in a column that SimpleJWT fills.
    ///
    /// # Errors
    /// As [`take`](Self::take).
    pub fn take_simple_jwt(&self, row: &mut Row, column: impl Column) -> Result<Timestamp> {
        Ok(match (row.take(column)?, &self.0) {
            (StoredTime::Moment(moment), Some(zone)) => zone.local(moment),
            (StoredTime::Moment(moment) | StoredTime::Local(moment), _) => moment,
        })
    }

    /// What was read of a column that Django fills; unchanged where it is no time.
    #[must_use]
    pub fn read(&self, value: Value) -> Value {
        let stored = StoredTime::from_value(value.clone());
        stored.map_or(value, |stored| self.moment(stored).into())
    }

    fn moment(&self, stored: StoredTime) -> Timestamp {
        match (stored, &self.0) {
            (StoredTime::Local(local), Some(zone)) => zone.moment(local),
            (StoredTime::Local(moment) | StoredTime::Moment(moment), _) => moment,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_sqlite(text).expect("a time")
    }

    fn paris() -> Times {
        Times::local(TimeZone::named("Europe/Paris").expect("a zone"))
    }

    fn row(value: Value) -> Row {
        Row::new(["at".to_owned()].into(), vec![value])
    }

    #[test]
    fn utc_is_left_as_it_is() {
        let moment = at("2024-07-01 12:00:00");
        for times in [Times::default(), Times::local(TimeZone::UTC)] {
            assert_eq!(times.of_django(moment), Value::Timestamp(moment));
            assert_eq!(times.of_simple_jwt(moment), Value::Timestamp(moment));
            let mut row = row(Value::from("2024-07-01 12:00:00"));
            assert_eq!(times.take(&mut row, "at").expect("a time"), moment);
        }
    }

    #[test]
    fn a_column_without_a_zone_holds_what_a_clock_shows() {
        let (moment, local) = (at("2024-07-01 12:00:00"), at("2024-07-01 14:00:00"));
        assert_eq!(
            paris().of_django(moment),
            Value::LocalTime(LocalTime { moment, local })
        );
        for stored in [
            Value::from("2024-07-01 14:00:00"),
            Value::LocalTime(LocalTime { moment: local, local }),
        ] {
            assert_eq!(paris().take(&mut row(stored), 0).expect("a time"), moment);
        }
        assert_eq!(paris().take(&mut row(moment.into()), 0).expect("a time"), moment);
        assert_eq!(
            paris().take_optional(&mut row(Value::Null), 0).expect("none"),
            None
        );
        assert!(paris().take(&mut row(Value::Null), 0).is_err());
        assert!(paris().take(&mut row("soon".into()), 0).is_err());
    }

    #[test]
    fn what_simple_jwt_writes_is_utc_and_taken_for_local() {
        let written = LocalTime {
            moment: at("2024-07-01 10:00:00"),
            local: at("2024-07-01 12:00:00"),
        };
        assert_eq!(
            paris().of_simple_jwt(at("2024-07-01 12:00:00")),
            Value::LocalTime(written)
        );
    }
}
