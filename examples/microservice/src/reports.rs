//! The service: it has no users and no database, and verifies the tokens of the issuer with its public keys.
//!
//! ```sh
//! DOORWARD_JWT__ALGORITHM=ES256 DOORWARD_SERVER__BIND=127.0.0.1:8001 \
//! DOORWARD_JWT__JWK_URL=http://127.0.0.1:8000/.well-known/jwks.json cargo run -p microservice --bin reports
//!
//! curl -H "Authorization: Bearer $ACCESS" http://127.0.0.1:8001/reports/
//! ```
//!
//! With `DOORWARD_JWT__INTROSPECTION__URL=http://127.0.0.1:8000/api/token/introspect/` and
//! `DOORWARD_JWT__INTROSPECTION__AUTHORIZATION="Token …"` it asks the issuer instead, and sees a revocation at once.

use axum::{Json, routing::get};
use doorward::prelude::*;
use serde_json::{Value, json};

async fn reports(user: User) -> Json<Value> {
    Json(json!({ "reader": user.id().clone(), "reports": ["the first", "the second"] }))
}

#[tokio::main]
async fn main() -> doorward::Result {
    let service = ResourceServer::open("reports.toml")?;
    let app = service.router().route("/reports/", get(reports));
    service.serve(app).await
}
