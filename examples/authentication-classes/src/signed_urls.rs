//! Signed URLs: a link that opens one file for an hour, whoever has it.

use std::time::Duration;

use axum::Json;
use axum::http::HeaderValue;
use doorward::Door;
use doorward::authentication::Authenticator;
use doorward::django::signing::{sign_with_timestamp, unsign_with_timestamp};
use doorward::extract::RequestContext;
use doorward::permissions::IsPrincipal;
use doorward::prelude::*;
use doorward::user::PrincipalKind;
use serde_json::{Value, json};

const LINK: PrincipalKind = PrincipalKind::new("Link");

/// Keeps these signatures apart from others by the same key.
const SALT: &str = "files.link";

const MAX_AGE: Duration = Duration::from_secs(3_600);

/// `/files/report.pdf/?signature=…`: the signature covers the path, nothing else may stand in the query, and it opens what only
/// reads.
#[derive(Debug)]
struct LinkAuthentication;

impl Authenticator for LinkAuthentication {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        let query = cx.uri().query().unwrap_or_default();
        let Some(signature) = query.strip_prefix("signature=").filter(|_| cx.is_safe_method()) else {
            return Answer::ready(Ok(None));
        };
        let signed = format!("{}:{signature}", cx.uri().path());
        let unsigned = unsign_with_timestamp(&signed, SALT, cx.door().secret_keys());
        let path = unsigned.and_then(|signed| signed.within(MAX_AGE, cx.now()));
        Answer::ready(match path {
            Ok(path) if path == cx.uri().path() => Ok(Some(Identity {
                user: LINK.principal(path),
                auth: Auth::Other("Link"),
            })),
            _ => Err(ApiException::authentication_failed("Invalid or expired link.")),
        })
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        None
    }
}

pub(crate) fn policy() -> Policy {
    Policy::from(IsPrincipal(LINK)).authenticate(LinkAuthentication)
}

/// A link to that file, for who may see it: asked at `/files/report.pdf/link/`.
pub(crate) async fn share(request: RequestContext) -> Json<Value> {
    let cx = request.context();
    let path = cx.uri().path().trim_end_matches("link/");
    let signed = sign_with_timestamp(path, cx.now(), SALT, &cx.door().secret_keys().current);
    let signature = signed.strip_prefix(path).and_then(|rest| rest.strip_prefix(':'));
    Json(json!({ "link": format!("{path}?signature={}", signature.unwrap_or_default()) }))
}

pub(crate) async fn download(link: User) -> String {
    format!("what is at {}", link.principal_name(LINK).unwrap_or_default())
}
