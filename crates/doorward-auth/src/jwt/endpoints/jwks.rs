//! `GET /.well-known/jwks.json`: the public keys, for services that verify tokens themselves (RFC 7517 §5).

use axum::response::{IntoResponse, Response};
use axum::routing::get;
use doorward_core::extract::RequestContext;
use doorward_core::policy::{GuardedRoute, Policy, RouteExt};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use sha2::{Digest, Sha256};

use crate::jwt::JwtDoorExt;

/// How long the set may be kept, in seconds: a new key waits longer before it signs (`doorward keys rotate`).
const CACHING: &str = "public, max-age=300";

/// The public keys that verify now; a shared secret is never one of them.
///
/// It is open to all, with `Cache-Control` and an `ETag`.
#[must_use]
pub fn jwks() -> GuardedRoute {
    get(show).policy(Policy::open()).describe(
        "JSON Web Key Set",
        "The public keys that verify tokens (RFC 7517).",
    )
}

async fn show(request: RequestContext) -> Response {
    let cx = request.context();
    let set = cx.door().tokens().keyring().to_jwks(cx.now()).to_string();
    let tag = etag(&set);
    let headers = [
        (header::CACHE_CONTROL, HeaderValue::from_static(CACHING)),
        (header::ETAG, tag.clone()),
    ];
    if is_known(cx.headers(), &tag) {
        return (StatusCode::NOT_MODIFIED, headers).into_response();
    }
    let json = HeaderValue::from_static("application/jwk-set+json");
    (headers, [(header::CONTENT_TYPE, json)], set).into_response()
}

fn etag(set: &str) -> HeaderValue {
    let digest = doorward_django::hex::encode(&Sha256::digest(set));
    HeaderValue::try_from(format!("\"{digest}\"")).unwrap_or(HeaderValue::from_static("\"\""))
}

/// RFC 9110 §13.1.2.
fn is_known(headers: &HeaderMap, tag: &HeaderValue) -> bool {
    let tag = tag.to_str().unwrap_or_default();
    let names_it = |value: &HeaderValue| {
        let listed = value.to_str().unwrap_or_default().split(',').map(str::trim);
        listed
            .map(|one| one.trim_start_matches("W/"))
            .any(|one| one == "*" || one == tag)
    };
    headers.get_all(header::IF_NONE_MATCH).iter().any(names_it)
}
