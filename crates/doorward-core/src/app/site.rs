//! [`Site`]: what an app sees of the others while settings become rules.

use std::any::TypeId;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::{App, AppState};
use crate::settings::{Section, Settings, SettingsError, SettingsErrors};
use crate::slots::Slots;

/// A site as far as it stands: all settings, and the apps before the one that asks.
pub struct Site<'s> {
    pub(super) settings: &'s Settings,
    pub(super) states: &'s Slots,
    pub(super) refused: &'s HashMap<TypeId, SettingsErrors>,
    pub(super) asking: &'static str,
}

impl<'s> Site<'s> {
    /// The settings of the whole site.
    #[must_use]
    pub fn settings(&self) -> &'s Settings {
        self.settings
    }

    /// The state of an app that stands earlier in the list.
    ///
    /// # Errors
    /// That the app is missing, and where to add it; what was wrong with its own settings, where it was refused.
    pub fn app<A: App>(&self) -> Result<&'s Arc<A::State>, SettingsErrors> {
        if let Some(state) = self.states.get::<AppState<A>>() {
            return Ok(&state.0);
        }
        match self.refused.get(&TypeId::of::<A>()) {
            Some(errors) => Err(errors.clone()),
            None => Err(self.missing(A::Settings::LABEL).into()),
        }
    }

    fn missing(&self, label: &str) -> SettingsError {
        let asking = self.asking;
        let problem = format!(
            "needs the app `{label}`; add that one before `{asking}` where the apps of the site are named"
        );
        SettingsError::new(asking, problem)
    }
}

impl fmt::Debug for Site<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Site")
    }
}
