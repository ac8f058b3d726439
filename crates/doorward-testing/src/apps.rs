//! The apps that every site has.

use doorward_core::app::Apps;

/// Those of Doorward.
pub(crate) fn own() -> Apps {
    doorward_auth::apps()
}
