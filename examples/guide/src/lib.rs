//! The pages of `docs/guide` whose code must compile: `cargo test -p guide --doc`.
//!
//! There is nothing to use here. A page that shows Rust is named below.

#[cfg(doctest)]
mod pages {
    #[doc = include_str!("../../../docs/guide/src/routing.md")]
    mod routing {}
    #[doc = include_str!("../../../docs/guide/src/build-an-application.md")]
    mod build_an_application {}
    #[doc = include_str!("../../../docs/guide/src/authentication.md")]
    mod authentication {}
    #[doc = include_str!("../../../docs/guide/src/permissions.md")]
    mod permissions {}
    #[doc = include_str!("../../../docs/guide/src/throttling.md")]
    mod throttling {}
    #[doc = include_str!("../../../docs/guide/src/lockout.md")]
    mod lockout {}
    #[doc = include_str!("../../../docs/guide/src/security.md")]
    mod security {}
    #[doc = include_str!("../../../docs/guide/src/sessions.md")]
    mod sessions {}
    #[doc = include_str!("../../../docs/guide/src/tokens.md")]
    mod tokens {}
    #[doc = include_str!("../../../docs/guide/src/jwt.md")]
    mod jwt {}
    #[doc = include_str!("../../../docs/guide/src/passwords.md")]
    mod passwords {}
    #[doc = include_str!("../../../docs/guide/src/accounts.md")]
    mod accounts {}
    #[doc = include_str!("../../../docs/guide/src/custom-user.md")]
    mod custom_user {}
    #[doc = include_str!("../../../docs/guide/src/exceptions.md")]
    mod exceptions {}
    #[doc = include_str!("../../../docs/guide/src/settings.md")]
    mod settings {}
    #[doc = include_str!("../../../docs/guide/src/commands.md")]
    mod commands {}
    #[doc = include_str!("../../../docs/guide/src/logs.md")]
    mod logs {}
    #[doc = include_str!("../../../docs/guide/src/migrating-from-django.md")]
    mod migrating_from_django {}
    #[doc = include_str!("../../../docs/guide/src/migrating-from-axum-login.md")]
    mod migrating_from_axum_login {}
    #[doc = include_str!("../../../docs/guide/src/testing.md")]
    mod testing {}
    #[doc = include_str!("../../../README.md")]
    mod readme {}
}
