//! Doorward in one page: `cargo run -p quickstart`, in an empty folder. It says where it is, and how to call it.

use axum::routing::{get, post};
use axum::{Json, http::StatusCode, response::IntoResponse};
use doorward::extract::RequestContext;
use doorward::prelude::*;
use serde_json::json;

async fn profile(user: User) -> impl IntoResponse {
    Json(json!({ "username": user.username(), "email": user.email() }))
}

#[derive(serde::Serialize)]
struct Report {
    title: String,
    owner: UserId,
}

impl LoadObject for Report {
    async fn load(request: &RequestContext, _: &()) -> Result<Unchecked<Self>> {
        let id: i64 = request.path().await?; // a real application asks its database
        Ok(Unchecked::new(Self {
            title: format!("Report {id}"),
            owner: UserId::Int(id),
        }))
    }
}

#[derive(Debug, Default)]
struct IsOwner;

impl ObjectPermission<Report> for IsOwner {
    fn has_object_permission(&self, cx: &Context, _: &View, report: &Report) -> Answer<'_, Result<bool>> {
        Answer::ready(Ok(cx.user_id() == Some(&report.owner)))
    }
}

async fn report(Permitted(report): Permitted<Report, IsOwner>) -> Json<Report> {
    Json(report)
}

async fn create(_: User) -> StatusCode {
    StatusCode::CREATED
}

#[tokio::main]
async fn main() -> doorward::Result {
    doorward::logging::init(); // a line for each request; RUST_LOG=warn tells less
    let site = Doorward::site().default_value("throttle.rates.burst", "60/min"); // unless the settings have another
    let door = site.open("doorward.toml").await?; // Django's database, or a new one
    let app = door
        .router()
        .route("/api/me/", get(profile)) // IsAuthenticated, the default
        .route(
            "/api/reports/{id}/",
            get(report).throttle(UserRateThrottle::scope("burst")),
        )
        .route(
            "/api/reports/",
            post(create).policy(IsAdminUser.or(HasScope::new("reports:write"))),
        )
        .public("/healthz", get(|| async { "ok" }))
        .merge(door.endpoints()); // obtain, refresh, verify, blacklist, login, logout
    door.serve(app).await
}
