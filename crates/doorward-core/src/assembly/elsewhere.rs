//! The endpoints of the ready server, in a program that has none of them: their names may be set.

use crate::app::{Endpoint, Installed};
use crate::settings::ready_server::ENDPOINTS;

/// Adds the names of those endpoints that no app has brought.
pub(super) fn install(to: &mut Installed) {
    for name in ENDPOINTS {
        if to.endpoints.iter().all(|endpoint| endpoint.name != name) {
            to.endpoint(Endpoint::elsewhere(name));
        }
    }
}
