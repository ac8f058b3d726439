//! Whether an answer is about an access token.

use doorward_django::json::{Object, Value};

/// Words for what is no access token, as services write them: Keycloak's `typ`, SimpleJWT's `token_type`, OpenID's
/// ID token.
const OTHERS: [&str; 6] = ["refresh", "refresh_token", "offline", "id", "id_token", "logout"];

/// Words for an access token in `token_use`, which tells that and nothing else.
const ACCESS: [&str; 2] = ["access", "access_token"];

/// Whether what a service says of an active token is said of one that opens an API (RFC 7662 §2.2, `token_type`; `typ`
/// and `token_use` are Keycloak's and Cognito's). A refresh token is active too, and is for the service alone.
pub(super) fn is_access(said: &Object) -> bool {
    let is_other = |word: &str| OTHERS.iter().any(|other| other.eq_ignore_ascii_case(word));
    let is_access = |word: &str| ACCESS.iter().any(|access| access.eq_ignore_ascii_case(word));
    says(said, "token_type", |word| !is_other(word))
        && says(said, "typ", |word| !is_other(word))
        && says(said, "token_use", is_access)
}

/// Whether a claim is not there, or a text that is right.
fn says(said: &Object, claim: &str, is_right: impl Fn(&str) -> bool) -> bool {
    match said.get(claim) {
        None | Some(Value::Null) => true,
        Some(Value::String(word)) => is_right(word),
        Some(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_access_token_is_told_from_others() {
        for (said, expected) in [
            (json!({}), true),
            (json!({ "token_type": "Bearer" }), true),
            (json!({ "token_type": "Token", "typ": "at+jwt" }), true),
            (json!({ "token_type": null, "token_use": "access" }), true),
            (json!({ "token_use": "Access_Token" }), true),
            (json!({ "typ": "Bearer", "token_type": "access" }), true),
            (json!({ "token_type": "refresh" }), false),
            (json!({ "token_type": "Refresh_Token" }), false),
            (json!({ "token_type": "Bearer", "typ": "Refresh" }), false),
            (json!({ "typ": "Offline" }), false),
            (json!({ "typ": "ID" }), false),
            (json!({ "token_use": "refresh" }), false),
            (json!({ "token_use": "id" }), false),
            (json!({ "token_use": "" }), false),
            (json!({ "token_use": ["access"] }), false),
            (json!({ "typ": 1 }), false),
        ] {
            let object = Value::from(said.clone()).as_object().unwrap().clone();
            assert_eq!(is_access(&object), expected, "{said}");
        }
    }
}
