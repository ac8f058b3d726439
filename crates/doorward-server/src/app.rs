//! [`apps`]: what the ready server has besides the library; [`router`]: what it serves.

use doorward::app::Apps;
use doorward::serve::Draining;
use doorward::{Doorward, Router};

use crate::health::{self, Health};
use crate::metrics::Metrics;
pub use crate::metrics::MetricsSettings;
use crate::pages::Pages;

/// The apps of the ready server: its pages, its probes, its metrics.
#[must_use]
pub fn apps() -> Apps {
    Apps::new().app::<Pages>().app::<Health>().app::<Metrics>()
}

/// Every route of a site with these [`apps`], where `[urls]` wants it.
///
/// `/readyz` says no when `draining` has begun.
#[must_use]
pub fn router(door: &Doorward, draining: &Draining) -> Router {
    if !health::watch(door, draining) {
        tracing::error!(
            "this door has no pages, probes and metrics: open it with the apps of `doorward_server::app::apps`"
        );
    }
    door.router().merge(door.endpoints())
}
