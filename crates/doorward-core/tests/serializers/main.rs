//! Serializers against what DRF's made of the same bodies (`interop/vectors/README.md`).
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may panic")]

// The tutorial's serializers say `doorward`, and need no more of it than this crate.
extern crate doorward_core as doorward;

#[path = "../../../../examples/tutorial/src/own_serializers.rs"]
mod own;
#[path = "../../../../examples/tutorial/src/serializers.rs"]
mod several;
#[path = "../support/mod.rs"]
mod support;

mod asked;
mod char_field;
mod described;
mod kinds;
mod written;

use std::sync::Arc;

use axum::routing::post;
use doorward_core::parsers::Data;
use doorward_core::serializers::{Completeness, ErrorDetail, ListSerializer, Serializer, ValidatedData};
use doorward_core::service::DoorService;
use doorward_core::{ApiException, Policy, Result, RouteExt};
use doorward_django::json;
use http::{Response, StatusCode};
use serde_json::{Map, Value};

use described::described;
use support::{ask, request, send, serve};

const TEXT: &str = include_str!("../../../../interop/vectors/serializers_text.json");
const NUMERIC: &str = include_str!("../../../../interop/vectors/serializers_numeric.json");
const TIMES: &str = include_str!("../../../../interop/vectors/serializers_times.json");
const CONTAINERS: &str = include_str!("../../../../interop/vectors/serializers_containers.json");
const SEVERAL: &str = include_str!("../../../../interop/vectors/serializers_several.json");

#[tokio::test]
async fn texts_are_read_as_drf_reads_them() {
    assert_all(TEXT).await;
}

#[tokio::test]
async fn numbers_are_read_as_drf_reads_them() {
    assert_all(NUMERIC).await;
}

#[tokio::test]
async fn times_are_read_as_drf_reads_them() {
    assert_all(TIMES).await;
}

#[tokio::test]
async fn lists_and_choices_are_read_as_drf_reads_them() {
    assert_all(CONTAINERS).await;
}

#[tokio::test]
async fn several_fields_are_read_as_drf_reads_them() {
    assert_all(SEVERAL).await;
}

/// What reads a body: one object, or a list of them.
#[expect(clippy::large_enum_variant, reason = "there is one at a time")]
enum Body {
    One(Serializer),
    Many(ListSerializer, Serializer),
}

/// Tells all differences of a file at once.
async fn assert_all(vectors: &str) {
    let vectors: Value = serde_json::from_str(vectors).unwrap();
    let mut differences = Vec::new();
    for told in vectors["serializers"].as_array().unwrap() {
        let name = text(&told["name"]);
        match kinds::body(name) {
            Some(body) => differences.extend(compare(name, body, &told["cases"]).await),
            None => assert!(kinds::NOT_HERE.contains(&name), "{name} is not made"),
        }
    }
    assert!(
        differences.is_empty(),
        "{}\n{}",
        differences.len(),
        differences.join("\n")
    );
}

async fn compare(name: &str, body: Body, cases: &Value) -> Vec<String> {
    let (service, mut differences) = (validating(body), Vec::new());
    let is_different = |case: &&Value| DIFFERENT.contains(&(name, text(&case["body"])));
    for case in cases
        .as_array()
        .unwrap()
        .iter()
        .filter(|case| !is_different(case))
    {
        for (path, member) in [("/value/", "value"), ("/shown/", "shown")] {
            let response = posted(&service, path, case).await;
            if let Some(difference) = difference(case, member, &response) {
                differences.push(format!("{name} {} {case}\n    {difference}", case["body"]));
                break;
            }
        }
    }
    differences
}

