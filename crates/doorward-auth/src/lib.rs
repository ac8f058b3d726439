//! The apps that know users and credentials, a folder each: its settings, its rules, its tables, what it adds to a door.
//!
//! [`apps`] are those that every site has which is opened by `doorward`. A door that is made by hand gets them with its
//! settings:
//!
//! ```
//! use doorward_core::Door;
//! use doorward_core::settings::Settings;
//! # let mut settings = Settings::default();
//! # settings.secret_key = "a secret key for this example, long enough".to_owned().into();
//! # let stores = doorward_testing::TestDatabase::new().stores();
//!
//! let door = Door::new(settings.with_apps(&doorward_auth::apps()), stores)?;
//! # Ok::<_, doorward_core::settings::SettingsErrors>(())
//! ```

pub mod accounts;
pub mod authtoken;
pub mod backends;
pub mod endpoints;
pub mod jwt;
pub mod lockout;
mod logins;
pub mod mail;
mod remote_user;
mod revocation;
pub mod schemes;
mod users;

use doorward_core::app::Apps;
use doorward_core::assembly::own_apps;

/// The apps of a site, in their order: those of the framework, with those of this crate among them. A site's own stand
/// after them.
#[must_use]
pub fn apps() -> Apps {
    let of_users = Apps::new()
        .own::<authtoken::AuthTokens>()
        .own::<users::Passwords>()
        .own::<remote_user::RemoteUsers>()
        .own::<mail::Mail>()
        .own::<logins::Logins>();
    own_apps()
        .and_after("user", &of_users)
        .and_after("throttle", &Apps::new().own::<jwt::Jwt>())
        .own::<lockout::LockoutApp>()
}

/// The sections of these apps that are no field of [`Settings`](doorward_core::settings::Settings).
pub mod settings {
    pub use crate::authtoken::TokenSettings;
    pub use crate::lockout::{LockoutBy, LockoutSettings};
    pub use crate::mail::MailSettings;
    pub use crate::remote_user::RemoteUserSettings;
}
