//! Values on their way in. The server turns each into what its column holds, as it does with constants in a statement.

use sqlx::Arguments;
use sqlx::error::BoxDynError;
use sqlx::mysql::MySqlArguments;

use crate::sql::Value;

/// The values for a statement with `marks` marks, of which each stands for the value at that place.
pub(super) fn arguments(
    values: &[Value],
    places: &[usize],
    marks: usize,
) -> Result<MySqlArguments, BoxDynError> {
    let wanted = places.iter().map(|place| place + 1).max().unwrap_or_default();
    if values.len() != wanted || places.len() != marks {
        return Err(format!("{} values for a statement with {wanted}", values.len()).into());
    }
    let mut arguments = MySqlArguments::default();
    for place in places {
        add(&mut arguments, values.get(*place).unwrap_or(&Value::Null))?;
    }
    Ok(arguments)
}

fn add(arguments: &mut MySqlArguments, value: &Value) -> Result<(), BoxDynError> {
    match value {
        Value::Null => arguments.add(None::<i64>),
        Value::Bool(value) => arguments.add(i64::from(*value)),
        Value::Int(number) => arguments.add(*number),
        Value::Real(number) => arguments.add(*number),
        Value::Text(text) => arguments.add(text.as_str()),
        Value::Bytes(bytes) => arguments.add(bytes.as_slice()),
        Value::Timestamp(moment) => arguments.add(moment.to_sqlite()),
        Value::LocalTime(time) => arguments.add(time.local.to_sqlite()),
        // As Django keeps it in a `char(32)`; a column of the type `uuid` takes that spelling too.
        Value::Uuid(uuid) => arguments.add(uuid.simple().to_string()),
    }
}