/// Python's `UUID(int=True)` keeps the boolean, and shows it. A time that no clock shows, as clocks are put forward, is shown by
/// Python as it came; here it is a moment, and shown as clocks show that. No text has halves of a pair.
const DIFFERENT: [(&str, &str); 5] = [
    ("uuid_int", r#"{"value": true}"#),
    ("uuid_int", r#"{"value": false}"#),
    ("datetime_berlin", r#"{"value": "2024-03-31T02:30"}"#),
    ("datetime_formats_berlin", r#"{"value": "31.03.2024 02:30"}"#),
    ("json_binary", r#"{"value": "\"\\ud800\""}"#),
];

/// What is wrong with an answer, if anything is. What DRF answers with 500 is told some other way here, and no JSON has
/// halves of a pair (`COMPATIBILITY.md`, row 19).
fn difference(case: &Value, member: &str, response: &Response<String>) -> Option<String> {
    let (status, body) = (response.status(), response.body());
    let is_same = match (case.get(member), case.get("errors"), case.get("raises")) {
        _ if has_half_of_a_pair(text(&case["body"])) => status == StatusCode::BAD_REQUEST,
        // A file that was stored nowhere has no address, which is all that DRF shows of one.
        (Some(_), ..) if member == "shown" && is_file(case) => status == StatusCode::OK,
        (Some(expected), ..) if member == "shown" => body == text(expected),
        (Some(expected), ..) => parsed(body) == *expected,
        (None, Some(errors), _) => status == StatusCode::BAD_REQUEST && parsed(body) == *errors,
        (None, None, Some(_)) => status != StatusCode::INTERNAL_SERVER_ERROR,
        (None, None, None) => status == StatusCode::OK,
    };
    (!is_same).then(|| {
        format!(
            "{member}: {status} {}",
            body.chars().take(200).collect::<String>()
        )
    })
}

fn is_file(case: &Value) -> bool {
    let value = case.pointer("/value/value").and_then(Value::as_str);
    value.is_some_and(|value| value.starts_with("file "))
}

fn has_half_of_a_pair(body: &str) -> bool {
    body.contains(r"\ud800") && !body.contains(r"\\ud800")
}

fn parsed(body: &str) -> Value {
    serde_json::from_str(body).unwrap_or_default()
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// `/value/` answers the validated data, `/shown/` what the serializer shows of it; PATCH is in part.
fn validating(body: Body) -> DoorService {
    let body = Arc::new(body);
    let route = |answer: Answer| {
        let handler = |completeness| {
            let body = Arc::clone(&body);
            async move |data: Data| Ok::<_, ApiException>(answer(&body, &data, completeness)?.to_string())
        };
        let methods = post(handler(Completeness::Whole)).patch(handler(Completeness::Partial));
        methods.policy(Policy::open())
    };
    serve(|router| {
        let router = router.route("/value/", route(value));
        router.route("/shown/", route(shown))
    })
}

type Answer = fn(&Body, &Data, Completeness) -> Result<json::Value>;

fn value(body: &Body, data: &Data, completeness: Completeness) -> Result<json::Value> {
    Ok(match body {
        Body::One(serializer) => described(&run(serializer, data, completeness)?),
        Body::Many(list, _) => {
            let items = list.run(data, completeness)?;
            json::Value::Array(items.iter().map(described).collect())
        }
    })
}

/// As a handler does that asks its database whether a login is taken.
fn run(serializer: &Serializer, data: &Data, completeness: Completeness) -> Result<ValidatedData> {
    let mut validation = serializer.validation(data, completeness);
    if validation.text("login") == Some("taken") {
        validation.refuse("login", ErrorDetail::unique());
    }
    validation.finish()
}

fn shown(body: &Body, data: &Data, completeness: Completeness) -> Result<json::Value> {
    match body {
        Body::One(serializer) => represented(serializer, run(serializer, data, completeness)?),
        Body::Many(list, item) => {
            let items = list.run(data, completeness)?.into_iter();
            let shown = items.map(|data| represented(item, data));
            Ok(json::Value::Array(shown.collect::<Result<_>>()?))
        }
    }
}

fn represented(serializer: &Serializer, data: ValidatedData) -> Result<json::Value> {
    serializer.to_representation(&data.into_json())
}

async fn posted(service: &DoorService, path: &str, case: &Value) -> Response<String> {
    let is = |flag: &str| case.get(flag).is_some();
    let method = if is("partial") { "PATCH" } else { "POST" };
    let kind = if is("form") {
        "application/x-www-form-urlencoded"
    } else if is("multipart") {
        "multipart/form-data; boundary=b"
    } else {
        "application/json"
    };
    let request = request(method, path).header("content-type", kind);
    send(
        service,
        request.body(text(&case["body"]).to_owned().into()).unwrap(),
    )
    .await
}

/// To the byte: in DRF's order.
#[tokio::test]
async fn options_tells_what_drf_tells() {
    let mut differences = Vec::new();
    for vectors in [TEXT, NUMERIC, TIMES, CONTAINERS, SEVERAL] {
        let vectors: Value = serde_json::from_str(vectors).unwrap();
        for told in vectors["serializers"].as_array().unwrap() {
            differences.extend(options_difference(told).await);
        }
    }
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

async fn options_difference(told: &Value) -> Option<String> {
    let name = text(&told["name"]);
    let (Body::One(serializer) | Body::Many(_, serializer)) = kinds::body(name)?;
    let route = post(async || ()).policy(Policy::open()).takes(serializer);
    let service = serve(|router| router.route("/", route));
    let response = ask(&service, request("OPTIONS", "/")).await;
    let expected = format!(r#""actions":{{"POST":{}}}}}"#, text(&told["options"]));
    let is_same = response.body().ends_with(&expected);
    (!is_same).then(|| format!("{name}\n    {expected}\n    {}", response.body()))
}

/// The names of all serializers stand in the vectors: none is tested that DRF was not asked about.
#[test]
fn every_serializer_is_one_of_the_vectors() {
    let mut known = Map::new();
    for vectors in [TEXT, NUMERIC, TIMES, CONTAINERS, SEVERAL] {
        let vectors: Value = serde_json::from_str(vectors).unwrap();
        let told = vectors["serializers"].as_array().unwrap().iter();
        known.extend(told.map(|told| (text(&told["name"]).to_owned(), Value::Null)));
    }
    for name in kinds::NOT_HERE {
        assert!(known.contains_key(*name), "{name}");
        assert!(kinds::body(name).is_none(), "{name} is made");
    }
}
