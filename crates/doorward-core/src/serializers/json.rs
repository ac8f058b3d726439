//! Between serde and JSON values.

use doorward_django::json::Value;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::exceptions::{ApiException, Result};

/// The value that serde writes of an object.
pub(super) fn to_value(object: &impl Serialize) -> Result<Value> {
    let value = serde_json::to_value(object).map_err(ApiException::server_error)?;
    Ok(value.into())
}

/// The object that serde reads of a value.
pub(super) fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T> {
    serde_json::from_str(&value.to_string()).map_err(ApiException::server_error)
}

/// The value of a text.
pub(super) fn read(text: &str) -> Option<Value> {
    serde_json::from_str::<serde_json::Value>(text)
        .ok()
        .map(Value::from)
}
