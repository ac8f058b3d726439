//! [`TimeZone`]: the zone of local times that are kept without one, as Django keeps them with `USE_TZ = False`
//! (`django.utils.timezone`).

use std::fmt;

use jiff::tz::{AmbiguousOffset, TimeZoneDatabase};

use crate::timestamp::Timestamp;

/// A time zone by its name in the tz database (`TIME_ZONE`), which is part of the program.
///
/// ```
/// use doorward_django::time_zone::TimeZone;
/// use doorward_django::timestamp::Timestamp;
///
/// let paris = TimeZone::named("Europe/Paris").unwrap();
/// let noon = Timestamp::from_sqlite("2024-07-01 12:00:00").unwrap();
/// assert_eq!(paris.local(noon).to_sqlite(), "2024-07-01 14:00:00");
/// assert_eq!(paris.moment(paris.local(noon)), noon);
/// assert!(TimeZone::named("Europe/Atlantis").is_none());
/// ```
#[derive(Clone, PartialEq)]
pub struct TimeZone(jiff::tz::TimeZone);

impl TimeZone {
    /// UTC.
    pub const UTC: Self = Self(jiff::tz::TimeZone::UTC);

    /// The zone of that name; `None` where the tz database has none.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        TimeZoneDatabase::bundled().get(name).ok().map(Self)
    }

    /// Whether it is UTC, where nothing has to be changed.
    #[must_use]
    pub fn is_utc(&self) -> bool {
        *self == Self::UTC
    }

    /// Its name in the tz database.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// What people there call the time at that moment: `CET`, `CEST` (`tzinfo.tzname`).
    #[must_use]
    pub fn abbreviation(&self, moment: Timestamp) -> String {
        self.0.to_offset_info(within(moment)).abbreviation().to_owned()
    }

    /// What a clock there shows at that moment, as if it were UTC (`make_naive`).
    ///
    /// Past the years that the calendar has (-9999 to 9999) clocks go on as they went.
    #[must_use]
    pub fn local(&self, moment: Timestamp) -> Timestamp {
        let offset = self.0.to_offset(within(moment));
        shifted(moment, offset.seconds().into())
    }

    /// The moment at which a clock there shows that time (`make_aware`, with `fold = 0`).
    ///
    /// Where a clock shows it twice, as it is put back, it is the first moment. Where no clock shows it, as it is put forward, it is
    /// counted by the clock from before.
    #[must_use]
    pub fn moment(&self, local: Timestamp) -> Timestamp {
        let shown = jiff::tz::TimeZone::UTC.to_datetime(within(local));
        let offset = match self.0.to_ambiguous_timestamp(shown).offset() {
            AmbiguousOffset::Unambiguous { offset } => offset,
            AmbiguousOffset::Gap { before, .. } | AmbiguousOffset::Fold { before, .. } => before,
        };
        shifted(local, -i64::from(offset.seconds()))
    }
}

/// The moment, or the first or the last one of the calendar, which ends a day before the year 9999 does.
fn within(moment: Timestamp) -> jiff::Timestamp {
    let last = match moment.as_micros() {
        ..0 => jiff::Timestamp::MIN,
        0.. => jiff::Timestamp::MAX,
    };
    jiff::Timestamp::from_microsecond(moment.as_micros()).unwrap_or(last)
}

fn shifted(time: Timestamp, seconds: i64) -> Timestamp {
    Timestamp::from_micros(time.as_micros().saturating_add(seconds.saturating_mul(1_000_000)))
}

/// Its name.
impl fmt::Debug for TimeZone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TimeZone({})", self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden;
    use proptest::prelude::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::from_sqlite(text).unwrap()
    }

    fn zone(name: &str) -> TimeZone {
        TimeZone::named(name).unwrap()
    }

    #[test]
    fn times_are_python_s() {
        let cases = golden::time_zones("times");
        assert!(!cases.is_empty());
        for case in cases {
            let [name, moment, local] = ["zone", "moment", "local"].map(|name| case[name].as_str().unwrap());
            assert_eq!(zone(name).local(at(moment)), at(local), "{case}");
        }
        for case in golden::time_zones("moments") {
            let [name, moment, local] = ["zone", "moment", "local"].map(|name| case[name].as_str().unwrap());
            assert_eq!(zone(name).moment(at(local)), at(moment), "{case}");
        }
    }

    #[test]
    fn the_last_day_has_its_offset_too() {
        let (berlin, last) = (zone("Europe/Berlin"), at("9999-12-31 22:59:59"));
        assert_eq!(berlin.local(last), at("9999-12-31 23:59:59"));
        assert_eq!(berlin.moment(at("9999-12-31 23:59:59")), last);
        assert_eq!(berlin.abbreviation(last), "CET");
    }

    #[test]
    fn names_are_known_or_not() {
        for name in [
            "Europe/Paris",
            "America/Argentina/Buenos_Aires",
            "UTC",
            "Etc/GMT+5",
            "Asia/Kathmandu",
        ] {
            assert!(TimeZone::named(name).is_some(), "{name}");
        }
        for name in ["", "Paris", "Europe/", "../../etc/passwd", "+01:00", "CEST-1"] {
            assert!(TimeZone::named(name).is_none(), "{name}");
        }
        assert!(zone("UTC").is_utc());
        assert!(!zone("Europe/London").is_utc());
    }

    proptest! {
        #[test]
        fn what_is_shown_once_leads_back(micros in -60_000_000_000_000_000_i64..250_000_000_000_000_000) {
            let moment = Timestamp::from_micros(micros);
            for name in ["Europe/Paris", "America/New_York", "Asia/Kathmandu", "Australia/Lord_Howe"] {
                let zone = zone(name);
                let back = zone.moment(zone.local(moment));
                // As a clock is put back it shows the time of an earlier moment again.
                prop_assert!(back <= moment, "{name}: {moment:?}");
                prop_assert_eq!(zone.local(back), zone.local(moment), "{}", name);
            }
        }

        #[test]
        fn any_time_has_an_answer(micros: i64) {
            let zone = zone("Europe/Paris");
            let _ = (zone.local(Timestamp::from_micros(micros)), zone.moment(Timestamp::from_micros(micros)));
        }
    }
}
