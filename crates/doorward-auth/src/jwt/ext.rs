//! What JSON web tokens add to a door and to its builder.

use doorward_core::Door;
use doorward_core::assembly::DoorBuilder;
use doorward_core::user::UserRow;
use doorward_django::jwt::Rules;
use serde::Serialize;

use super::{ClaimHooks, ClaimsOf, Jwt, TokenClaims, TokenRules};

/// The JSON web tokens of a door.
pub trait JwtDoorExt {
    /// The rules and keys of JSON web tokens.
    ///
    /// # Panics
    /// Where the door was assembled without the app [`Jwt`].
    fn tokens(&self) -> &TokenRules;

    /// The rules on JSON web tokens' claims.
    ///
    /// # Panics
    /// As [`tokens`](Self::tokens).
    fn jwt(&self) -> &Rules {
        self.tokens().rules()
    }
}

impl JwtDoorExt for Door {
    fn tokens(&self) -> &TokenRules {
        self.app::<Jwt>()
    }
}

/// What a door is told of JSON web tokens before it opens: claims of one's own.
pub trait JwtBuilderExt: Sized {
    /// Claims that new tokens get beside those of `[jwt.claims]`, made of the user's row: a struct or a map.
    ///
    /// ```
    /// use doorward_auth::jwt::JwtBuilderExt;
    /// # use doorward_core::assembly::DoorBuilder;
    ///
    /// #[derive(serde::Serialize)]
    /// struct Staff {
    ///     is_staff: bool,
    /// }
    ///
    /// # fn door(door: DoorBuilder) -> DoorBuilder {
    /// door.claims(|user| Staff { is_staff: user.is_staff })
    /// # }
    /// ```
    #[must_use = "a door is made by `build`"]
    fn claims<T: Serialize>(self, claims: impl Fn(&UserRow) -> T + Send + Sync + 'static) -> Self {
        self.token_claims(ClaimsOf::new(claims))
    }

    /// Claims that new tokens get besides, looked up: see [`TokenClaims`].
    #[must_use = "a door is made by `build`"]
    fn token_claims(self, claims: impl TokenClaims + 'static) -> Self;
}

impl JwtBuilderExt for DoorBuilder {
    fn token_claims(self, claims: impl TokenClaims + 'static) -> Self {
        let hooks = self.given::<ClaimHooks>().cloned().unwrap_or_default();
        self.give(hooks.with(claims))
    }
}
