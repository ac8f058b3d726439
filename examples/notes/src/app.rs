//! [`Notes`]: the app (Django's `AppConfig`): its section of doorward.toml, its tables.

use doorward::app::{App, Site};
use doorward::migrations::{Migration, Model};
use doorward::settings::{Section, SettingsError, SettingsErrors};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::tables;

/// `[notes]`: what may be kept.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct NotesSettings {
    /// How many notes somebody may keep.
    pub most_per_user: u32,
}

impl Default for NotesSettings {
    fn default() -> Self {
        Self { most_per_user: 1_000 }
    }
}

impl Section for NotesSettings {
    const LABEL: &'static str = "notes";
}

/// What requests read of the settings.
#[derive(Debug)]
pub struct Notes {
    pub(crate) most_per_user: u32,
}

impl App for Notes {
    type Settings = NotesSettings;
    type State = Self;

    fn migrations() -> Vec<Migration> {
        tables::migrations()
    }

    fn models() -> Vec<Model> {
        tables::models()
    }

    fn resolve(settings: NotesSettings, _: &Site<'_>) -> Result<Self, SettingsErrors> {
        match settings.most_per_user {
            0 => Err(SettingsError::new("notes.most_per_user", "must be 1 or more").into()),
            most_per_user => Ok(Self { most_per_user }),
        }
    }
}
