//! Values on their way out, as the binary protocol has them
//! (<https://mariadb.com/kb/en/resultset-row/#binary-resultset-row>).

use std::str::from_utf8;

use doorward_django::timestamp::Timestamp;
use sqlx::error::BoxDynError;
use sqlx::mysql::{MySql, MySqlValueRef};
use sqlx::{Decode, ValueRef};

use super::kind::Kind;
use crate::sql::{LocalTime, Value};

/// The value of a column of that type. A date that is none (`0000-00-00`) is nothing, as it is for Django.
pub(super) fn value(raw: MySqlValueRef<'_>, kind: Kind) -> Result<Value, BoxDynError> {
    if raw.is_null() {
        return Ok(Value::Null);
    }
    let bytes = <&[u8] as Decode<MySql>>::decode(raw)?;
    Ok(match kind {
        Kind::Bool => truth(bytes)?,
        Kind::Int => Value::Int(int(bytes)?),
        Kind::Unsigned => unsigned(bytes)?,
        Kind::Float => Value::Real(f32::from_le_bytes(bytes.try_into()?).into()),
        Kind::Double => Value::Real(f64::from_le_bytes(bytes.try_into()?)),
        Kind::Text => Value::Text(from_utf8(bytes)?.to_owned()),
        Kind::Bytes => Value::Bytes(bytes.to_vec()),
        Kind::Date => Value::from(parts(bytes).and_then(|parts| parts.date())),
        Kind::Time => Value::Text(time(bytes).ok_or("no time of day")?),
        Kind::LocalTime => Value::from(moment(bytes).map(LocalTime::as_utc)),
    })
}

/// A `tinyint(1)` may hold another number than 0 and 1 as well.
fn truth(bytes: &[u8]) -> Result<Value, BoxDynError> {
    Ok(match int(bytes)? {
        0 => Value::Bool(false),
        1 => Value::Bool(true),
        other => Value::Int(other),
    })
}

/// A number of 1, 2, 4 or 8 bytes.
fn int(bytes: &[u8]) -> Result<i64, BoxDynError> {
    Ok(match bytes.len() {
        1 => i8::from_le_bytes(bytes.try_into()?).into(),
        2 => i16::from_le_bytes(bytes.try_into()?).into(),
        4 => i32::from_le_bytes(bytes.try_into()?).into(),
        _ => i64::from_le_bytes(bytes.try_into()?),
    })
}

/// The same without a sign; what is greater than a whole number can be here is a text.
fn unsigned(bytes: &[u8]) -> Result<Value, BoxDynError> {
    let number = match bytes.len() {
        1 => u8::from_le_bytes(bytes.try_into()?).into(),
        2 => u16::from_le_bytes(bytes.try_into()?).into(),
        4 => u32::from_le_bytes(bytes.try_into()?).into(),
        _ => u64::from_le_bytes(bytes.try_into()?),
    };
    Ok(i64::try_from(number).map_or_else(|_| Value::Text(number.to_string()), Value::Int))
}

/// Date and time: after their length year, month and day, then hours, minutes and seconds, then microseconds, as far as
/// they are not 0.
struct Parts {
    date: (u16, u8, u8),
    time: (u8, u8, u8),
    micros: u32,
}

fn parts(bytes: &[u8]) -> Option<Parts> {
    let (&length, rest) = bytes.split_first()?;
    let [low, high, month, day, rest @ ..] = rest else {
        return None;
    };
    let (time, micros) = match (length, rest) {
        (4, _) => ((0, 0, 0), 0),
        (7, [hours, minutes, seconds, ..]) => ((*hours, *minutes, *seconds), 0),
        (_, [hours, minutes, seconds, micros @ ..]) => (
            (*hours, *minutes, *seconds),
            u32::from_le_bytes(micros.try_into().ok()?),
        ),
        _ => return None,
    };
    Some(Parts {
        date: (u16::from_le_bytes([*low, *high]), *month, *day),
        time,
        micros,
    })
}

fn moment(bytes: &[u8]) -> Option<Timestamp> {
    parts(bytes)?.moment()
}

impl Parts {
    fn moment(&self) -> Option<Timestamp> {
        let ((year, month, day), (hours, minutes, seconds)) = (self.date, self.time);
        Timestamp::from_sqlite(&format!(
            "{year:04}-{month:02}-{day:02} {hours:02}:{minutes:02}:{seconds:02}.{:06}",
            self.micros
        ))
    }

    /// `YYYY-MM-DD`
    fn date(&self) -> Option<String> {
        let (year, month, day) = self.date;
        self.moment().map(|_| format!("{year:04}-{month:02}-{day:02}"))
    }
}

/// `HH:MM:SS[.ffffff]`: after the length come a sign, days, hours, minutes, seconds and microseconds.
fn time(bytes: &[u8]) -> Option<String> {
    let [_, negative, d0, d1, d2, d3, hours, minutes, seconds, micros @ ..] = bytes else {
        return Some("00:00:00".to_owned());
    };
    let days = u32::from_le_bytes([*d0, *d1, *d2, *d3]);
    let hours = u64::from(days) * 24 + u64::from(*hours);
    let sign = if *negative == 0 { "" } else { "-" };
    let fraction = match micros {
        [] => String::new(),
        micros => format!(".{:06}", u32::from_le_bytes(micros.try_into().ok()?)),
    };
    Some(format!("{sign}{hours:02}:{minutes:02}:{seconds:02}{fraction}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn moment(bytes: &[u8]) -> Option<String> {
        super::moment(bytes).map(Timestamp::to_sqlite)
    }

    #[test]
    fn moments_have_as_many_bytes_as_they_need() {
        let day = [4, 0xea, 0x07, 11, 29];
        assert_eq!(moment(&day).as_deref(), Some("2026-11-29 00:00:00"));
        let second = [7, 0xea, 0x07, 11, 29, 1, 2, 3];
        assert_eq!(moment(&second).as_deref(), Some("2026-11-29 01:02:03"));
        let micro = [11, 0xea, 0x07, 11, 29, 1, 2, 3, 0x40, 0xe2, 0x01, 0];
        assert_eq!(moment(&micro).as_deref(), Some("2026-11-29 01:02:03.123456"));
        assert_eq!(
            parts(&day).and_then(|parts| parts.date()).as_deref(),
            Some("2026-11-29")
        );
    }

    #[test]
    fn dates_that_are_none_are_nothing() {
        for bytes in [
            &[0][..],
            &[4, 0xea, 0x07, 0, 0],
            &[4, 0xea, 0x07, 2, 31],
            &[7, 0xea, 0x07, 11, 29, 1],
            &[11, 0xea, 0x07, 11, 29, 1, 2, 3, 0],
            &[],
        ] {
            assert_eq!(moment(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn times_and_numbers_have_their_texts() {
        assert_eq!(time(&[0]).as_deref(), Some("00:00:00"));
        assert_eq!(time(&[8, 1, 1, 0, 0, 0, 2, 3, 4]).as_deref(), Some("-26:03:04"));
        assert_eq!(
            time(&[12, 0, 0, 0, 0, 0, 2, 3, 4, 7, 0, 0, 0]).as_deref(),
            Some("02:03:04.000007")
        );
        assert_eq!(int(&[0xff]).expect("a number"), -1);
        assert_eq!(unsigned(&[0xff]).expect("a number"), Value::Int(255));
        assert_eq!(
            unsigned(&[0xff; 8]).expect("a number"),
            Value::from("18446744073709551615")
        );
    }
}
