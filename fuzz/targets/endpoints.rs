//! Whole requests to every endpoint of the library, and to a handler that reads any body: no answer is a 5xx.
//!
//! An input is a request as it stands on the wire, with `\n` for an end of line: a line of method and path, headers, an
//! empty line, the body. See `seeds/endpoints`.

#![no_main]

use std::cell::RefCell;

use axum::Json;
use axum::body::Body;
use axum::routing::post;
use doorward_core::parsers::Data;
use doorward_core::permissions::AllowAny;
use doorward_core::security::DoorService;
use doorward_core::{RouteExt, User};
use doorward_testing::TestDoor;
use http::{HeaderName, HeaderValue, Method, Request};
use libfuzzer_sys::fuzz_target;
use doorward_django::json::Value;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

thread_local! {
    static SITE: RefCell<(Runtime, DoorService)> = RefCell::new(site());
}

fuzz_target!(|bytes: &[u8]| {
    let Some(request) = request(bytes) else { return };
    SITE.with_borrow(|(runtime, service)| {
        let answer = runtime.block_on(service.clone().oneshot(request));
        let status = answer.expect("it is infallible").status();
        assert!(!status.is_server_error(), "{status}");
    });
});

fn site() -> (Runtime, DoorService) {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let service = runtime.block_on(async {
        let door = TestDoor::new();
        door.user("alice").password("wonderland").create().await;
        let routes = door
            .endpoints()
            .route("/echo/", post(echo).put(echo).policy(AllowAny));
        routes.into_service().expect("the routes are sound")
    });
    (runtime, service)
}

async fn echo(_: Option<User>, data: Data) -> Json<Value> {
    Json(data.into_value())
}

fn request(bytes: &[u8]) -> Option<Request<Body>> {
    let (line, mut rest) = cut(bytes)?;
    let (method, path) = std::str::from_utf8(line).ok()?.split_once(' ')?;
    let mut request = Request::builder()
        .method(Method::from_bytes(method.as_bytes()).ok()?)
        .uri(path);
    while let Some((line, after)) = cut(rest) {
        rest = after;
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            break;
        };
        let (name, value) = line.split_at(colon);
        let name = HeaderName::from_bytes(name).ok()?;
        request = request.header(name, HeaderValue::from_bytes(value.get(1..)?.trim_ascii()).ok()?);
    }
    request.body(Body::from(rest.to_vec())).ok()
}

fn cut(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    Some((bytes.get(..end)?, bytes.get(end + 1..)?))
}
