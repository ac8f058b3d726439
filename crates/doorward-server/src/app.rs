//! [`router`]: what the ready server serves.

use doorward::serve::Draining;
use doorward::settings::Settings;
use doorward::{Doorward, Router, endpoints};

use crate::{health, metrics, pages};

/// Every route of the ready server, where `[urls]` wants it.
///
/// `/readyz` says no when `draining` has begun.
#[must_use]
pub fn router(door: &Doorward, draining: &Draining) -> Router {
    let settings = door.settings();
    let mut router = door.router().merge(door.endpoints());
    if let Some(path) = path(settings, "start", "/") {
        router = router.route(path, pages::start());
    }
    if let Some(path) = path(settings, "admin", "/admin/") {
        router = router.route(path, pages::admin());
    }
    if let Some(path) = path(settings, "healthz", "/healthz") {
        router = router.probe(path, health::healthz());
    }
    if let Some(path) = path(settings, "readyz", "/readyz") {
        router = router.probe(path, health::readyz(door, draining));
    }
    if let Some(path) = metrics::path(settings) {
        router = router.probe(path, metrics::endpoint(settings));
    }
    router
}

/// Where an endpoint stands, if it does.
pub(crate) fn path<'a>(settings: &'a Settings, name: &str, usual: &'a str) -> Option<&'a str> {
    endpoints::path(&settings.urls, name, usual)
}
