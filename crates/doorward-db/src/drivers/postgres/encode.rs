//! Values on their way in: each as the bytes of the type that the server expects there.

use doorward_django::timestamp::Timestamp;
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::postgres::types::Oid;
use sqlx::postgres::{PgArgumentBuffer, PgArguments, PgTypeInfo};
use sqlx::{Arguments, Encode, Postgres, Type};

use super::kind::Kind;
use super::numeric;
use crate::sql::Value;

/// 2000-01-01T00:00:00 UTC, from which PostgreSQL counts, in microseconds since 1970.
pub(super) const EPOCH: i64 = 946_684_800_000_000;

/// What is done with a text that holds the character NUL, which no text of PostgreSQL can.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Nul {
    /// It is like nothing that is stored, so it is compared as `NULL` is: nothing is found.
    IsNothing,
    /// It cannot be written.
    IsRefused,
}

/// A text with the character NUL was to be written.
#[derive(Debug, thiserror::Error)]
#[error("a text with a NUL character")]
pub(super) struct NulCharacter;

/// The types to prepare a statement for. The server works out what is not known (0) from where it stands; a whole number
/// is said to be one of 64 bits, so that one that is too great for a column is found nowhere, and is no fault.
pub(super) fn types(values: &[Value]) -> Vec<PgTypeInfo> {
    let of = |value: &Value| match value {
        Value::Int(_) => PgTypeInfo::with_oid(Oid(20)),
        _ => PgTypeInfo::with_oid(Oid(0)),
    };
    values.iter().map(of).collect()
}

/// The values for a statement whose parameters are of those types.
pub(super) fn arguments(
    values: &[Value],
    types: &[PgTypeInfo],
    nul: Nul,
) -> Result<PgArguments, BoxDynError> {
    if values.len() != types.len() {
        let (given, wanted) = (values.len(), types.len());
        return Err(format!("{given} values for a statement with {wanted}").into());
    }
    let mut arguments = PgArguments::default();
    for (value, info) in values.iter().zip(types) {
        let bytes = match value {
            Value::Text(text) if nul == Nul::IsNothing && text.contains('\0') => None,
            value => bytes(value, Kind::of(info))?,
        };
        let info = info.clone();
        arguments.add(Argument { bytes, info })?;
    }
    Ok(arguments)
}

/// A value that is encoded; nothing for `NULL`.
#[derive(Debug)]
struct Argument {
    bytes: Option<Vec<u8>>,
    info: PgTypeInfo,
}

impl Type<Postgres> for Argument {
    fn type_info() -> PgTypeInfo {
        PgTypeInfo::with_oid(Oid(0))
    }
}

impl Encode<'_, Postgres> for Argument {
    fn encode_by_ref(&self, buffer: &mut PgArgumentBuffer) -> Result<IsNull, BoxDynError> {
        let Some(bytes) = &self.bytes else {
            return Ok(IsNull::Yes);
        };
        buffer.extend_from_slice(bytes);
        Ok(IsNull::No)
    }

    fn produces(&self) -> Option<PgTypeInfo> {
        Some(self.info.clone())
    }
}

fn bytes(value: &Value, kind: Kind) -> Result<Option<Vec<u8>>, BoxDynError> {
    let bytes = match value {
        Value::Null => return Ok(None),
        Value::Bool(value) => truth(*value, kind),
        Value::Int(number) => int(*number, kind)?,
        Value::Real(number) => real(*number, kind),
        Value::Text(text) => written(text, kind)?,
        Value::Bytes(bytes) => matches!(kind, Kind::Bytes | Kind::Other).then(|| bytes.clone()),
        Value::Timestamp(moment) => at(*moment, kind),
        Value::LocalTime(time) if kind == Kind::LocalTime => at(time.local, kind),
        Value::LocalTime(time) => at(time.moment, kind),
        Value::Uuid(uuid) => match kind {
            Kind::Uuid => Some(uuid.as_bytes().to_vec()),
            Kind::Text => Some(uuid.simple().to_string().into_bytes()),
            _ => None,
        },
    };
    let mismatch = || format!("a value of the kind {} where {kind:?} is expected", value.kind());
    bytes.ok_or_else(|| mismatch().into()).map(Some)
}

fn truth(value: bool, kind: Kind) -> Option<Vec<u8>> {
    match kind {
        Kind::Bool => Some(vec![u8::from(value)]),
        Kind::Int2 => Some(i16::from(value).to_be_bytes().to_vec()),
        Kind::Int4 => Some(i32::from(value).to_be_bytes().to_vec()),
        Kind::Int8 => Some(i64::from(value).to_be_bytes().to_vec()),
        _ => None,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "as a whole number in a column of floating point is kept everywhere"
)]
fn int(number: i64, kind: Kind) -> Result<Option<Vec<u8>>, BoxDynError> {
    Ok(match kind {
        Kind::Bool => Some(vec![u8::from(number != 0)]),
        Kind::Int2 => Some(i16::try_from(number)?.to_be_bytes().to_vec()),
        Kind::Int4 => Some(i32::try_from(number)?.to_be_bytes().to_vec()),
        Kind::Oid => Some(u32::try_from(number)?.to_be_bytes().to_vec()),
        Kind::Int8 => Some(number.to_be_bytes().to_vec()),
        Kind::Float4 | Kind::Float8 => real(number as f64, kind),
        Kind::Numeric => numeric::encode(&number.to_string()),
        _ => None,
    })
}

#[expect(clippy::cast_possible_truncation, reason = "the column has no more digits")]
fn real(number: f64, kind: Kind) -> Option<Vec<u8>> {
    match kind {
        Kind::Float4 => Some((number as f32).to_be_bytes().to_vec()),
        Kind::Float8 => Some(number.to_be_bytes().to_vec()),
        Kind::Numeric => numeric::encode(&number.to_string()),
        _ => None,
    }
}

fn written(text: &str, kind: Kind) -> Result<Option<Vec<u8>>, BoxDynError> {
    Ok(match kind {
        Kind::Text if text.contains('\0') => return Err(NulCharacter.into()),
        Kind::Text => Some(text.as_bytes().to_vec()),
        // The first byte is the version of the format.
        Kind::Jsonb => Some([b"\x01", text.as_bytes()].concat()),
        Kind::Uuid => Some(uuid::Uuid::parse_str(text)?.as_bytes().to_vec()),
        Kind::Int2 | Kind::Int4 | Kind::Int8 => return int(text.parse()?, kind),
        Kind::Numeric => numeric::encode(text),
        Kind::Moment | Kind::LocalTime => Timestamp::from_sqlite(text).and_then(|moment| at(moment, kind)),
        Kind::Date => Timestamp::from_sqlite(&format!("{text} 00:00:00")).and_then(|day| at(day, kind)),
        _ => None,
    })
}

fn at(moment: Timestamp, kind: Kind) -> Option<Vec<u8>> {
    let micros = moment.as_micros().saturating_sub(EPOCH);
    match kind {
        Kind::Moment | Kind::LocalTime => Some(micros.to_be_bytes().to_vec()),
        Kind::Date => {
            let days = i32::try_from(micros.div_euclid(DAY)).ok()?;
            Some(days.to_be_bytes().to_vec())
        }
        _ => None,
    }
}

/// In microseconds.
pub(super) const DAY: i64 = 86_400_000_000;
