//! [`router`]: what the ready server serves.

use doorward::serve::Draining;
use doorward::settings::{Settings, SettingsErrors};
use doorward::{Doorward, Router, endpoints};

use crate::{health, metrics, pages};

/// What is served besides the endpoints of the library: the name in `[urls]`, and the usual path.
type Place = (&'static str, &'static str);

const START: Place = ("start", "/");
const ADMIN: Place = ("admin", "/admin/");
const HEALTHZ: Place = ("healthz", "/healthz");
const READYZ: Place = ("readyz", "/readyz");
const METRICS: Place = ("metrics", metrics::USUAL_PATH);

/// Every route of the ready server, where `[urls]` wants it.
///
/// `/readyz` says no when `draining` has begun.
#[must_use]
pub fn router(door: &Doorward, draining: &Draining) -> Router {
    let settings = door.settings();
    let mut router = door.router().merge(door.endpoints());
    if let Some(path) = endpoints::path(&settings.urls, START.0, START.1) {
        router = router.route(path, pages::start());
    }
    if let Some(path) = endpoints::path(&settings.urls, ADMIN.0, ADMIN.1) {
        router = router.route(path, pages::admin());
    }
    if let Some(path) = endpoints::path(&settings.urls, HEALTHZ.0, HEALTHZ.1) {
        router = router.probe(path, health::healthz());
    }
    if let Some(path) = endpoints::path(&settings.urls, READYZ.0, READYZ.1) {
        router = router.probe(path, health::readyz(door, draining));
    }
    if let Some(path) = metrics::path(settings) {
        router = router.probe(path, metrics::endpoint(settings));
    }
    router
}

/// Whether every route has a path of its own.
pub(crate) fn check_places(settings: &Settings) -> Result<(), SettingsErrors> {
    let resolved = settings.clone().resolve()?;
    Ok(resolved.check_places(&[START, ADMIN, HEALTHZ, READYZ, METRICS])?)
}
