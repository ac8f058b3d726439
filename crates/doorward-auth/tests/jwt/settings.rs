//! Settings that no token can be made by.

use doorward_auth::jwt::{RotationRule, TokenRules};
use doorward_core::settings::Settings;
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;

use super::site::{Site, credentials, settings};

#[track_caller]
fn refused(change: impl FnOnce(&mut Settings), key: &str, says: &[&str]) {
    let error = TokenRules::new(&settings(change)).expect_err("these settings are impossible");
    assert_eq!(error.key(), key);
    for word in says {
        assert!(error.to_string().contains(word), "{error}");
    }
}

#[test]
fn weak_keys_are_named_and_never_shown() {
    let weak = || Secret::new("canary-0123456789-canary-012345".to_owned());
    refused(
        |settings| settings.secret_key = weak(),
        "secret_key",
        &["31 bytes", "openssl rand"],
    );
    refused(
        |settings| settings.jwt.signing_key = Some(weak()),
        "jwt.signing_key",
        &["31 bytes"],
    );
    let pem = Secret::new("-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD".to_owned());
    refused(
        |settings| settings.jwt.signing_key = Some(pem),
        "jwt.signing_key",
        &["asymmetric"],
    );
    let error = TokenRules::new(&settings(|settings| settings.secret_key = weak())).unwrap_err();
    assert!(!error.to_string().contains("canary"));
}

#[test]
fn algorithms_go_by_their_exact_names() {
    for name in ["none", "hs256", ""] {
        let says = ["no algorithm", "HS256, HS384, HS512"];
        refused(
            |settings| settings.jwt.algorithm = name.to_owned(),
            "jwt.algorithm",
            &says,
        );
    }
    for name in ["HS256", "HS384", "HS512"] {
        let named = settings(|settings| settings.jwt.algorithm = name.to_owned());
        assert!(TokenRules::new(&named).is_ok());
    }
}

#[test]
fn a_key_pair_is_no_default() {
    let rsa = |settings: &mut Settings| settings.jwt.algorithm = "RS256".to_owned();
    refused(rsa, "jwt.signing_key", &["RS256"]);
}

#[test]
fn blacklisting_wants_an_id() {
    let without_ids = |settings: &mut Settings| {
        settings.jwt.rotate_refresh_tokens = true;
        settings.jwt.blacklist_after_rotation = true;
        settings.jwt.jti_claim = None;
    };
    refused(without_ids, "jwt.jti_claim", &["blacklist"]);
}

#[test]
fn only_families_end() {
    let with_end = |settings: &mut Settings| {
        settings.jwt.rotate_refresh_tokens = true;
        settings.jwt.refresh_token_max_lifetime = Some("30d".parse().unwrap());
    };
    refused(
        with_end,
        "jwt.refresh_token_max_lifetime",
        &["blacklist_after_rotation"],
    );
}

#[test]
fn columns_that_name_users_are_three() {
    refused(
        |settings| settings.jwt.user_id_field = "first_name".to_owned(),
        "jwt.user_id_field",
        &["use id, username, email, or one"],
    );
    let by_address = |settings: &mut Settings| {
        settings.user.username_field = "email".to_owned();
        settings.jwt.user_id_field = "username".to_owned();
    };
    refused(by_address, "jwt.user_id_field", &["use id, email, or one"]);
    refused(
        |settings| settings.jwt.auth_header_name = "HTTP_ä".to_owned(),
        "jwt.auth_header_name",
        &["HTTP_AUTH"],
    );
}

#[test]
fn settings_become_rules() {
    let rules = TokenRules::new(&settings(|settings| {
        settings.jwt.auth_header_name = "HTTP_X_ACCESS_TOKEN".to_owned();
        settings.jwt.auth_header_types = vec!["JWT".to_owned(), "Bearer".to_owned()];
        settings.jwt.leeway = "10s".parse().unwrap();
    }))
    .unwrap();
    assert_eq!(rules.header_name(), "x-access-token");
    assert_eq!(rules.challenge(), "JWT realm=\"api\"");
    assert_eq!(rules.rules().leeway.as_secs(), 10);
    assert_eq!(rules.rotation(), RotationRule::Off);
    assert!(!format!("{rules:?}").contains("a-secret-key"));
}

/// A public key of `interop/conformance/profiles/jwt_es256.toml`.
const PUBLIC_KEY: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEyiE0hFEebYz143tcDcxGNfdPldO1
BCrJt6pI6qF+LPPGPrpM/LNob4T9OU84rQd/YJ5Rk5sUHMjyA5UJJpuTDA==
-----END PUBLIC KEY-----
";

#[tokio::test]
async fn with_a_public_key_alone_nothing_is_issued() {
    let site = Site::with(|settings| {
        settings.jwt.algorithm = "ES256".to_owned();
        settings.jwt.verifying_key = Secret::new(PUBLIC_KEY.to_owned());
    });
    let answer = site
        .post("/api/token/", credentials("alice", "wonderland-42"))
        .await;
    answer.is(501, r#"{"detail":"Tokens are verified here, but not issued."}"#);
    let tokens = &site.memory.stores().outstanding_tokens;
    assert_eq!(
        tokens
            .delete_expired(Timestamp::from_secs(i64::MAX), 9)
            .await
            .unwrap(),
        0
    );
    site.get("/whoami/jwt/", "Bearer a.b.c").await.is(
        401,
        concat!(
            r#"{"detail":"Given token not valid for any token type","code":"token_not_valid","messages":["#,
            r#"{"token_class":"AccessToken","token_type":"access","message":"Token is invalid"}]}"#
        ),
    );
}
