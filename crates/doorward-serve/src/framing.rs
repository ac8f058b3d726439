//! Bodies that two servers in a row could measure differently are refused (RFC 9112 §6.1, §11.2).

use axum::response::{IntoResponse, Response};
use doorward_core::ApiException;
use hyper::HeaderMap;
use hyper::header::{CONNECTION, HeaderValue, TRANSFER_ENCODING};

/// The refusal of a request whose transfer coding is anything but `chunked`, said once; the connection ends with it,
/// so that what follows is never taken for a request.
pub(crate) fn refusal(headers: &HeaderMap) -> Option<Response> {
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (None, _) => None,
        (Some(only), None) if is_chunked(only) => None,
        _ => Some(refused()),
    }
}

fn is_chunked(coding: &HeaderValue) -> bool {
    coding.as_bytes().trim_ascii().eq_ignore_ascii_case(b"chunked")
}

fn refused() -> Response {
    let refusal =
        ApiException::parse_error("The only Transfer-Encoding that is read is `chunked`, said once.");
    let mut response = refusal.into_response();
    response
        .headers_mut()
        .insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_chunked_is_read_and_nothing_else() {
        let cases: [(&[&'static str], bool); 7] = [
            (&[], true),
            (&["chunked"], true),
            (&["Chunked"], true),
            (&["identity", "chunked"], false),
            (&["chunked", "chunked"], false),
            (&["gzip, chunked"], false),
            (&["identity"], false),
        ];
        for (codings, is_read) in cases {
            let mut headers = HeaderMap::new();
            for coding in codings {
                headers.append(TRANSFER_ENCODING, HeaderValue::from_static(coding));
            }
            let refused = refusal(&headers);
            assert_eq!(refused.is_none(), is_read, "{codings:?}");
            assert!(refused.is_none_or(|response| response.headers()[CONNECTION] == "close"));
        }
    }
}
