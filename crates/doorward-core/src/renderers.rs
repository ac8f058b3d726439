//! [`Json`]: how answers are written (`rest_framework.renderers.JSONRenderer`).

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use doorward_django::json;
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use serde::Serialize;

use crate::exceptions::ApiException;

/// How many headers an answer usually has in the end.
const HEADERS: usize = 12;

/// A value as DRF renders it: compact, in UTF-8, numbers as Python writes them.
///
/// `axum::Json` says the same in other words where a number is very large or small, or a text has one of the two
/// line separators in it that JavaScript once stumbled over. A float that is no number is a 500, as in DRF.
///
/// ```
/// use doorward_core::renderers;
///
/// let json = renderers::to_json(&serde_json::json!({"a": [1e20, "é\u{2028}"]})).unwrap();
/// assert_eq!(json, "{\"a\":[1e+20,\"é\\u2028\"]}".as_bytes());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        let json = HeaderValue::from_static("application/json");
        match to_json(&self.0) {
            Ok(body) => with_room_for_headers(json, body),
            Err(error) => ApiException::server_error(error).into_response(),
        }
    }
}

/// An answer whose headers need not be moved when the door adds its own.
fn with_room_for_headers(content_type: HeaderValue, body: Vec<u8>) -> Response {
    let mut response = Response::new(Body::from(body));
    response.headers_mut().reserve(HEADERS);
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

/// The text of a value.
///
/// # Errors
/// As [`json::render`]: for floats that are no numbers, where the value's own `Serialize` fails, or a map's keys are no
/// text.
pub fn to_json(value: &impl Serialize) -> Result<Vec<u8>, json::Error> {
    json::render(value).map(String::into_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::{Value, json};

    #[test]
    fn text_is_drf_s() {
        let value = json!([
            "\u{1}\u{8}\u{7f}\"\\/é😀",
            "a\u{2028}b\u{2029}\u{2028}",
            1.0,
            -0.0,
            1e-7,
            u64::MAX
        ]);
        let text = String::from_utf8(to_json(&value).unwrap()).unwrap();
        let expected = "[\"\\u0001\\b\u{7f}\\\"\\\\/é😀\",\"a\\u2028b\\u2029\\u2028\",1.0,-0.0,1e-07,18446744073709551615]";
        assert_eq!(text, expected);
    }

    #[test]
    fn floats_that_are_no_numbers_are_a_mistake() {
        assert_eq!(Json(f64::NAN).into_response().status(), 500);
        assert_eq!(Json([f64::INFINITY]).into_response().status(), 500);
    }

    proptest! {
        #[test]
        fn text_reads_back(text: String, float in prop::num::f64::NORMAL) {
            let value = json!({ text: float });
            let json = to_json(&value).unwrap();
            prop_assert_eq!(serde_json::from_slice::<Value>(&json).unwrap(), value);
        }
    }
}
