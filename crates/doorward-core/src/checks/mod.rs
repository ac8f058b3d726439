//! What is legal in the settings and unwise on the internet (`django.core.checks`): `doorward check --deploy`.
//!
//! What is impossible stops the start, by [`Settings::validate`]; what is told here does not. An id that Django has
//! means what it means there; ours begin with `doorward.`.

mod deployment;
mod gate;
mod security;

pub use crate::check_message::{CheckMessage, Level};
use crate::router::RouteInfo;
pub use crate::settings::CheckId;
use crate::settings::Settings;

/// What those settings lack on the internet, and which routes are open; the heaviest first,
/// and those of one weight by their numbers.
///
/// ```
/// use doorward_core::checks::{Level, deploy};
/// use doorward_core::settings::Settings;
///
/// let mut settings = Settings::default();
/// settings.debug = true;
/// let found = deploy(&settings, &[]);
/// let debug = found.iter().find(|message| message.id == "security.W018");
/// assert_eq!(debug.map(|message| message.level), Some(Level::Warning));
/// ```
#[must_use]
pub fn deploy(settings: &Settings, routes: &[RouteInfo]) -> Vec<CheckMessage> {
    deployment::check(settings, routes)
}
