//! What a door is told of bearer tokens before it opens: claims of one's own, and that it does nothing but verify them.

use serde::Serialize;

use super::DoorBuilder;
use crate::door::{Door, Stateless};
use crate::jwt::{ClaimHooks, ClaimsOf, TokenClaims, resource_server};
use crate::settings::{Settings, SettingsError, SettingsErrors};
use crate::stores::NoStores;
use crate::user::UserRow;

impl Door {
    /// A door without users, sessions and stores, for a service that only verifies tokens (a resource server).
    ///
    /// It needs no secret key, but public keys (`jwt.verifying_key`, `jwt.keys`, `jwt.jwk_url`), a secret that it
    /// shares with the issuer, or somebody to ask (`jwt.introspection`). Its routes are guarded by
    /// [`JwtStatelessUserAuthentication`](crate::schemes::JwtStatelessUserAuthentication), or by
    /// [`TokenIntrospection`](crate::schemes::TokenIntrospection) where somebody is asked.
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
        resource_server::prepare(&mut self.settings, &*self.entropy)
    }

    /// Whether the settings name other services, and so a client is needed to ask them.
    #[must_use]
    pub fn asks_others(&self) -> bool {
        let jwt = &self.settings.jwt;
        jwt.jwk_url.is_some() || jwt.introspection.url.is_some()
    }

    /// Claims that new tokens get beside those of `[jwt.claims]`, made of the user's row: a struct or a map.
    ///
    /// ```
    /// # use doorward_core::assembly::DoorBuilder;
    /// #[derive(serde::Serialize)]
    /// struct Staff {
    ///     is_staff: bool,
    /// }
    ///
    /// # fn door(door: DoorBuilder) -> DoorBuilder {
    /// door.claims(|user| Staff { is_staff: user.is_staff })
    /// # }
    /// ```
    pub fn claims<T: Serialize>(self, claims: impl Fn(&UserRow) -> T + Send + Sync + 'static) -> Self {
        self.token_claims(ClaimsOf::new(claims))
    }

    /// Claims that new tokens get besides, looked up: see [`TokenClaims`].
    pub fn token_claims(self, claims: impl TokenClaims + 'static) -> Self {
        let hooks = self.given.get::<ClaimHooks>().cloned().unwrap_or_default();
        self.give(hooks.with(claims))
    }
}
