use std::time::Duration;

use super::SessionData;
use crate::json::{Number, Value};
use crate::time_zone::TimeZone;
use crate::timestamp::Timestamp;

/// The member that overrides the settings' age for one session.
pub const SESSION_EXPIRY_KEY: &str = "_session_expiry";

/// When a session ends, as its own data says (`SessionBase.set_expiry`).
///
/// What Django would fail on (text that is no date, a list) counts as no override.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionExpiry {
    /// Nothing is said: the settings decide.
    Policy,
    /// `0`: the cookie ends with the browser, the row at the age of the settings.
    BrowserClose,
    /// This many microseconds after it was last saved; none is left below zero.
    After(i64),
    /// At this moment.
    At(Timestamp),
}

impl SessionExpiry {
    /// What the session's data says.
    #[must_use]
    pub fn of(data: &SessionData) -> Self {
        match data.get(SESSION_EXPIRY_KEY) {
            Some(Value::Number(number)) => Self::of_number(number),
            Some(Value::Bool(false)) => Self::BrowserClose,
            Some(Value::Bool(true)) => Self::After(1_000_000),
            Some(Value::String(text)) => Timestamp::from_sqlite(text).map_or(Self::Policy, Self::At),
            _ => Self::Policy,
        }
    }

    /// As [`of`](Self::of), for a project whose times are those of a zone and do not say so (`USE_TZ = False`).
    #[must_use]
    pub fn of_local(data: &SessionData, zone: Option<&TimeZone>) -> Self {
        let text = data.get(SESSION_EXPIRY_KEY).and_then(Value::as_str);
        match (Self::of(data), zone, text) {
            (Self::At(shown), Some(zone), Some(text)) if !says_its_zone(text) => Self::At(zone.moment(shown)),
            (expiry, ..) => expiry,
        }
    }

    /// As [`set`](Self::set), for such a project: Django compares nothing else with its own times.
    pub fn set_local(self, data: &mut SessionData, zone: Option<&TimeZone>) {
        match (self, zone) {
            (Self::At(moment), Some(zone)) => {
                let mut text = zone.local(moment).to_iso();
                text.pop();
                data.insert(SESSION_EXPIRY_KEY.to_owned(), text.into());
            }
            _ => self.set(data),
        }
    }

    /// Writes this into the session's data (`SessionBase.set_expiry`); whole seconds only.
    pub fn set(self, data: &mut SessionData) {
        let value = match self {
            Self::Policy => {
                data.remove(SESSION_EXPIRY_KEY);
                return;
            }
            Self::BrowserClose => Value::from(0),
            Self::After(micros) => Value::from(Timestamp::from_micros(micros).as_secs()),
            Self::At(moment) => Value::from(isoformat(moment)),
        };
        data.insert(SESSION_EXPIRY_KEY.to_owned(), value);
    }

    /// The row's `expire_date` for a session saved at `now` (`SessionBase.get_expiry_date`).
    ///
    /// `cookie_age` is the setting `SESSION_COOKIE_AGE`.
    #[must_use]
    pub fn date(self, cookie_age: Duration, now: Timestamp) -> Timestamp {
        match self {
            Self::Policy | Self::BrowserClose => now.saturating_add(cookie_age),
            Self::After(micros) => Timestamp::from_micros(now.as_micros().saturating_add(micros)),
            Self::At(moment) => moment,
        }
    }

    /// The seconds that a session saved at `now` has left, negative after its end
    /// (`SessionBase.get_expiry_age`, rounded down).
    #[must_use]
    pub fn age(self, cookie_age: Duration, now: Timestamp) -> i64 {
        let micros = self
            .date(cookie_age, now)
            .as_micros()
            .saturating_sub(now.as_micros());
        Timestamp::from_micros(micros).as_secs()
    }

    /// Whether the cookie ends with the browser; `None` where the setting
    /// `SESSION_EXPIRE_AT_BROWSER_CLOSE` decides (`SessionBase.get_expire_at_browser_close`).
    #[must_use]
    pub fn at_browser_close(self) -> Option<bool> {
        match self {
            Self::Policy => None,
            Self::BrowserClose => Some(true),
            Self::After(_) | Self::At(_) => Some(false),
        }
    }

    fn of_number(number: &Number) -> Self {
        let seconds = number.as_f64().unwrap_or(0.0);
        if seconds == 0.0 {
            return Self::BrowserClose;
        }
        // Whole numbers stay exact; a cast from floating point saturates.
        let whole = number.as_i64().map(|seconds| seconds.saturating_mul(1_000_000));
        Self::After(whole.unwrap_or((seconds * 1e6) as i64))
    }
}

/// Whether a time in ISO 8601 has an offset after its hours.
fn says_its_zone(text: &str) -> bool {
    let time = text.get("YYYY-MM-DD".len()..).unwrap_or_default();
    time.contains(['+', '-', 'Z', 'z'])
}

