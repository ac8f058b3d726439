//! Products behind JSON web tokens, under the tutorials' own paths.
//! `cargo run -p jwt-products`, with `DOORWARD_SECRET_KEY` set.
//!
//! ```text
//! # Without a token: 401
//! curl -i http://127.0.0.1:8000/products/
//!
//! # The initial login returns both access and refresh tokens
//! curl -X POST http://127.0.0.1:8000/login/ -d "username=root&password=toor"
//! curl http://127.0.0.1:8000/products/ -H 'Authorization: Bearer <ACCESS_TOKEN>'
//! curl "http://127.0.0.1:8000/products/?category=tea" -H 'Authorization: Bearer <ACCESS_TOKEN>'
//! curl http://127.0.0.1:8000/products/ -H 'Authorization: Bearer <ACCESS_TOKEN>' -d "name=Oolong&category=tea"
//!
//! # Is the token still valid? When the access token expires, the refresh token fetches the next one
//! curl -X POST http://127.0.0.1:8000/verify_token/ -d "token=<ACCESS_TOKEN>"
//! curl -X POST http://127.0.0.1:8000/refresh_token/ -d "refresh=<REFRESH_TOKEN>"
//!
//! # Logout: a blacklisted refresh token is permanently invalidated
//! curl -X POST http://127.0.0.1:8000/blacklist_token/ -d "refresh=<REFRESH_TOKEN>"
//! curl -X POST http://127.0.0.1:8000/refresh_token/ -d "refresh=<REFRESH_TOKEN>"
//! ```

use std::sync::Arc;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::routing::get;
use doorward::Door;
use doorward::endpoints;
use doorward::parsers::Data;
use doorward::prelude::*;
use doorward::serializers::{CharField, Completeness, Serializer};
use serde_json::{Value, json};
use tokio::sync::RwLock;

#[tokio::main]
async fn main() -> doorward::Result {
    let door = Doorward::open("doorward.toml").await?;
    door.serve(routes(&door)).await
}

/// `core/urls.py`.
fn routes(door: &Door) -> Router {
    let with_jwt = Policy::from(IsAuthenticated).authenticate(JwtAuthentication);
    let products = get(list).post(create).with_state(Products::default());
    door.router()
        .route("/products/", products.policy(with_jwt))
        .route("/login/", endpoints::token_obtain_pair())
        .route("/refresh_token/", endpoints::token_refresh())
        .route("/verify_token/", endpoints::token_verify())
        .route("/blacklist_token/", endpoints::token_blacklist())
        .route("/auth/token/", endpoints::obtain_auth_token())
}

/// In memory, for brevity: `examples/tutorial` keeps them in a table, with owners, prices and validation.
type Products = Arc<RwLock<Vec<Value>>>;

/// `ItemFilter`: `?category=tea`, `?name=Oolong`.
async fn list(products: State<Products>, RawQuery(query): RawQuery) -> Json<Vec<Value>> {
    let query = query.unwrap_or_default();
    let mut products = products.read().await.clone();
    for (name, wanted) in form_urlencoded::parse(query.as_bytes()) {
        products.retain(|product| product.get(&*name).is_none_or(|value| value == &*wanted));
    }
    Json(products)
}

/// `ProductSerializer`: two texts, neither of them blank.
async fn create(products: State<Products>, data: Data) -> Result<(StatusCode, Json<Value>)> {
    let serializer = Serializer::new()
        .field("name", CharField::new())
        .field("category", CharField::new());
    let sent = serializer.run(&data, Completeness::Whole)?;
    let mut products = products.write().await;
    let product =
        json!({ "id": products.len() + 1, "name": sent.text("name"), "category": sent.text("category") });
    products.push(product.clone());
    Ok((StatusCode::CREATED, Json(product)))
}

#[cfg(test)]
mod tests;
