//! Every endpoint of tokens.

use doorward::jwt::{pair, sliding};
use doorward::settings::{Settings, TokenSettings};
use doorward_django::secret::Secret;
use serde_json::{Value, json};

use super::site::{Asked, Effects, PASSWORD, Site};

const PUBLIC_KEY: &str = "-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEyiE0hFEebYz143tcDcxGNfdPldO1
BCrJt6pI6qF+LPPGPrpM/LNob4T9OU84rQd/YJ5Rk5sUHMjyA5UJJpuTDA==
-----END PUBLIC KEY-----
";

const REFRESH: &str = "/api/token/refresh/";

fn plain(_: &mut Settings) {}

fn rotate(settings: &mut Settings) {
    settings.jwt.rotate_refresh_tokens = true;
}

fn blacklist(settings: &mut Settings) {
    rotate(settings);
    settings.jwt.blacklist_after_rotation = true;
    settings.jwt.refresh_token_max_lifetime = Some("30d".parse().unwrap());
}

fn cookies(settings: &mut Settings) {
    blacklist(settings);
    settings.jwt.cookie.access_name = Some("access".to_owned());
    settings.jwt.cookie.refresh_name = Some("refresh".to_owned());
}

fn sliding_in_cookies(settings: &mut Settings) {
    cookies(settings);
    settings.jwt.auth_token_classes = vec![doorward::settings::TokenClass::Sliding];
}

fn credentials() -> Value {
    json!({ "username": "alice", "password": PASSWORD })
}

async fn pair_of(site: &Site) -> pair::TokenPair {
    pair::obtain(&site.door, &site.alice).await.unwrap()
}

async fn shown(site: &Site) -> Asked {
    Asked::post(
        REFRESH,
        &json!({ "refresh": pair_of(site).await.refresh.expose() }),
    )
}

async fn shown_in_a_cookie(site: &Site) -> Asked {
    let refresh = pair_of(site).await.refresh;
    Asked::post(REFRESH, &json!({})).in_browser(&format!("refresh={}", refresh.expose()))
}

async fn sliding_of(site: &Site) -> Secret<String> {
    sliding::obtain(&site.door, &site.alice).await.unwrap()
}

#[tokio::test]
async fn obtain_auth_token() {
    let ask = async |_: &Site| Asked::post("/api-token-auth/", &credentials());
    Effects::of(plain).check(ask).await;
    let with_age = |settings: &mut Settings| {
        settings.section_mut::<TokenSettings>().max_age = Some("1d".parse().unwrap());
    };
    Effects::of(with_age).check(ask).await;
}

#[tokio::test]
async fn token_obtain_pair() {
    let ask = async |_: &Site| Asked::post("/api/token/", &credentials());
    Effects::of(plain).check(ask).await;
    let without_last_login = |settings: &mut Settings| settings.jwt.update_last_login = false;
    Effects::of(without_last_login).check(ask).await;
    Effects::of(cookies).check(ask).await;
    Effects::of(cookies).check_large(ask).await;
}

#[tokio::test]
async fn token_obtain_sliding() {
    let ask = async |_: &Site| Asked::post("/api/token/sliding/", &credentials());
    Effects::of(plain).check(ask).await;
    Effects::of(sliding_in_cookies).check(ask).await;
    Effects::of(sliding_in_cookies).check_large(ask).await;
}

#[tokio::test]
async fn token_refresh() {
    for settings in [plain, rotate, blacklist] {
        Effects::of(settings).check(shown).await;
    }
}

#[tokio::test]
async fn token_refresh_in_cookies() {
    Effects::of(cookies).check(shown_in_a_cookie).await;
    Effects::of(cookies).check_large(shown_in_a_cookie).await;
    let keep = |settings: &mut Settings| {
        cookies(settings);
        settings.jwt.blacklist_after_rotation = false;
        settings.jwt.refresh_token_max_lifetime = None;
    };
    Effects::of(keep).check_large(shown_in_a_cookie).await;
}

#[tokio::test]
async fn token_refresh_sliding() {
    let path = "/api/token/sliding/refresh/";
    let ask = async |site: &Site| Asked::post(path, &json!({ "token": sliding_of(site).await.expose() }));
    Effects::of(plain).check(ask).await;
    let ask = async |site: &Site| {
        let token = sliding_of(site).await;
        Asked::post(path, &json!({})).in_browser(&format!("access={}", token.expose()))
    };
    Effects::of(sliding_in_cookies).check(ask).await;
    Effects::of(sliding_in_cookies).check_large(ask).await;
}