/// `datetime.isoformat()` of an aware time in UTC; older Pythons do not read a `Z`.
fn isoformat(moment: Timestamp) -> String {
    let mut text = moment.to_iso();
    text.pop();
    text.push_str("+00:00");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::{self, json};
    use proptest::prelude::*;

    const AGE: Duration = Duration::from_secs(1_209_600);
    const NOW: Timestamp = Timestamp::from_secs(1_700_000_000);

    fn session(expiry: Value) -> SessionData {
        SessionData::from_iter([(SESSION_EXPIRY_KEY.to_owned(), expiry)])
    }

    #[test]
    fn what_is_no_expiry_leaves_it_to_the_settings() {
        for value in [json!(null), json!(""), json!("soon"), json!([]), json!({"a": 1})] {
            assert_eq!(SessionExpiry::of(&session(value)), SessionExpiry::Policy);
        }
        assert_eq!(SessionExpiry::of(&SessionData::new()), SessionExpiry::Policy);
    }

    #[test]
    fn a_time_without_a_zone_is_the_project_s() {
        let paris = TimeZone::named("Europe/Paris").unwrap();
        for (text, moment) in [
            ("2024-07-01T14:00:00", "2024-07-01 12:00:00"),
            ("2024-07-01T14:00:00.500000", "2024-07-01 12:00:00.500000"),
            ("2024-07-01T14:00:00+00:00", "2024-07-01 14:00:00"),
            ("2024-07-01T14:00:00-01:00", "2024-07-01 15:00:00"),
        ] {
            let data = session(text.into());
            let moment = Timestamp::from_sqlite(moment).unwrap();
            assert_eq!(
                SessionExpiry::of_local(&data, Some(&paris)),
                SessionExpiry::At(moment),
                "{text}"
            );
        }
        let mut data = SessionData::new();
        let noon = Timestamp::from_sqlite("2024-07-01 12:00:00").unwrap();
        SessionExpiry::At(noon).set_local(&mut data, Some(&paris));
        assert_eq!(data[SESSION_EXPIRY_KEY], "2024-07-01T14:00:00");
        assert_eq!(
            SessionExpiry::of_local(&data, Some(&paris)),
            SessionExpiry::At(noon)
        );
    }

    #[test]
    fn huge_ages_stop_at_the_ends() {
        for value in [json!(i64::MAX), json!(u64::MAX), json!(1e300)] {
            let expiry = SessionExpiry::of(&session(value));
            assert_eq!(expiry.date(AGE, NOW), Timestamp::from_micros(i64::MAX));
            assert!(expiry.age(AGE, NOW) > 0);
        }
        let expiry = SessionExpiry::of(&session(json!(i64::MIN)));
        assert!(expiry.age(AGE, NOW) < 0);
    }

    #[test]
    fn expiries_are_django_s() {
        let cases = golden::django_formats("expiries");
        for case in cases["read"].as_array().unwrap() {
            let expiry = SessionExpiry::of(&session(case["value"].clone()));
            assert_eq!(expiry.date(AGE, NOW).to_sqlite(), case["date"], "{case}");
            assert_eq!(
                expiry.at_browser_close(),
                case["at_browser_close"].as_bool(),
                "{case}"
            );
            let age = case["age"].as_f64().unwrap_or(1.0).floor() as i64;
            assert_eq!(expiry.age(AGE, NOW), age, "{case}");
        }
    }

    #[test]
    fn what_is_set_is_what_django_sets() {
        let cases = golden::django_formats("expiries");
        for case in cases["written"].as_array().unwrap() {
            let expiry = match (case["seconds"].as_i64(), case["at"].as_i64()) {
                (Some(0), _) => SessionExpiry::BrowserClose,
                (Some(seconds), _) => SessionExpiry::After(seconds * 1_000_000),
                (None, at) => SessionExpiry::At(Timestamp::from_micros(at.unwrap())),
            };
            let mut data = SessionData::new();
            expiry.set(&mut data);
            assert_eq!(Some(&data), case["data"].as_object());
        }
    }

    proptest! {
        #[test]
        fn what_is_set_is_read(seconds in 1..i64::from(u32::MAX), micros in 0_i64..4_000_000_000_000_000) {
            let mut data = SessionData::new();
            for expiry in [
                SessionExpiry::After(seconds * 1_000_000),
                SessionExpiry::At(Timestamp::from_micros(micros)),
                SessionExpiry::BrowserClose,
                SessionExpiry::Policy,
            ] {
                expiry.set(&mut data);
                prop_assert_eq!(SessionExpiry::of(&data), expiry);
            }
            prop_assert!(data.is_empty());
        }
    }
}
