//! Times in claims (RFC 7519 §2, `NumericDate`), read as Python reads them.

use std::cmp::Ordering;

use crate::json::{Number, Value};
use crate::timestamp::Timestamp;

/// The whole seconds of a claim: a number, cut towards zero; `true` is 1, as it is to Python's `int`.
///
/// `None` for anything else. Unlike PyJWT, which calls `int` on it, no text is a number.
pub(super) fn whole_seconds(claim: &Value) -> Option<i128> {
    match claim {
        Value::Bool(value) => Some(i128::from(*value)),
        Value::Number(number) if number.is_float() => truncate(number.as_f64()?),
        Value::Number(number) => Some(number.as_i128().unwrap_or_else(|| end_of_time(number))),
        _ => None,
    }
}

/// What stands for an integer beyond 128 bits: it lies as far outside of any date.
fn end_of_time(number: &Number) -> i128 {
    match number.compare_integers(&Number::from(0)) {
        Some(Ordering::Less) => i128::MIN,
        _ => i128::MAX,
    }
}

/// The moment of a claim, with its fraction.
///
/// `None` for what is no number, or lies outside the years 1 to 9999, where Python's `datetime` ends.
pub(super) fn moment(claim: &Value) -> Option<Timestamp> {
    let seconds = whole_seconds(claim).filter(|seconds| YEARS_1_TO_9999.contains(seconds))?;
    let micros = seconds * 1_000_000 + fraction_micros(claim);
    i64::try_from(micros).ok().map(Timestamp::from_micros)
}

/// From 0001-01-01T00:00:00 to 9999-12-31T23:59:59.
const YEARS_1_TO_9999: std::ops::RangeInclusive<i128> = -62_135_596_800..=253_402_300_799;

fn truncate(value: f64) -> Option<i128> {
    // The cast stops at the ends of the type, which lie far outside of any date.
    value.is_finite().then_some(value.trunc() as i128)
}

/// As `datetime.fromtimestamp` rounds: to the nearest microsecond, a tie to the even one.
fn fraction_micros(claim: &Value) -> i128 {
    match claim {
        Value::Number(number) if number.is_float() => number
            .as_f64()
            .map_or(0, |seconds| (seconds.fract() * 1e6).round_ties_even() as i128),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::json;
    use crate::json::loads;

    #[test]
    fn seconds_as_python() {
        for (claim, seconds) in [
            (json!(1), Some(1)),
            (json!(-1.9), Some(-1)),
            (json!(1.9), Some(1)),
            (json!(-0.0), Some(0)),
            (json!(true), Some(1)),
            (json!(u64::MAX), Some(i128::from(u64::MAX))),
            (json!(1e300), Some(i128::MAX)),
            (loads(&"9".repeat(60)).unwrap(), Some(i128::MAX)),
            (loads(&format!("-{}", "9".repeat(60))).unwrap(), Some(i128::MIN)),
            (json!("1"), None),
            (json!(null), None),
            (json!([1]), None),
            (json!({}), None),
        ] {
            assert_eq!(whole_seconds(&claim), seconds, "{claim}");
        }
    }

    #[test]
    fn moments_end_with_python() {
        let micros = |claim| moment(&claim).map(Timestamp::as_micros);
        assert_eq!(micros(json!(300.5)), Some(300_500_000));
        assert_eq!(micros(json!(-0.25)), Some(-250_000));
        assert_eq!(micros(json!(253_402_300_799_i64)), Some(253_402_300_799_000_000));
        assert_eq!(micros(json!(253_402_300_800_i64)), None);
        assert_eq!(micros(json!(-62_135_596_801_i64)), None);
        assert_eq!(micros(json!(1e300)), None);
    }
}
