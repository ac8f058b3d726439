//! [`Check`]: what is legal in an app's settings and unwise on the internet.

use std::fmt;
use std::sync::Arc;

use crate::check_message::CheckMessage;
use crate::router::RouteInfo;
use crate::settings::Settings;

/// A check for `doorward check` (`django.core.checks`): it looks at the settings and at the routes, and waits for nothing.
#[derive(Clone)]
pub struct Check(Arc<Look>);

type Look = dyn Fn(&Settings, &[RouteInfo]) -> Vec<CheckMessage> + Send + Sync;

impl Check {
    /// A check that says what it finds.
    pub fn new(look: impl Fn(&Settings, &[RouteInfo]) -> Vec<CheckMessage> + Send + Sync + 'static) -> Self {
        Self(Arc::new(look))
    }

    /// What it finds.
    #[must_use]
    pub fn run(&self, settings: &Settings, routes: &[RouteInfo]) -> Vec<CheckMessage> {
        (self.0)(settings, routes)
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Check")
    }
}