#[tokio::test]
async fn token_blacklist() {
    let path = "/api/token/blacklist/";
    let ask =
        async |site: &Site| Asked::post(path, &json!({ "refresh": pair_of(site).await.refresh.expose() }));
    Effects::of(blacklist).check(ask).await;
    let ask = async |site: &Site| {
        let refresh = pair_of(site).await.refresh;
        Asked::post(path, &json!({})).in_browser(&format!("refresh={}", refresh.expose()))
    };
    Effects::of(cookies).check(ask).await;
}

#[tokio::test]
async fn token_revoke() {
    let path = "/api/token/revoke/";
    let ask = async |site: &Site| {
        let (pair, mine) = (pair_of(site).await, pair_of(site).await);
        Asked::post(path, &json!({ "token": pair.refresh.expose() })).bearer(&mine.access)
    };
    Effects::of(blacklist).check(ask).await;
    let ask = async |site: &Site| {
        let opaque = doorward::accounts::obtain_auth_token(&site.door, &site.alice)
            .await
            .unwrap();
        Asked::post(path, &json!({ "token": opaque.key.expose() })).bearer(&pair_of(site).await.access)
    };
    Effects::of(plain).check(ask).await;
}

#[tokio::test]
async fn token_revoke_all() {
    let ask = async |site: &Site| {
        doorward::accounts::obtain_auth_token(&site.door, &site.alice)
            .await
            .unwrap();
        Asked::post("/api/token/revoke-all/", &json!({})).bearer(&pair_of(site).await.access)
    };
    Effects::of(plain).check(ask).await;
    Effects::of(cookies).check(ask).await;
}

#[tokio::test]
async fn endpoints_that_only_look() {
    let introspect = async |site: &Site| {
        let pair = pair_of(site).await;
        Asked::post(
            "/api/token/introspect/",
            &json!({ "token": pair.access.expose() }),
        )
        .bearer(&pair.access)
    };
    Effects::of(plain).check(introspect).await;
    let verify = async |site: &Site| {
        Asked::post(
            "/api/token/verify/",
            &json!({ "token": sliding_of(site).await.expose() }),
        )
    };
    Effects::of(blacklist).check(verify).await;
    let profile = async |site: &Site| Asked::get("/api/profile/").bearer(&pair_of(site).await.access);
    Effects::of(plain).check(profile).await;
    let site = Site::new(plain).await;
    let before = site.rows().await;
    assert_eq!(site.ask(&Asked::get("/.well-known/jwks.json")).await.status, 200);
    assert_eq!(site.rows().await, before);
}

/// Where there is only a key to verify with nobody logs in.
#[tokio::test]
async fn a_token_that_cannot_be_signed_is_no_login() {
    let site = Site::new(|settings| {
        settings.jwt.algorithm = "ES256".to_owned();
        settings.jwt.verifying_key = Secret::new(PUBLIC_KEY.to_owned());
    })
    .await;
    let before = site.rows().await;
    for path in ["/api/token/", "/api/token/sliding/"] {
        assert_eq!(site.ask(&Asked::post(path, &credentials())).await.status, 501);
        assert_eq!(site.rows().await, before, "{path}");
    }
}

/// A token that a cookie cannot carry is no token of a thief's: its family lives.
#[tokio::test]
async fn a_refresh_that_failed_leaves_the_family_alive() {
    let site = Site::new(cookies).await;
    let mut refresh = pair_of(&site).await.refresh;
    for round in 0..3 {
        let asked = Asked::post(REFRESH, &json!({})).in_browser(&format!("refresh={}", refresh.expose()));
        site.plan.give_large_tokens();
        for _ in 0..3 {
            assert_eq!(site.ask(&asked).await.status, 500, "{round}");
        }
        site.plan.lift();
        let told = site.ask(&asked).await;
        assert_eq!(told.status, 200, "{round}: {told:?}");
        let cookie = told
            .cookies
            .iter()
            .find_map(|cookie| cookie.strip_prefix("refresh="));
        refresh = Secret::new(cookie.unwrap().split(';').next().unwrap().to_owned());
    }
    assert!(
        site.stores
            .outstanding_tokens
            .reuse_events(9)
            .await
            .unwrap()
            .is_empty()
    );
}
