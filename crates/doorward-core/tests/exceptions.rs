//! `doorward_core::exceptions`: DRF's statuses, codes, sentences and headers, and nothing of a cause.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::time::Duration;

use axum::body::to_bytes;
use axum::response::{IntoResponse, Response};
use doorward_core::exceptions::ApiException;
use doorward_core::stores::{Outage, StoreError};
use futures_util::FutureExt;
use http::{Method, StatusCode};
use serde_json::{Value, json};

const VECTORS: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../../interop/vectors/exceptions.json"
);

fn cases() -> [(&'static str, ApiException); 14] {
    [
        (
            "validation_error",
            ApiException::validation_error(json!(["Wrong."])),
        ),
        ("validation_error_text", ApiException::validation_error("Wrong.")),
        (
            "validation_error_fields",
            ApiException::validation_error(json!({ "name": ["Too long."] })),
        ),
        ("parse_error", ApiException::parse_error("Malformed request.")),
        (
            "authentication_failed",
            ApiException::authentication_failed("Invalid token."),
        ),
        ("not_authenticated", ApiException::not_authenticated()),
        ("permission_denied", ApiException::permission_denied()),
        ("not_found", ApiException::not_found()),
        (
            "method_not_allowed",
            ApiException::method_not_allowed(&Method::PUT),
        ),
        ("not_acceptable", ApiException::not_acceptable()),
        (
            "unsupported_media_type",
            ApiException::unsupported_media_type("text/plain"),
        ),
        ("throttled", ApiException::throttled(None)),
        (
            "throttled_one",
            ApiException::throttled(Some(Duration::from_millis(200))),
        ),
        (
            "throttled_more",
            ApiException::throttled(Some(Duration::from_millis(59_100))),
        ),
    ]
}

#[test]
fn every_exception_reads_as_drfs() {
    let vectors: Value = serde_json::from_str(&std::fs::read_to_string(VECTORS).unwrap()).unwrap();
    for (name, exception) in cases() {
        let expected = &vectors[name];
        assert_eq!(exception.code(), expected["code"], "{name}");
        let response = exception.into_response();
        assert_eq!(response.status().as_u16(), expected["status"], "{name}");
        let retry_after = response
            .headers()
            .get("retry-after")
            .map(|value| value.to_str().unwrap());
        assert_eq!(retry_after, expected["retry_after"].as_str(), "{name}");
        assert_eq!(response.headers()["content-type"], "application/json");
        assert_eq!(body(response), expected["body"], "{name}");
    }
}

#[test]
fn a_cause_is_never_shown() {
    let exception = ApiException::server_error("canary-7f3a").with_detail("A server error occurred.");
    assert!(!exception.to_string().contains("canary"));
    let response = exception.into_response();
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    assert_eq!(body(response), r#"{"detail":"A server error occurred."}"#);
}

#[test]
fn a_store_that_is_away_asks_for_patience() {
    let away: ApiException = StoreError::new("the database is away", Outage::Passing, "canary-1").into();
    assert_eq!(away.status(), StatusCode::SERVICE_UNAVAILABLE);
    let response = away.into_response();
    assert_eq!(response.headers()["retry-after"], "1");
    assert!(!body(response).contains("canary"));
    let broken: ApiException = StoreError::new("the row is broken", Outage::Lasting, "canary-2").into();
    assert_eq!(broken.status(), StatusCode::INTERNAL_SERVER_ERROR);
}

#[test]
fn words_and_code_can_be_ones_own() {
    let exception = ApiException::permission_denied()
        .with_detail("Only the owner.")
        .with_code("not_owner");
    assert_eq!(
        (exception.code(), exception.detail()),
        ("not_owner", &json!("Only the owner."))
    );
    assert_eq!(body(exception.into_response()), r#"{"detail":"Only the owner."}"#);
}

fn body(response: Response) -> String {
    let bytes = to_bytes(response.into_body(), usize::MAX)
        .now_or_never()
        .unwrap()
        .unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}
