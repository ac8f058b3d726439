//! Handlers that take a type: of a body, of a query, of a part of the path, below `/probe/typed/`.

use axum::routing::{get, post};
use doorward::extract::{Body, Path, Query};
use doorward::json::json;
use doorward::prelude::*;
use doorward::{Door, Json};
use serde::{Deserialize, Serialize};

/// One probe per place from which a handler may take a type.
pub(crate) fn router(door: &Door) -> Router {
    let body = post(async |Body(purchase): Body<Purchase>| Json(purchase));
    let query = get(async |Query(page): Query<Page>| Json(page));
    let int = get(async |Path(value): Path<u64>| Json(json!({ "value": value })));
    let text = get(async |Path(value): Path<String>| Json(json!({ "value": value })));
    door.router()
        .route("/probe/typed/body/", body.policy(open()))
        .route("/probe/typed/query/", query.policy(open()))
        .route("/probe/typed/int/{value}/", int.policy(open()))
        .route("/probe/typed/str/{value}/", text.policy(open()))
}

fn open() -> Policy {
    Policy::from(AllowAny).authenticators(Vec::new())
}

#[derive(Debug, Deserialize, Serialize)]
struct Purchase {
    name: String,
    quantity: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    weight: Option<f64>,
    #[serde(default)]
    gift: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    tags: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<Address>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Address {
    street: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    number: Option<i64>,
}

#[derive(Debug, Deserialize, Serialize)]
struct Page {
    #[serde(default = "first")]
    page: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    q: Option<String>,
    #[serde(default)]
    exact: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    ids: Option<Vec<i64>>,
}

fn first() -> u32 {
    1
}
