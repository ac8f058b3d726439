//! [`Check`]: what is legal in an app's settings and unwise on the internet.

use std::fmt;
use std::sync::Arc;

use crate::check_message::CheckMessage;
use crate::router::RouteInfo;
use crate::settings::Settings;

/// A check for `doorward check` (`django.core.checks`): it looks at the settings and at the routes, and waits for nothing.
#[derive(Clone)]
pub struct Check {
    look: Arc<Look>,
    pub(crate) when: When,
    ids: Vec<&'static str>,
}

/// When a check is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum When {
    /// With every check.
    Always,
    /// When the site is about to be on the internet.
    ToDeploy,
}

type Look = dyn Fn(&Settings, &[RouteInfo]) -> Vec<CheckMessage> + Send + Sync;

impl Check {
    /// A check that says what it finds.
    pub fn new(look: impl Fn(&Settings, &[RouteInfo]) -> Vec<CheckMessage> + Send + Sync + 'static) -> Self {
        Self {
            look: Arc::new(look),
            when: When::Always,
            ids: Vec::new(),
        }
    }

    /// A check of what is unwise on the internet only: `doorward check --deploy` asks it.
    pub fn deploy(
        look: impl Fn(&Settings, &[RouteInfo]) -> Vec<CheckMessage> + Send + Sync + 'static,
    ) -> Self {
        Self {
            when: When::ToDeploy,
            ..Self::new(look)
        }
    }

    /// The same, which tells what it finds under these ids: `silenced_checks` may name them.
    #[must_use]
    pub fn ids(mut self, ids: impl IntoIterator<Item = &'static str>) -> Self {
        self.ids.extend(ids);
        self
    }

    /// The ids that it said.
    pub(crate) fn known_ids(&self) -> &[&'static str] {
        &self.ids
    }

    /// Whether it is for a site on the internet only.
    pub(crate) fn is_to_deploy(&self) -> bool {
        self.when == When::ToDeploy
    }

    /// What it finds.
    #[must_use]
    pub fn run(&self, settings: &Settings, routes: &[RouteInfo]) -> Vec<CheckMessage> {
        (self.look)(settings, routes)
    }
}

impl fmt::Debug for Check {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Check")
    }
}
