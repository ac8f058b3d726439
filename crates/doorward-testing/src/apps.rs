//! The apps that every site has.

use doorward_core::app::Apps;
use doorward_core::assembly::own_apps;

/// Those of Doorward.
pub(crate) fn own() -> Apps {
    own_apps().and(&doorward_auth::apps())
}
