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

pub mod lockout;

use doorward_core::app::Apps;

/// The apps of this crate, in their order.
#[must_use]
pub fn apps() -> Apps {
    Apps::new().app::<lockout::LockoutApp>()
}

/// The sections of these apps.
pub mod settings {
    pub use crate::lockout::{LockoutBy, LockoutSettings};
}
