//! Bodies of every type and charset, to a handler that reads any: the answer is 200, 400 or 415.
//!
//! The first byte of an input chooses the Content-Type. See `seeds/bodies`.

#![no_main]

use std::cell::RefCell;

use axum::Json;
use axum::body::Body;
use axum::routing::post;
use doorward_core::parsers::Data;
use doorward_core::permissions::AllowAny;
use doorward_core::security::DoorService;
use doorward_core::RouteExt;
use doorward_testing::TestDoor;
use http::{Request, StatusCode};
use libfuzzer_sys::fuzz_target;
use doorward_django::json::Value;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

const TYPES: [&str; 12] = [
    "application/json",
    "application/json; charset=utf-8-sig",
    "application/json; charset=latin-1",
    "application/json; charset=ascii",
    "application/json; charset=utf-16",
    "application/json; charset=utf-16-le",
    "application/json; charset=utf-16-be",
    "application/json; charset=utf-32",
    "application/json; charset=utf-32-le",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=b",
    "multipart/form-data",
];

thread_local! {
    static SITE: RefCell<(Runtime, DoorService)> = RefCell::new(site());
}

fuzz_target!(|bytes: &[u8]| {
    let Some((choice, body)) = bytes.split_first() else { return };
    let content_type = TYPES[usize::from(*choice) % TYPES.len()];
    let request = Request::post("/echo/").header("content-type", content_type);
    let Ok(request) = request.body(Body::from(body.to_vec())) else { return };
    SITE.with_borrow(|(runtime, service)| {
        let answer = runtime.block_on(service.clone().oneshot(request));
        let status = answer.expect("it is infallible").status();
        let expected = [StatusCode::OK, StatusCode::BAD_REQUEST, StatusCode::PAYLOAD_TOO_LARGE];
        assert!(expected.contains(&status), "{content_type}: {status}");
    });
});

fn site() -> (Runtime, DoorService) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let echo = async |data: Data| -> Json<Value> { Json(data.into_value()) };
    let door = TestDoor::new();
    let routes = door.endpoints().route("/echo/", post(echo).policy(AllowAny));
    (runtime, routes.into_service().expect("the routes are sound"))
}
