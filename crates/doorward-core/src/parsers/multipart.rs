//! Forms with files (`rest_framework.parsers.MultiPartParser`).

use std::convert::Infallible;
use std::future::ready;

use bytes::Bytes;
use futures_util::stream;
use multer::{Field, Multipart};

use super::form::{FormData, FormValue, UploadedFile};
use super::media_type::parameter;
use crate::exceptions::{ApiException, Result};

/// The longest boundary that Django takes, one more than RFC 2046 §5.1.1 would have it: 200 and a last one.
const MAX_BOUNDARY: usize = 201;

/// The fields of a body.
pub(super) async fn parse(content_type: &str, body: Bytes) -> Result<FormData> {
    let body = stream::once(ready(Ok::<_, Infallible>(body)));
    let mut parts = Multipart::new(body, boundary(content_type)?);
    let mut form = FormData::default();
    while let Some(part) = parts.next_field().await.map_err(refused)? {
        let Some(name) = part.name().map(str::to_owned) else {
            continue;
        };
        if let Some(value) = read(part).await? {
            form.push(name, value)?;
        }
    }
    Ok(form)
}

/// A file without a name is none, as in Django.
async fn read(part: Field<'_>) -> Result<Option<FormValue>> {
    let file_name = part.file_name().map(str::to_owned);
    let content = part.bytes().await.map_err(refused)?;
    Ok(match file_name {
        None => Some(FormValue::Text(String::from_utf8_lossy(&content).into_owned())),
        Some(name) if name.is_empty() => None,
        Some(name) => Some(FormValue::File(UploadedFile { name, content })),
    })
}

fn boundary(content_type: &str) -> Result<String> {
    let boundary = parameter(content_type, "boundary");
    let invalid = |shown: &str| refused(format_args!("Invalid boundary in multipart: {shown}"));
    match boundary {
        None => Err(invalid("None")),
        Some(boundary) if is_valid(&boundary) => Ok(boundary),
        Some(boundary) => Err(invalid(&boundary)),
    }
}

/// Printable ASCII that does not end in a space (`MultiPartParser.boundary_re`).
fn is_valid(boundary: &str) -> bool {
    boundary.len() <= MAX_BOUNDARY
        && boundary.bytes().all(|byte| matches!(byte, b' '..=b'~'))
        && boundary.bytes().next_back().is_some_and(|last| last != b' ')
}

fn refused(reason: impl std::fmt::Display) -> ApiException {
    ApiException::parse_error(format!("Multipart form parse error - {reason}"))
}
