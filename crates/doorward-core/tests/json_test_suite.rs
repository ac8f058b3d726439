//! JSONTestSuite as bodies: what is JSON is read, what is none is refused (`interop/vectors/README.md`).
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use axum::Json;
use axum::routing::post;
use base64::{Engine, engine::general_purpose::STANDARD};
use doorward_core::parsers::Data;
use doorward_core::service::DoorService;
use doorward_core::{Policy, RouteExt};
use http::{Response, StatusCode};
use serde_json::{Map, Value, json};
use support::{request, send, serve};

/// A name begins with `y_`: it is JSON; `n_`: it is none; `i_`: parsers may disagree.
fn suite() -> Vec<(String, Vec<u8>)> {
    let vectors = include_str!("../../../interop/vectors/json_test_suite.json");
    let vectors: Map<String, Value> = serde_json::from_str(vectors).unwrap();
    assert_eq!(vectors.len(), 318, "the suite is whole");
    vectors
        .into_iter()
        .map(|(name, file)| (name, bytes(&file)))
        .collect()
}

fn bytes(file: &Value) -> Vec<u8> {
    let decoded = |text: &Value| STANDARD.decode(text.as_str().unwrap()).unwrap();
    if file.is_string() {
        return decoded(file);
    }
    let times = usize::try_from(file["times"].as_u64().unwrap()).unwrap();
    [decoded(&file["repeat"]).repeat(times), decoded(&file["then"])].concat()
}

fn echoing() -> DoorService {
    let echo = async |data: Data| Json(data.into_value());
    serve(|router| router.route("/echo/", post(echo).policy(Policy::open())))
}

async fn posted(service: &DoorService, body: Vec<u8>) -> Response<String> {
    let request = request("POST", "/echo/").header("content-type", "application/json");
    send(service, request.body(body.into()).unwrap()).await
}

#[tokio::test]
async fn what_is_json_is_read_and_what_is_none_is_refused() {
    let service = echoing();
    for (name, body) in suite() {
        let is_empty = body.is_empty();
        let response = posted(&service, body).await;
        let answer: Value = serde_json::from_str(response.body()).unwrap();
        let is_refused = response.status() == StatusCode::BAD_REQUEST
            && answer["detail"]
                .as_str()
                .is_some_and(|detail| detail.starts_with("JSON parse error - "));
        match name.get(..2).unwrap() {
            // As in DRF, a body of no bytes is no data.
            "n_" if is_empty => assert_eq!(answer, json!({}), "{name}"),
            "n_" => assert!(is_refused, "{name}: {response:?}"),
            "y_" => assert_eq!(response.status(), StatusCode::OK, "{name}: {response:?}"),
            _ => assert!(
                is_refused || response.status() == StatusCode::OK,
                "{name}: {response:?}"
            ),
        }
    }
}
