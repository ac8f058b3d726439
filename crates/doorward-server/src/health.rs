//! [`Health`]: `/healthz` and `/readyz`, whether this process lives, and whether it can answer.

mod readiness;

use std::sync::{Arc, Mutex, PoisonError};

use axum::http::header::{ALLOW, CACHE_CONTROL, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use doorward::access_log::NoFailure;
use doorward::app::{App, Endpoint, Installed, Site};
use doorward::exceptions::ApiException;
use doorward::serve::Draining;
use doorward::settings::{Section, SettingsErrors};
use doorward::{Door, Doorward};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use readiness::Readiness;
pub(crate) use readiness::tell;

/// The probes, as an app.
#[derive(Default)]
pub(crate) struct Health {
    /// The servers that serve them: whether one is about to end.
    draining: Mutex<Vec<Draining>>,
}

/// They have no settings: the section has no keys.
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct HealthSettings {}

impl Section for HealthSettings {
    const LABEL: &'static str = "doorward_health";
}

impl App for Health {
    type Settings = HealthSettings;
    type State = Self;

    fn resolve(_: HealthSettings, _: &Site<'_>) -> Result<Self, SettingsErrors> {
        Ok(Self::default())
    }

    fn install(health: &Arc<Self>, to: &mut Installed) {
        to.endpoint(Endpoint::probe("healthz", "/healthz", |_| healthz()));
        let health = Arc::clone(health);
        let readyz = move |door: &Door| readyz(&health, door);
        to.endpoint(Endpoint::probe("readyz", "/readyz", readyz));
    }
}

/// `/readyz` says no when that has begun too; false where the door has no probes.
pub(crate) fn watch(door: &Door, draining: &Draining) -> bool {
    let Some(health) = door.find_app::<Health>() else {
        return false;
    };
    let mut watched = health.draining.lock().unwrap_or_else(PoisonError::into_inner);
    watched.push(draining.clone());
    true
}

impl Health {
    fn is_draining(&self) -> bool {
        let draining = self.draining.lock();
        let draining = draining.unwrap_or_else(PoisonError::into_inner);
        draining.iter().any(Draining::begun)
    }
}

/// 200 as long as the process answers at all.
fn healthz() -> MethodRouter {
    get(|| async { told(StatusCode::OK, "ok") }).fallback(not_allowed)
}

/// 200 where requests can be answered, logins too; 503 and a reason where not, and when the server is about to end.
fn readyz(health: &Arc<Health>, door: &Door) -> MethodRouter {
    let health = Arc::clone(health);
    let readiness = Doorward::of(door).map(|door| Arc::new(Readiness::new(&door)));
    let answer = move || async move { ready(&health, readiness.as_deref()).await };
    get(answer).fallback(not_allowed)
}

const LOCAL_TIMES: &str = "ok\nDjango seems to keep local times in this database (USE_TZ = False)";

/// A door without a database has nothing to wait for.
async fn ready(health: &Health, readiness: Option<&Readiness>) -> Response {
    if health.is_draining() {
        let mut response = told(StatusCode::SERVICE_UNAVAILABLE, "draining");
        response.extensions_mut().insert(NoFailure);
        return response;
    }
    let Some(readiness) = readiness else {
        return told(StatusCode::OK, "ok");
    };
    match readiness.reason().await {
        None if readiness.finds_local_times().await => told(StatusCode::OK, LOCAL_TIMES),
        None => told(StatusCode::OK, "ok"),
        Some(reason) => told(StatusCode::SERVICE_UNAVAILABLE, reason),
    }
}

/// 405 as every other route has it.
async fn not_allowed(method: Method) -> Response {
    let mut response = ApiException::method_not_allowed(&method).into_response();
    let allowed = HeaderValue::from_static("GET, HEAD");
    response.headers_mut().insert(ALLOW, allowed);
    response
}

fn told(status: StatusCode, text: &'static str) -> Response {
    let mut response = (status, [(CACHE_CONTROL, "no-store")], format!("{text}\n")).into_response();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().insert(RETRY_AFTER, 1.into());
    }
    response
}
