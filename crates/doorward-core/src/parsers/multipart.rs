//! Forms with files (`rest_framework.parsers.MultiPartParser`).

use std::convert::Infallible;
use std::future::ready;

use base64::Engine;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::{GeneralPurpose, PAD};
use bytes::Bytes;
use doorward_django::bounds::{MAX_BOUNDARY, MAX_FORM_FIELDS};
use doorward_django::python_text::is_space;
use futures_util::{FutureExt, stream};
use http::HeaderMap;
use multer::{Field, Multipart};

use super::form::{FormData, FormValue, UploadedFile, too_many_fields};
use super::is_printable;
use super::media_type::parameter;
use crate::exceptions::{ApiException, Result};

/// Python's `base64.b64decode`, once what is no letter of it was dropped.
const BASE64: GeneralPurpose = GeneralPurpose::new(&STANDARD, PAD.with_decode_allow_trailing_bits(true));

/// The fields of a body. It is there as a whole, so nobody waits for it.
pub(super) fn parse(content_type: &str, body: Bytes) -> Result<FormData> {
    let body = stream::once(ready(Ok::<_, Infallible>(body)));
    let parts = Multipart::new(body, boundary(content_type)?);
    let fields = fields(parts).now_or_never();
    fields.unwrap_or_else(|| Err(refused("incomplete multipart stream")))
}

/// Texts, then files: of a name that both have, a file counts. Parts that are no fields count as well: they cost as much.
async fn fields(mut parts: Multipart<'_>) -> Result<FormData> {
    let (mut form, mut files) = (FormData::default(), Vec::new());
    let mut count = 0;
    while let Some(part) = parts.next_field().await.map_err(refused)? {
        count += 1;
        if count > MAX_FORM_FIELDS {
            return Err(too_many_fields());
        }
        let Some(name) = part.name().map(|name| trimmed(name).to_owned()) else {
            continue;
        };
        match read(part).await? {
            Some(FormValue::File(file)) => files.push((name, FormValue::File(file))),
            Some(text) => form.push(name, text)?,
            None => {}
        }
    }
    for (name, file) in files {
        form.push(name, file)?;
    }
    Ok(form)
}

/// Python's `str.strip()`.
fn trimmed(name: &str) -> &str {
    name.trim_matches(is_space)
}

/// What has an empty file name is a text, and a file whose name nothing is left of is none, as in Django.
async fn read(part: Field<'_>) -> Result<Option<FormValue>> {
    let file_name = part.file_name().filter(|name| !name.is_empty()).map(sanitized);
    let encoding = Encoding::of(part.headers());
    let content = part.bytes().await.map_err(refused)?;
    Ok(match file_name {
        None => Some(FormValue::Text(encoding.text(&content))),
        Some(name) if matches!(&*name, "" | "." | "..") => None,
        Some(name) => {
            let content = encoding.file(content)?;
            Some(FormValue::File(UploadedFile { name, content }))
        }
    })
}

/// The last part of a path, without what nobody sees (`MultiPartParser.sanitize_file_name`).
fn sanitized(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    last.chars()
        .filter(|character| is_printable(*character))
        .collect()
}

/// How a part is written (`Content-Transfer-Encoding`). Browsers write none (RFC 7578 §4.7); Django reads one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    AsItIs,
    Base64,
}

impl Encoding {
    fn of(headers: &HeaderMap) -> Self {
        let named = headers
            .get("content-transfer-encoding")
            .map(|value| value.as_bytes().trim_ascii());
        match named {
            Some(b"base64") => Self::Base64,
            _ => Self::AsItIs,
        }
    }

    /// What cannot be decoded is text as it stands.
    fn text(self, content: &[u8]) -> String {
        let decoded = match self {
            Self::AsItIs => None,
            Self::Base64 => decoded(content, |byte| {
                byte.is_ascii_alphanumeric() || b"+/=".contains(byte)
            }),
        };
        String::from_utf8_lossy(decoded.as_deref().unwrap_or(content)).into_owned()
    }

    /// A file that cannot be decoded is refused.
    fn file(self, content: Bytes) -> Result<Bytes> {
        match self {
            Self::AsItIs => Ok(content),
            Self::Base64 => decoded(&content, |byte| !byte.is_ascii_whitespace())
                .map(Bytes::from)
                .ok_or_else(|| refused("Could not decode base64 data.")),
        }
    }
}

/// The bytes that those letters stand for.
fn decoded(content: &[u8], is_letter: impl Fn(&u8) -> bool) -> Option<Vec<u8>> {
    let letters: Vec<u8> = content.iter().copied().filter(is_letter).collect();
    BASE64.decode(letters).ok()
}

fn boundary(content_type: &str) -> Result<String> {
    if !content_type.starts_with("multipart/") {
        return Err(refused(format_args!("Invalid Content-Type: {content_type}")));
    }
    if !content_type.is_ascii() {
        let reason = format_args!("Invalid non-ASCII Content-Type in multipart: {content_type}");
        return Err(refused(reason));
    }
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
