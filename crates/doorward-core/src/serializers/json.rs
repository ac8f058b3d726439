//! Between serde and JSON values.

use doorward_django::json::{self, Value};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::exceptions::{ApiException, Result};

/// The value that serde writes of an object.
pub(super) fn to_value(object: &impl Serialize) -> Result<Value> {
    json::to_value(object).map_err(ApiException::server_error)
}

/// The object that serde reads of a value.
pub(super) fn from_value<T: DeserializeOwned>(value: &Value) -> Result<T> {
    json::from_value(value).map_err(ApiException::server_error)
}

/// The value of a text.
pub(super) fn read(text: &str) -> Option<Value> {
    json::loads(text).ok()
}
