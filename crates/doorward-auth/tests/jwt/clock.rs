//! Tokens under a clock that somebody sets while the server runs (row 176).

use doorward_django::timestamp::Timestamp;
use serde_json::json;

use super::site::{NOW, Site, credentials};

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

/// The first second, the last of a signed 32-bit clock, the last of an unsigned one, and what no calendar has.
const ODD: [i64; 8] = [
    0,
    1,
    -1,
    2_147_483_647,
    4_294_967_296,
    253_402_300_799,
    i64::MAX,
    i64::MIN,
];

fn rotating() -> Site {
    Site::with(|settings| {
        settings.jwt.rotate_refresh_tokens = true;
        settings.jwt.blacklist_after_rotation = true;
        settings.jwt.refresh_token_max_lifetime = Some("30d".parse().unwrap());
    })
}

fn set(site: &Site, seconds: i64) {
    site.clock.set(Timestamp::from_secs(seconds));
}

async fn opens(site: &Site, access: &str) -> bool {
    site.get("/whoami/jwt/", format!("Bearer {access}")).await.status == 200
}

#[tokio::test]
async fn a_clock_that_is_set_back_holds_tokens_until_it_is_right_again() {
    let site = rotating();
    let (refresh, access) = site.pair().await;
    set(&site, NOW - HOUR);
    assert!(!opens(&site, &access).await, "it was issued in the future");
    let answer = site
        .post("/api/token/refresh/", json!({ "refresh": refresh }))
        .await;
    answer.refuses_token("Token is invalid");
    set(&site, NOW + 1);
    assert!(opens(&site, &access).await);
    let answer = site
        .post("/api/token/refresh/", json!({ "refresh": refresh }))
        .await;
    assert_eq!(
        answer.status, 200,
        "and it was not taken for reuse: {}",
        answer.body
    );
}

#[tokio::test]
async fn a_clock_that_is_set_forward_ends_tokens_until_it_is_right_again() {
    let site = rotating();
    let (refresh, access) = site.pair().await;
    set(&site, NOW + DAY);
    assert!(!opens(&site, &access).await);
    let answer = site
        .post("/api/token/refresh/", json!({ "refresh": refresh }))
        .await;
    answer.refuses_token("Token is expired");
    set(&site, NOW);
    assert!(opens(&site, &access).await);
    assert_eq!(
        site.post("/api/token/refresh/", json!({ "refresh": refresh }))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn no_date_makes_it_panic() {
    let site = rotating();
    let (refresh, access) = site.pair().await;
    for seconds in ODD {
        set(&site, seconds);
        opens(&site, &access).await;
        for path in [
            "/api/token/refresh/",
            "/api/token/verify/",
            "/api/token/blacklist/",
        ] {
            let answer = site
                .post(path, json!({ "refresh": refresh, "token": access }))
                .await;
            assert!(answer.status.as_u16() < 500, "{seconds} {path}: {}", answer.body);
        }
        let answer = site
            .post("/api/token/", credentials("alice", "wonderland-42"))
            .await;
        assert_eq!(answer.status, 200, "{seconds}: {}", answer.body);
        let (refresh, access) = (answer.text("refresh"), answer.text("access"));
        opens(&site, &access).await;
        let answer = site
            .post("/api/token/refresh/", json!({ "refresh": refresh }))
            .await;
        assert!(answer.status.as_u16() < 500, "{seconds}: {}", answer.body);
    }
    set(&site, NOW);
    let (_, access) = site.pair().await;
    assert!(opens(&site, &access).await);
}

#[tokio::test]
async fn in_any_year_that_people_live_in_tokens_are_good() {
    let site = rotating();
    for seconds in [1, 2_147_483_647, 2_147_483_648, 4_294_967_296] {
        set(&site, seconds);
        let (refresh, access) = site.pair().await;
        assert!(opens(&site, &access).await, "{seconds}");
        let answer = site
            .post("/api/token/refresh/", json!({ "refresh": refresh }))
            .await;
        assert_eq!(answer.status, 200, "{seconds}");
    }
}
