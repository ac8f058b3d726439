//! Rules on what a token says, asked with real signed tokens.

use axum::Json;
use axum::routing::get;
use doorward_auth::jwt::JwtDoorExt;
use doorward_auth::schemes::JwtStatelessUserAuthentication;
use doorward_core::extract::Claims;
use doorward_core::permissions::{HasClaim, HasScope, Permission};
use doorward_core::policy::RouteExt;
use doorward_core::throttling::UserRateThrottle;
use doorward_core::{Answer, Auth, Context, Policy};
use doorward_django::jwt::{Claims as TokenClaims, TokenType};
use http::StatusCode;
use serde_json::{Value, json};

use super::support::{ask, door, json as body, request, settings};

/// What a route with that permission answers the bearer of a token with these extra claims.
async fn answer(permission: impl Permission + 'static, extra: Value) -> StatusCode {
    ask_route(get(|| async { "in" }).policy(policy().permit(permission)), extra)
        .await
        .status()
}

fn policy() -> Policy {
    Policy::new()
        .authenticate(JwtStatelessUserAuthentication)
        .permissions([])
}

async fn ask_route(route: doorward_core::policy::GuardedRoute, extra: Value) -> http::Response<String> {
    let door = door(settings());
    let token =
        TokenClaims::new_token(TokenType::Access, [7; 16], door.now(), door.jwt()).for_user("7", door.jwt());
    let claims = extra.as_object().unwrap().clone().into_iter();
    let token = claims.fold(token, |token, (name, value)| token.with(name, value));
    let token = door.tokens().encode(&token, door.now()).unwrap();
    let service = door.router().route("/", route).into_service().unwrap();
    ask(
        &service,
        request("GET", "/").header("authorization", format!("Bearer {token}")),
    )
    .await
}

#[tokio::test]
async fn a_claim_must_be_equal_or_hold_the_value() {
    let cases = [
        (json!({ "tier": "gold" }), StatusCode::OK),
        (json!({ "tier": ["silver", "gold"] }), StatusCode::OK),
        (json!({ "tier": "golden" }), StatusCode::FORBIDDEN),
        (json!({ "tier": { "gold": true } }), StatusCode::FORBIDDEN),
        (json!({ "tier": null }), StatusCode::FORBIDDEN),
        (json!({}), StatusCode::FORBIDDEN),
    ];
    for (extra, expected) in cases {
        assert_eq!(
            answer(HasClaim::new("tier", "gold"), extra.clone()).await,
            expected,
            "{extra}"
        );
    }
}

#[tokio::test]
async fn a_scope_is_a_whole_word() {
    let cases = [
        (json!({ "scope": "reports:read reports:write" }), StatusCode::OK),
        (json!({ "scope": ["reports:write"] }), StatusCode::OK),
        (json!({ "scope": "reports:writes" }), StatusCode::FORBIDDEN),
        (json!({ "scope": "" }), StatusCode::FORBIDDEN),
        (json!({ "scope": 7 }), StatusCode::FORBIDDEN),
        (json!({}), StatusCode::FORBIDDEN),
    ];
    for (extra, expected) in cases {
        assert_eq!(
            answer(HasScope::new("reports:write"), extra.clone()).await,
            expected,
            "{extra}"
        );
    }
}

#[derive(serde::Deserialize)]
struct Plan {
    tier: String,
}

#[tokio::test]
async fn claims_are_read_into_a_type() {
    let route = || {
        get(|Claims(plan): Claims<Plan>| async move { Json(json!({ "tier": plan.tier })) }).policy(policy())
    };
    let told = ask_route(route(), json!({ "tier": "gold" })).await;
    assert_eq!(
        (told.status(), body(&told)),
        (StatusCode::OK, json!({ "tier": "gold" }))
    );
    for misfit in [json!({}), json!({ "tier": 7 })] {
        assert_eq!(ask_route(route(), misfit).await.status(), StatusCode::FORBIDDEN);
    }
}

#[tokio::test]
async fn the_anonymous_are_asked_to_log_in() {
    let route = get(|| async { "in" }).policy(policy().permit(HasScope::new("reports:write")));
    let service = door(settings())
        .router()
        .route("/", route)
        .into_service()
        .unwrap();
    assert_eq!(
        ask(&service, request("GET", "/")).await.status(),
        StatusCode::UNAUTHORIZED
    );
}

/// The tier of the caller's token.
fn tier(cx: &Context<'_>) -> &'static str {
    match cx.identity().map(|identity| &identity.auth) {
        Some(Auth::Jwt(_, claims)) if claims.get("tier").is_some_and(|tier| tier == "gold") => "gold",
        _ => "tin",
    }
}

#[tokio::test]
async fn a_claim_decides_on_the_rate_too() {
    let mut settings = settings();
    for (scope, rate) in [("tin", "1/h"), ("gold", "3/h")] {
        settings.throttle.rates.insert(scope.to_owned(), rate.to_owned());
    }
    let door = door(settings);
    let by_tier = UserRateThrottle::by(["tin", "gold"], |cx| Answer::ready(Ok(tier(cx))));
    let route = get(|| async { "in" }).policy(policy().throttle(by_tier));
    let service = door.router().route("/", route).into_service().unwrap();
    for (name, tier, allowed) in [("1", "gold", 3), ("2", "tin", 1), ("3", "golden", 1)] {
        let token = TokenClaims::new_token(TokenType::Access, [7; 16], door.now(), door.jwt());
        let token = token.for_user(name, door.jwt()).with("tier", tier);
        let token = door.tokens().encode(&token, door.now()).unwrap();
        let mut passed = 0;
        for _ in 0..5 {
            let asked = request("GET", "/").header("authorization", format!("Bearer {token}"));
            passed += usize::from(ask(&service, asked).await.status() == StatusCode::OK);
        }
        assert_eq!(passed, allowed, "{tier}");
    }
}
