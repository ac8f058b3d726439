//! Where the store is away, nobody loses a cookie, and nobody becomes a stranger.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use doorward_auth::jwt::JwtDoorExt;
use doorward_core::clock::ManualClock;
use doorward_core::entropy::SystemEntropy;
use doorward_core::stores::{
    BlacklistedToken, Blacklisting, Outage, OutstandingToken, OutstandingTokenStore, Predecessor, ReuseEvent,
    Rotation, StoreAnswer, StoreError,
};
use doorward_core::user::UserId;
use doorward_core::{Answer, Door};
use doorward_django::jwt::{Claims, TokenType};
use doorward_django::timestamp::Timestamp;
use doorward_testing::TestDatabase;
use http::header::SET_COOKIE;
use tower::ServiceExt;

use super::site::{ALICE, NOW, settings, user};

/// A store that is away.
#[derive(Debug)]
struct Away;

fn away<'a, T: 'a>() -> StoreAnswer<'a, T> {
    Answer::ready(Err(StoreError::new("away", Outage::Passing, "away")))
}

impl OutstandingTokenStore for Away {
    fn record(&self, _: OutstandingToken) -> StoreAnswer<'_, ()> {
        away()
    }

    fn record_login(&self, _: OutstandingToken, _: Timestamp) -> StoreAnswer<'_, ()> {
        away()
    }

    fn is_blacklisted<'a>(&'a self, _: &'a str) -> StoreAnswer<'a, bool> {
        away()
    }

    fn blacklist(&self, _: OutstandingToken, _: Timestamp) -> StoreAnswer<'_, Blacklisting> {
        away()
    }

    fn rotate(
        &self,
        _: OutstandingToken,
        _: OutstandingToken,
        _: Predecessor,
        _: Timestamp,
    ) -> StoreAnswer<'_, Rotation> {
        away()
    }

    fn family_began_at<'a>(&'a self, _: &'a str) -> StoreAnswer<'a, Option<Timestamp>> {
        away()
    }

    fn revoke_family(&self, _: OutstandingToken, _: Timestamp) -> StoreAnswer<'_, u64> {
        away()
    }

    fn taken_back_at<'a>(
        &'a self,
        _: &'a UserId,
        _: Timestamp,
        _: u32,
    ) -> StoreAnswer<'a, Vec<BlacklistedToken>> {
        away()
    }

    fn blacklist_page(&self, _: i64, _: Timestamp, _: u32) -> StoreAnswer<'_, Vec<BlacklistedToken>> {
        away()
    }

    fn reuse_events(&self, _: u32) -> StoreAnswer<'_, Vec<ReuseEvent>> {
        away()
    }

    fn delete_expired(&self, _: Timestamp, _: u32) -> StoreAnswer<'_, u64> {
        away()
    }
}

fn door() -> Door {
    let memory = TestDatabase::new();
    memory.add_user(user(ALICE, "alice", "wonderland-42"));
    let mut stores = memory.stores();
    stores.outstanding_tokens = Arc::new(Away);
    let settings = settings(|settings| {
        settings.jwt.cookie.refresh_name = Some("refresh".to_owned());
        settings.jwt.cookie.access_name = Some("access".to_owned());
        // Sliding tokens are looked up in the blacklist wherever they are shown.
        settings.jwt.auth_token_classes = vec![doorward_core::settings::TokenClass::Sliding];
    });
    let clock = Arc::new(ManualClock::new(Timestamp::from_secs(NOW)));
    Door::with_sources(settings, stores, clock, Arc::new(SystemEntropy)).unwrap()
}

fn token(door: &Door, token_type: TokenType) -> String {
    let claims = Claims::new_token(token_type, door.random(), door.now(), door.jwt());
    let claims = claims.for_user(&ALICE.to_string(), door.jwt());
    door.tokens().encode(&claims, door.now()).unwrap()
}

async fn ask(door: &Door, method: &str, path: &str) -> Response {
    let (access, refresh) = (token(door, TokenType::Sliding), token(door, TokenType::Refresh));
    let secret = "s".repeat(32);
    let cookies = format!("access={access}; refresh={refresh}; csrftoken={secret}");
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("host", "localhost");
    let request = request.header("cookie", cookies).header("x-csrftoken", secret);
    let service = door.endpoints().into_service().unwrap();
    let Ok(response) = service.oneshot(request.body(Body::empty()).unwrap()).await;
    response
}

#[tokio::test]
async fn a_logout_that_could_not_be_done_keeps_the_cookie() {
    let door = door();
    for path in ["/api/token/blacklist/", "/api/token/refresh/"] {
        let response = ask(&door, "POST", path).await;
        assert_eq!(response.status(), 503, "{path}");
        let cookies = response.headers().get_all(SET_COOKIE).iter();
        let names: Vec<_> = cookies.map(|cookie| cookie.to_str().unwrap()).collect();
        assert!(
            !names.iter().any(|cookie| cookie.contains("refresh=")),
            "{names:?}"
        );
    }
}

#[tokio::test]
async fn who_cannot_be_judged_is_no_stranger() {
    let response = ask(&door(), "GET", "/api/profile/").await;
    assert_eq!(response.status(), 503);
}
