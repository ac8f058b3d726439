//! What handlers are told, and that nobody but the guard tells it.

mod support;

use axum::routing::get;
use doorward_core::extract::RequestContext;
use doorward_core::permissions::AllowAny;
use doorward_core::sessions::Session;
use doorward_core::{Auth, Policy, RouteExt, User};
use http::StatusCode;
use support::{Named, ask, assert_refused, header, request, serve};

fn named() -> Policy {
    Policy::from(AllowAny).authenticate(Named(Some("Test")))
}

#[tokio::test]
async fn a_user_is_asked_for_or_may_be_missing() {
    let service = serve(|router| {
        router
            .route(
                "/user/",
                get(async |user: User| user.username().to_owned()).policy(named()),
            )
            .route(
                "/maybe/",
                get(async |user: Option<User>| user.is_some().to_string()).policy(named()),
            )
            .route(
                "/auth/",
                get(async |auth: Auth| format!("{auth:?}")).policy(named()),
            )
            .route(
                "/maybe-auth/",
                get(async |auth: Option<Auth>| auth.is_some().to_string()).policy(named()),
            )
    });
    let known = [
        ("/user/", "alice"),
        ("/maybe/", "true"),
        ("/auth/", "Basic"),
        ("/maybe-auth/", "true"),
    ];
    for (path, body) in known {
        assert_eq!(
            ask(&service, request("GET", path).header("x-user", "alice"))
                .await
                .body(),
            body
        );
    }
    for path in ["/maybe/", "/maybe-auth/"] {
        assert_eq!(ask(&service, request("GET", path)).await.body(), "false");
    }
    for path in ["/user/", "/auth/"] {
        let response = ask(&service, request("GET", path)).await;
        let detail = "Authentication credentials were not provided.";
        assert_refused(&response, StatusCode::UNAUTHORIZED, detail);
        assert_eq!(header("www-authenticate", &response), Some("Test"));
    }
}

#[tokio::test]
async fn where_nobody_can_authenticate_a_user_is_never_there() {
    let service = serve(|router| router.route("/user/", get(async |_: User| ()).policy(Policy::open())));
    let response = ask(&service, request("GET", "/user/")).await;
    let detail = "You do not have permission to perform this action.";
    assert_refused(&response, StatusCode::FORBIDDEN, detail);
}

#[tokio::test]
async fn a_handler_may_ask_for_the_whole_request() {
    let whole = async |request: RequestContext| {
        let cx = request.context();
        format!(
            "{} {} {}",
            cx.view().path(),
            cx.uri(),
            cx.host().unwrap_or("none")
        )
    };
    let service = serve(|router| router.route("/whole/{id}/", get(whole).policy(named())));
    let response = ask(&service, request("GET", "/whole/1/?a=b")).await;
    assert_eq!(response.body(), "/whole/{id}/ /whole/1/?a=b localhost");
}

#[tokio::test]
async fn on_a_route_without_a_guard_each_is_an_error_of_ours() {
    let service = serve(|router| {
        router
            .public("/user", get(async |_: User| ()))
            .public("/maybe", get(async |_: Option<User>| ()))
            .public("/auth", get(async |_: Auth| ()))
            .public("/session", get(async |_: Session| ()))
            .public("/request", get(async |_: RequestContext| ()))
    });
    for path in ["/user", "/maybe", "/auth", "/session", "/request"] {
        let response = ask(&service, request("GET", path)).await;
        assert_refused(
            &response,
            StatusCode::INTERNAL_SERVER_ERROR,
            "A server error occurred.",
        );
    }
}
