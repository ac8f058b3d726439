//! [`Given`]: what a door is given when it opens.

use std::fmt;
use std::sync::Arc;

use doorward_db::{Database, Schema};

use crate::door::Stateless;
use crate::http_client::HttpClient;
use crate::settings::Settings;
use crate::slots::Slots;

/// What a door is given when it opens, besides its settings: a database, a client for other servers, and whatever else the
/// program says to the builder.
pub struct Given<'d> {
    settings: &'d Settings,
    values: &'d Slots,
    stateless: Option<Stateless>,
}

impl<'d> Given<'d> {
    pub(crate) fn new(settings: &'d Settings, values: &'d Slots, stateless: Option<Stateless>) -> Self {
        Self {
            settings,
            values,
            stateless,
        }
    }

    /// Whether the door only verifies tokens.
    #[must_use]
    pub fn is_stateless(&self) -> bool {
        self.stateless.is_some()
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &'d Settings {
        self.settings
    }

    /// The database; `None` for a door that only verifies tokens.
    #[must_use]
    pub fn database(&self) -> Option<&'d Database> {
        self.get()
    }

    /// What the tables of the database are called.
    #[must_use]
    pub fn schema(&self) -> Schema {
        self.get().cloned().unwrap_or_default()
    }

    /// The client for other servers.
    #[must_use]
    pub fn http_client(&self) -> Option<&'d Arc<dyn HttpClient>> {
        self.get()
    }

    /// What the builder was given of that type.
    #[must_use]
    pub fn get<T: Send + Sync + 'static>(&self) -> Option<&'d T> {
        self.values.get()
    }
}

impl fmt::Debug for Given<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Given")
    }
}
