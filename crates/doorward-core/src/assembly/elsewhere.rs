//! Names in the settings that are the ready server's. One `doorward.toml` may be shared by the ready server and by a program that
//! uses the library: such a program knows these names, and reads over them.

use crate::app::{Endpoint, Installed};

/// The endpoints of the ready server, by their names in `[urls]`.
const ENDPOINTS: [&str; 5] = ["start", "admin", "healthz", "readyz", "metrics"];

/// Adds the names of those endpoints that no app has brought.
pub(super) fn install(to: &mut Installed) {
    for name in ENDPOINTS {
        if to.endpoints.iter().all(|endpoint| endpoint.name != name) {
            to.endpoint(Endpoint::elsewhere(name));
        }
    }
}
