//! A moment in time: [`Timestamp`].
//!
//! This crate reads no clock, so every function that needs the time is given a `Timestamp`.
//! It is also what the stores keep, written as Django writes a `DateTimeField`.

use std::time::Duration;

use crate::calendar::{CivilTime, MICROS_PER_SECOND};

/// A moment in time: microseconds since 1970-01-01T00:00:00 UTC, before it when negative.
///
/// Arithmetic never wraps: what does not fit stops at the ends of `i64`.
///
/// ```
/// use doorward_django::timestamp::Timestamp;
///
/// let moment = Timestamp::from_secs(1_700_000_000);
/// assert_eq!(moment.to_sqlite(), "2023-11-14 22:13:20");
/// assert_eq!(Timestamp::from_sqlite("2023-11-14 22:13:20"), Some(moment));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The moment `micros` microseconds after the epoch.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// The moment `seconds` after the epoch, saturating.
    #[must_use]
    pub const fn from_secs(seconds: i64) -> Self {
        Self(seconds.saturating_mul(MICROS_PER_SECOND))
    }

    /// Microseconds since the epoch.
    #[must_use]
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// Whole seconds since the epoch, rounded down.
    #[must_use]
    pub const fn as_secs(self) -> i64 {
        self.0.div_euclid(MICROS_PER_SECOND)
    }

    /// The moment `duration` later, or `None` where it does not fit.
    #[must_use]
    pub fn checked_add(self, duration: Duration) -> Option<Self> {
        let micros = i64::try_from(duration.as_micros()).ok()?;
        self.0.checked_add(micros).map(Self)
    }

    /// The moment `duration` later, saturating.
    #[must_use]
    pub fn saturating_add(self, duration: Duration) -> Self {
        Self(self.0.saturating_add(saturating_micros(duration)))
    }

    /// The moment `duration` earlier, saturating.
    #[must_use]
    pub fn saturating_sub(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(saturating_micros(duration)))
    }

    /// How long after `earlier` this is; zero where it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        let micros = i128::from(self.0) - i128::from(earlier.0);
        Duration::from_micros(u64::try_from(micros).unwrap_or(0))
    }

    /// The text Django's SQLite backend stores: `YYYY-MM-DD HH:MM:SS[.ffffff]`, UTC.
    ///
    /// The fraction is left out at zero, so that the text order is the order in time.
    /// Source: `django.db.backends.sqlite3.operations.adapt_datetimefield_value`.
    #[must_use]
    pub fn to_sqlite(self) -> String {
        CivilTime::from_micros(self.0).to_text(' ')
    }

    /// Reads what [`to_sqlite`](Self::to_sqlite) writes, and its ISO 8601 relatives.
    ///
    /// A `T` may stand for the space; `Z` or an offset may follow; a fraction has one to six digits.
    /// Source: `django.utils.dateparse.parse_datetime`.
    #[must_use]
    pub fn from_sqlite(text: &str) -> Option<Self> {
        CivilTime::parse(text)?.as_micros().map(Self)
    }

    /// The text DRF's `DateTimeField` shows: `YYYY-MM-DDTHH:MM:SS[.ffffff]Z`.
    #[must_use]
    pub fn to_iso(self) -> String {
        let mut text = CivilTime::from_micros(self.0).to_text('T');
        text.push('Z');
        text
    }
}

fn saturating_micros(duration: Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// 9999-12-31T23:59:59.999999, the last moment Python knows.
    const LAST: i64 = 253_402_300_799_999_999;
    /// 0001-01-01T00:00:00, the first.
    const FIRST: i64 = -62_135_596_800_000_000;

    #[test]
    fn known_moments() {
        let cases = [
            (0, "1970-01-01 00:00:00"),
            (-1, "1969-12-31 23:59:59.999999"),
            (951_782_400_000_000, "2000-02-29 00:00:00"),
            (4_107_542_400_000_000, "2100-03-01 00:00:00"),
            (1_700_000_000_000_050, "2023-11-14 22:13:20.000050"),
            (LAST, "9999-12-31 23:59:59.999999"),
            (FIRST, "0001-01-01 00:00:00"),
        ];
        for (micros, text) in cases {
            assert_eq!(Timestamp::from_micros(micros).to_sqlite(), text);
            assert_eq!(Timestamp::from_sqlite(text), Some(Timestamp::from_micros(micros)));
        }
    }

    #[test]
    fn iso_relatives_are_read() {
        let moment = Timestamp::from_micros(1_700_000_000_500_000);
        for text in [
            "2023-11-14T22:13:20.5",
            "2023-11-14 22:13:20.500000+00:00",
            "2023-11-14T22:13:20.500Z",
            "2023-11-15 00:13:20.5+02:00",
            "2023-11-14 17:43:20.5-0430",
            "2023-11-14 20:13:20.5-02",
        ] {
            assert_eq!(Timestamp::from_sqlite(text), Some(moment), "{text}");
        }
        assert_eq!(moment.to_iso(), "2023-11-14T22:13:20.500000Z");
    }

    #[test]
    fn what_is_no_moment_is_refused() {
        for text in [
            "",
            "2023-11-14",
            "2023-02-29 00:00:00",
            "2023-13-01 00:00:00",
            "2023-00-01 00:00:00",
            "2023-01-00 00:00:00",
            "0000-01-01 00:00:00",
            "2023-01-01 24:00:00",
            "2023-01-01 00:60:00",
            "2023-01-01 00:00:60",
            "2023-01-01 00:00:00.",
            "2023-01-01 00:00:00.1234567",
            "2023-01-01 00:00:00+24:00",
            "2023-01-01 00:00:00+1",
            "+023-01-01 00:00:00",
            "2023-01-01_00:00:00",
            "2023-01-01 00:00:00 ",
            "٢023-01-01 00:00:00",
        ] {
            assert_eq!(Timestamp::from_sqlite(text), None, "{text}");
        }
    }

    #[test]
    fn arithmetic_stops_at_the_ends() {
        let last = Timestamp::from_micros(i64::MAX);
        assert_eq!(Timestamp::from_secs(i64::MAX), last);
        assert_eq!(last.saturating_add(Duration::MAX), last);
        assert_eq!(last.checked_add(Duration::from_micros(1)), None);
        let first = Timestamp::from_micros(i64::MIN);
        assert_eq!(first.saturating_sub(Duration::MAX), first);
        assert_eq!(first.since(last), Duration::ZERO);
        assert_eq!(last.since(first), Duration::from_micros(u64::MAX));
        assert_eq!(Timestamp::from_micros(-1).as_secs(), -1);
    }

    proptest! {
        #[test]
        fn text_reads_back(micros in FIRST..=LAST) {
            let moment = Timestamp::from_micros(micros);
            prop_assert_eq!(Timestamp::from_sqlite(&moment.to_sqlite()), Some(moment));
            prop_assert_eq!(Timestamp::from_sqlite(&moment.to_iso()), Some(moment));
        }

        #[test]
        fn every_moment_has_a_text(micros: i64) {
            prop_assert!(!Timestamp::from_micros(micros).to_iso().is_empty());
        }

        #[test]
        fn any_text_is_read_without_panic(text: String) {
            let _ = Timestamp::from_sqlite(&text);
        }

        #[test]
        fn near_texts_are_read_without_panic(text in "[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{0,7})?(Z|[+-][0-9:]{0,6})?") {
            if let Some(moment) = Timestamp::from_sqlite(&text) {
                prop_assert_eq!(Timestamp::from_sqlite(&moment.to_sqlite()), Some(moment));
            }
        }
    }
}
