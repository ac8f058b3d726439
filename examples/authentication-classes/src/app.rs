//! [`Keys`]: the app, its section `[keys]`, its tables.

use doorward::app::{App, Site};
use doorward::migrations::Migration;
use doorward::settings::{Section, SettingsErrors};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::tables;

/// `[keys]`: whose tokens are believed.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct KeysSettings {
    /// The realm, as `iss` names it.
    pub realm: String,
    /// What `aud` has to name: this service.
    pub audience: String,
}

impl Default for KeysSettings {
    fn default() -> Self {
        Self {
            realm: "http://127.0.0.1:8080/realms/shop".to_owned(),
            audience: "shop-api".to_owned(),
        }
    }
}

impl Section for KeysSettings {
    const LABEL: &'static str = "keys";
}

/// The app: it has tables, and nothing that requests read.
#[derive(Debug)]
pub struct Keys;

impl App for Keys {
    type Settings = KeysSettings;
    type State = Self;

    fn migrations() -> Vec<Migration> {
        tables::migrations()
    }

    fn resolve(_: KeysSettings, _: &Site<'_>) -> Result<Self, SettingsErrors> {
        Ok(Self)
    }
}
