//! A door without users, sessions and stores, which only verifies tokens.

use super::DoorBuilder;
use crate::door::{Door, Stateless};
use crate::settings::{Settings, SettingsError, SettingsErrors};
use crate::stores::NoStores;

impl Door {
    /// A door without users, sessions and stores, for a service that only verifies tokens (a resource server).
    ///
    /// It needs no secret key, but public keys (`jwt.verifying_key`, `jwt.keys`, `jwt.jwk_url`), a secret that it
    /// shares with the issuer, or somebody to ask (`jwt.introspection`). Its routes are guarded by the authenticator
    /// `jwt-stateless`, or by `introspection` where somebody is asked: both are of the app of JSON web tokens, which the
    /// [apps](Settings::with_apps) of the settings have to name.
    ///
    /// # Errors
    /// As [`Door::new`]; also where nothing could verify a token.
    pub fn stateless(settings: Settings) -> Result<Self, SettingsErrors> {
        DoorBuilder::stateless(settings).build()
    }
}

impl DoorBuilder {
    /// A door without users and stores, which only verifies tokens: see [`Door::stateless`].
    pub fn stateless(settings: Settings) -> Self {
        let mut builder = Self::new(settings, NoStores::stores());
        builder.stateless = Some(Stateless);
        builder
    }

    /// Lets the settings of a door without users stand on their own.
    pub(super) fn prepare_stateless(&mut self) -> Result<(), SettingsError> {
        let apps = self.settings.all_apps();
        apps.prepare_stateless(&mut self.settings, &*self.entropy)
    }

    /// Whether the settings name other services, and so a client is needed to ask them.
    #[must_use]
    pub fn asks_others(&self) -> bool {
        let jwt = &self.settings.jwt;
        jwt.jwk_url.is_some() || jwt.introspection.url.is_some()
    }
}
