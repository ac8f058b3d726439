//! What the shop answers.

use axum::Json;
use axum::http::StatusCode;
use axum::routing::{get, post};
use doorward::extract::RequestContext;
use doorward::prelude::*;
use doorward::stores::StoreError;
use serde_json::{Value, json};

use crate::authentication::TillAuthentication;
use crate::permissions::ShopIsOpen;
use crate::store::{Product, Sold, Store};

/// Everyone may look.
pub(crate) fn products() -> GuardedRoute {
    get(list).policy(AllowAny)
}

/// Tills sell, while the shop is open.
pub(crate) fn sell() -> GuardedRoute {
    post(sell_one).policy(Policy::from(IsAuthenticated.and(ShopIsOpen)).authenticate(TillAuthentication))
}

async fn list(request: RequestContext) -> Result<Json<Vec<Product>>> {
    let cx = request.context();
    let store = Store(cx.door().database()?);
    Ok(Json(store.products().await.map_err(StoreError::from)?))
}

async fn sell_one(request: RequestContext) -> Result<(StatusCode, Json<Value>)> {
    let id: i64 = request.path().await?;
    let cx = request.context();
    let store = Store(cx.door().database()?);
    match store.sell(id, cx.now()).await.map_err(StoreError::from)? {
        Sold::Left(stock) => Ok((StatusCode::CREATED, Json(json!({ "stock": stock })))),
        Sold::OutOfStock => Err(ApiException::validation_error(
            json!({ "stock": ["None are left."] }),
        )),
        Sold::NoSuchProduct => Err(ApiException::not_found()),
    }
}
