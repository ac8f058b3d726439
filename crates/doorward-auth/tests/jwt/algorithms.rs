//! Tokens signed with key pairs, by the profiles of the conformance suite.

use doorward_auth::jwt::JwtDoorExt;
use doorward_auth::jwt::TokenRules;
use doorward_core::settings::Settings;
use doorward_django::jwt::{self, Algorithm, Claims, TokenType};
use doorward_django::secret::Secret;
use http::StatusCode;
use serde_json::json;

use super::site::{Site, settings};

const PROFILES: [(&str, &str); 2] = [
    (
        "RS256",
        include_str!("../../../../interop/conformance/profiles/jwt_rs256.toml"),
    ),
    (
        "ES256",
        include_str!("../../../../interop/conformance/profiles/jwt_es256.toml"),
    ),
];

/// The text between the three quotes after `name`.
fn key(profile: &str, name: &str) -> Secret<String> {
    let (_, rest) = profile.split_once(&format!("\n{name} = \"\"\"")).unwrap();
    Secret::new(rest.split_once("\"\"\"").unwrap().0.to_owned())
}

fn with_both(algorithm: &str, profile: &str) -> impl Fn(&mut Settings) {
    move |settings| {
        settings.jwt.algorithm = algorithm.to_owned();
        settings.jwt.signing_key = Some(key(profile, "signing_key"));
        settings.jwt.verifying_key = key(profile, "verifying_key");
    }
}

#[tokio::test]
async fn tokens_are_issued_shown_refreshed_and_taken_back() {
    for (algorithm, profile) in PROFILES {
        let site = Site::with(with_both(algorithm, profile));
        let (refresh, access) = site.pair().await;
        let seen = site.get("/whoami/jwt/", format!("Bearer {access}")).await;
        assert_eq!(seen.status, StatusCode::OK, "{algorithm}: {}", seen.body);
        let body = || json!({ "refresh": refresh });
        let renewed = site.post("/api/token/refresh/", body()).await;
        assert_eq!(renewed.status, StatusCode::OK, "{algorithm}: {}", renewed.body);
        let verified = site
            .post("/api/token/verify/", json!({ "token": renewed.text("access") }))
            .await;
        verified.is(200, "{}");
        site.post("/api/token/blacklist/", body()).await.is(200, "{}");
        let refused = site.post("/api/token/refresh/", body()).await;
        refused.is(
            401,
            r#"{"detail":"Token is blacklisted","code":"token_not_valid"}"#,
        );
    }
}

#[tokio::test]
async fn a_public_key_left_out_is_derived() {
    for (algorithm, profile) in PROFILES {
        let issuer = Site::with(with_both(algorithm, profile));
        let site = Site::with(|settings| {
            with_both(algorithm, profile)(settings);
            settings.jwt.verifying_key = Secret::new(String::new());
        });
        let token = issuer.forge(TokenType::Access, |_| {});
        let seen = site.get("/whoami/jwt/", format!("Bearer {token}")).await;
        assert_eq!(seen.status, StatusCode::OK, "{algorithm}: {}", seen.body);
    }
}

/// An environment that has no line breaks writes them so; in a secret those two characters are what they are.
#[tokio::test]
async fn a_key_of_one_line_may_write_its_breaks() {
    let one_line = |key: Secret<String>| Secret::new(key.expose().trim().replace('\n', "\\n"));
    for (algorithm, profile) in PROFILES {
        let issuer = Site::with(with_both(algorithm, profile));
        let site = Site::with(|settings| {
            settings.jwt.algorithm = algorithm.to_owned();
            settings.jwt.signing_key = Some(one_line(key(profile, "signing_key")));
            settings.jwt.verifying_key = one_line(key(profile, "verifying_key"));
        });
        let token = issuer.forge(TokenType::Access, |_| {});
        let seen = site.get("/whoami/jwt/", format!("Bearer {token}")).await;
        assert_eq!(seen.status, StatusCode::OK, "{algorithm}: {}", seen.body);
    }
    let secret = |text: &str| {
        let secret = Secret::new(text.repeat(16));
        Site::with(|settings| settings.jwt.signing_key = Some(secret))
    };
    let token = secret("a\\nb").forge(TokenType::Access, |_| {});
    let seen = secret("a\nb")
        .get("/whoami/jwt/", format!("Bearer {token}"))
        .await;
    assert_eq!(seen.status, StatusCode::UNAUTHORIZED);
}

/// The public key is known to all; as an HMAC secret it must open nothing.
#[tokio::test]
async fn the_public_key_is_no_secret() {
    for (algorithm, profile) in PROFILES {
        let site = Site::with(with_both(algorithm, profile));
        let public = key(profile, "verifying_key");
        let forger = jwt::Keys::hs256(public.expose().as_bytes());
        let (rules, now) = (site.door.jwt(), site.door.now());
        let claims = Claims::new_token(TokenType::Access, [0; 16], now, rules).for_user("2", rules);
        let token = jwt::encode(&claims, rules, &forger.signing).unwrap();
        let refused = site.get("/whoami/jwt/", format!("Bearer {token}")).await;
        assert_eq!(
            refused.status,
            StatusCode::UNAUTHORIZED,
            "{algorithm}: {}",
            refused.body
        );
    }
}

#[test]
fn refusals_name_the_setting_at_fault() {
    let [(_, rsa), (_, ecdsa)] = PROFILES;
    let refused = |change: &dyn Fn(&mut Settings)| TokenRules::new(&settings(change)).unwrap_err();
    for (error, setting, says) in [
        (
            refused(&with_both("RS256", ecdsa)),
            "jwt.signing_key",
            "RS256 needs an RSA key",
        ),
        (refused(&with_both("ES384", ecdsa)), "jwt.signing_key", "P-384"),
        (refused(&with_both("HS256", rsa)), "jwt.signing_key", "asymmetric"),
        (
            refused(&|settings| {
                with_both("RS256", rsa)(settings);
                settings.jwt.verifying_key = key(rsa, "signing_key");
            }),
            "jwt.verifying_key",
            "leave it out",
        ),
        (
            refused(&|settings| {
                with_both("ES256", ecdsa)(settings);
                settings.jwt.verifying_key = key(rsa, "verifying_key");
            }),
            "jwt.verifying_key",
            "P-256",
        ),
        (refused(&with_both("ES521", ecdsa)), "jwt.algorithm", "ES512"),
    ] {
        assert_eq!(error.key(), setting, "{error}");
        assert!(error.to_string().contains(says), "{error}");
        assert!(!error.to_string().contains("MI"), "{error}");
    }
}

#[test]
fn every_algorithm_is_offered() {
    let error =
        TokenRules::new(&settings(|settings| settings.jwt.algorithm = "none".to_owned())).unwrap_err();
    for algorithm in Algorithm::ALL {
        assert!(error.to_string().contains(algorithm.name()), "{error}");
    }
}
