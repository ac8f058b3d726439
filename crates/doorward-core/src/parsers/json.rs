//! JSON bodies (`rest_framework.parsers.JSONParser`, strict).

use doorward_django::json::{Error, Reader, Value, from_value};

use super::charset::Charset;
use super::media_type::parameter;
use crate::exceptions::{ApiException, Result};

/// The value of a body, of at most so many values and names. Of a name that stands twice in an object, the last value
/// counts.
pub(super) fn parse(content_type: &str, body: &[u8], max_values: usize) -> Result<Value> {
    let charset = parameter(content_type, "charset").unwrap_or_default();
    let codec = Charset::of_name(&charset);
    if codec == Charset::NoText {
        let detail = format!("Unsupported charset \"{charset}\" in request Content-Type header.");
        return Err(ApiException::parse_error(detail));
    }
    let text = codec.decode(body).map_err(refused)?;
    let reader = Reader {
        max_values,
        ..Reader::default()
    };
    reader.read(&text).map_err(refused)
}

/// 400 `invalid`, by field.
impl From<Error> for ApiException {
    fn from(error: Error) -> Self {
        let detail = from_value::<serde_json::Value>(&error.detail());
        Self::validation_error(detail.unwrap_or_else(|_| error.message().into()))
    }
}

fn refused(reason: impl std::fmt::Display) -> ApiException {
    ApiException::parse_error(format!("JSON parse error - {reason}"))
}
