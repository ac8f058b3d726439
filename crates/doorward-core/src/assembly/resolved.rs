//! [`ResolvedSettings`]: settings that were judged, with what came of it.

use std::fmt;

use doorward_db::Schema;

use super::rules::{self, Rules};
use crate::app::AppState;
use crate::apps::Users;
use crate::settings::{Findings, Settings, SettingsErrors};

/// Settings that are possible, and the rules that every module made of them:
/// [`DoorBuilder::of`](super::DoorBuilder::of) makes a door of them without judging them again.
pub struct ResolvedSettings {
    pub(super) settings: Settings,
    pub(super) rules: Rules,
}

impl ResolvedSettings {
    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// What the tables are called that `[user]` names.
    #[must_use]
    pub fn schema(&self) -> Schema {
        let users = self.rules.apps.states.get::<AppState<Users>>();
        users.map(|users| users.0.schema.clone()).unwrap_or_default()
    }
}

impl Settings {
    /// The settings with the rules that every module makes of them.
    ///
    /// # Errors
    /// Every [`SettingsError`](crate::settings::SettingsError) that was found: a value that is impossible, or whose feature
    /// does not exist yet.
    pub fn resolve(self) -> Result<ResolvedSettings, SettingsErrors> {
        let rules = Findings::of(|found| Rules::resolve(&self, found))?;
        Ok(ResolvedSettings {
            settings: self,
            rules,
        })
    }

    /// Whether every name in them stands for something: rules, endpoints, checks. Nothing else is judged.
    ///
    /// # Errors
    /// Every name that nobody brings.
    pub fn check_names(&self) -> Result<(), SettingsErrors> {
        Findings::of(|found| {
            rules::check_names(self, found);
            Some(())
        })
    }

    /// Whether every value is possible, and its feature exists.
    ///
    /// # Errors
    /// As [`Settings::resolve`].
    pub fn validate(&self) -> Result<(), SettingsErrors> {
        Findings::of(|found| Rules::resolve(self, found)).map(drop)
    }
}

/// Shows no value: keys are among them.
impl fmt::Debug for ResolvedSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ResolvedSettings")
    }
}
