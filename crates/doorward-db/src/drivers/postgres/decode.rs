//! Values on their way out.

use std::net::IpAddr;
use std::str::from_utf8;

use doorward_django::timestamp::Timestamp;
use sqlx::ValueRef;
use sqlx::error::BoxDynError;
use sqlx::postgres::PgValueRef;
use uuid::Uuid;

use super::encode::{DAY, EPOCH};
use super::kind::Kind;
use super::numeric;
use crate::sql::{LocalTime, Value};

/// The value of a column of that type.
pub(super) fn value(raw: &PgValueRef<'_>, kind: Kind) -> Result<Value, BoxDynError> {
    if raw.is_null() {
        return Ok(Value::Null);
    }
    let bytes = raw.as_bytes()?;
    Ok(match kind {
        Kind::Bool => Value::Bool(bytes != [0]),
        Kind::Int2 => Value::Int(i16::from_be_bytes(bytes.try_into()?).into()),
        Kind::Int4 => Value::Int(i32::from_be_bytes(bytes.try_into()?).into()),
        Kind::Int8 => Value::Int(i64::from_be_bytes(bytes.try_into()?)),
        Kind::Oid => Value::Int(u32::from_be_bytes(bytes.try_into()?).into()),
        Kind::Float4 => Value::Real(f32::from_be_bytes(bytes.try_into()?).into()),
        Kind::Float8 => Value::Real(f64::from_be_bytes(bytes.try_into()?)),
        Kind::Numeric => Value::Text(numeric::decode(bytes).ok_or("no number")?),
        // A database that knows no encoding (`SQL_ASCII`) may hold what is no text; what it looks like is shown.
        Kind::Text => Value::Text(String::from_utf8_lossy(bytes).into_owned()),
        Kind::Jsonb => Value::Text(from_utf8(bytes.get(1..).unwrap_or_default())?.to_owned()),
        Kind::Uuid => Value::Uuid(Uuid::from_slice(bytes)?),
        Kind::Moment => Value::Timestamp(since_epoch(i64::from_be_bytes(bytes.try_into()?))),
        Kind::LocalTime => LocalTime::as_utc(since_epoch(i64::from_be_bytes(bytes.try_into()?))).into(),
        Kind::Date => Value::Text(date(i32::from_be_bytes(bytes.try_into()?))),
        Kind::Time => Value::Text(time(i64::from_be_bytes(bytes.try_into()?))),
        Kind::Inet => Value::Text(inet(bytes).ok_or("no address")?),
        Kind::Void => Value::Null,
        Kind::Bytes | Kind::Other => Value::Bytes(bytes.to_vec()),
    })
}

fn since_epoch(micros: i64) -> Timestamp {
    Timestamp::from_micros(micros.saturating_add(EPOCH))
}

/// `YYYY-MM-DD`
fn date(days: i32) -> String {
    let text = since_epoch(i64::from(days).saturating_mul(DAY)).to_sqlite();
    text.split(' ').next().unwrap_or_default().to_owned()
}

/// `HH:MM:SS[.ffffff]`
fn time(micros: i64) -> String {
    let text = Timestamp::from_micros(micros).to_sqlite();
    text.split(' ').nth(1).unwrap_or_default().to_owned()
}

/// An address; with the bits of its network where it is one. After a family come the bits, whether it is a `cidr`, and
/// the length of the address (`network_send`).
fn inet(bytes: &[u8]) -> Option<String> {
    let [_, bits, is_cidr, _, address @ ..] = bytes else {
        return None;
    };
    let address = match address.len() {
        4 => IpAddr::from(<[u8; 4]>::try_from(address).ok()?),
        _ => IpAddr::from(<[u8; 16]>::try_from(address).ok()?),
    };
    let whole = if address.is_ipv4() { 32 } else { 128 };
    Some(match (*bits == whole, is_cidr) {
        (true, 0) => address.to_string(),
        _ => format!("{address}/{bits}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_times_and_addresses_have_their_texts() {
        assert_eq!(date(0), "2000-01-01");
        assert_eq!(date(-1), "1999-12-31");
        assert_eq!(time(3_661_000_000), "01:01:01");
        assert_eq!(inet(&[2, 32, 0, 4, 127, 0, 0, 1]).as_deref(), Some("127.0.0.1"));
        assert_eq!(inet(&[2, 8, 1, 4, 10, 0, 0, 0]).as_deref(), Some("10.0.0.0/8"));
        assert_eq!(inet(&[2, 8]), None);
    }
}
