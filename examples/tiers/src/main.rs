//! Tiered access: members of the group `premium` may come more often, and may do more.
//! `cargo run -p tiers`, with `DOORWARD_SECRET_KEY` set and the two rates in `doorward.toml` or the environment:
//! `DOORWARD_THROTTLE__RATES__FREE=3/min`, `DOORWARD_THROTTLE__RATES__PREMIUM=30/min`.
//!
//! ```text
//! # Three a minute, then 429
//! curl -u free:password123 http://127.0.0.1:8000/reports/
//!
//! # For premium members only: 403
//! curl -u free:password123 http://127.0.0.1:8000/reports/export/
//!
//! # Thirty a minute, and the export
//! curl -u member:password456 http://127.0.0.1:8000/reports/
//! curl -u member:password456 http://127.0.0.1:8000/reports/export/
//! ```

use axum::Json;
use axum::routing::get;
use doorward::Door;
use doorward::permissions::Denial;
use doorward::prelude::*;
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> doorward::Result {
    let door = Doorward::open("doorward.toml").await?;
    door.serve(routes(&door)).await
}

fn routes(door: &Door) -> Router {
    let premium_only = Policy::from(IsAuthenticated).permit(IsPremium);
    door.router()
        .route("/reports/", get(reports).throttle(by_tier()))
        .route(
            "/reports/export/",
            get(export).policy(premium_only.throttle(by_tier())),
        )
}

/// A rate by tier: one of two scopes, each with its rate in `[throttle.rates]`.
fn by_tier() -> UserRateThrottle {
    UserRateThrottle::by(["free", "premium"], |cx| {
        Answer::pending(async move {
            let groups = cx.groups().await?;
            Ok(if groups.contains("premium") {
                "premium"
            } else {
                "free"
            })
        })
    })
}

/// Members of the group `premium` only.
#[derive(Debug)]
struct IsPremium;

impl Permission for IsPremium {
    fn has_permission<'a>(&'a self, cx: &'a Context<'a>, _: &'a View) -> Answer<'a, Result<bool>> {
        Answer::pending(async move { Ok(cx.groups().await?.contains("premium")) })
    }

    fn denial(&self) -> Option<Denial> {
        Some(Denial {
            message: "This feature needs the premium tier.".into(),
            code: "tier_required".into(),
        })
    }
}

async fn reports() -> Json<Value> {
    Json(json!(["January", "February"]))
}

async fn export() -> &'static str {
    "month,visits\nJanuary,12\nFebruary,15\n"
}

#[cfg(test)]
mod tests;
