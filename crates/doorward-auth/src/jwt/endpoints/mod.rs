//! The endpoints of JSON web tokens (`rest_framework_simplejwt.views`), and the public keys.

mod answers;
mod blacklist;
mod introspect;
mod jwks;
mod obtain;
mod refresh;
mod revoke;
mod revoke_all;
mod verify;

pub use blacklist::token_blacklist;
pub use introspect::token_introspect;
pub use jwks::jwks;
pub use obtain::{token_obtain_pair, token_obtain_sliding};
pub use refresh::{token_refresh, token_refresh_sliding};
pub use revoke::token_revoke;
pub use revoke_all::token_revoke_all;
pub use verify::token_verify;
