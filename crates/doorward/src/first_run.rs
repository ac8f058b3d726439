//! The first run: in an empty folder, a program makes what it needs and says how to use it.
//!
//! Only where nothing is configured (no settings file, no secret key, no database) and the address is one of this machine
//! alone. What is there already is used again, and never overwritten.
//!
//! [`Doorward::open`](crate::Doorward::open) does all of it, and [`Doorward::serve`](crate::Doorward::serve) says where
//! everything is; the functions here are for programs that open a door in another way. `Doorward::from_settings` and the
//! doors of `doorward-testing` make nothing.

mod curl;
mod key;
mod loopback;
mod welcome;

use std::path::Path;

use doorward_core::Door;
use doorward_core::clock::{Clock, SystemClock};
use doorward_core::entropy::{self, SystemEntropy};
use doorward_core::settings::Settings;
use doorward_core::stores::NewUser;
use doorward_django::crypto::random_string;
use doorward_django::secret::Secret;
use doorward_sqlx::migrations::{Migrator, Origin};

use crate::settings::{Loaded, Loader};
use crate::{Result, secret_files};

pub(crate) use key::demand_free;
pub use key::{new as new_secret_key, read as secret_key, why_it_does_not_count};
pub use loopback::is_loopback;
pub use welcome::{Secrets, Welcome};

/// The file with the secret key, in the working directory.
pub const KEY_FILE: &str = "doorward.key";

/// The file with the superuser's password, in the working directory.
pub const PASSWORD_FILE: &str = "doorward.password";

/// The superuser of the first run.
pub const SUPERUSER: &str = "admin";

/// Whether nobody configured anything that a first run makes: no file, no key, no database.
#[must_use]
pub fn is_unconfigured(loaded: &Loaded) -> bool {
    loaded.file().is_none() && !loaded.sets("secret_key") && !loaded.sets("database.url")
}

/// Whether a start with those settings is a first run: nothing is configured, and this machine alone is served.
#[must_use]
pub fn is_first_run(loaded: &Loaded) -> bool {
    is_unconfigured(loaded) && is_loopback(&loaded.settings().server.bind)
}

/// The settings, if they are possible. Where the secret key is missing and a first run made one, it is told why that
/// one does not count.
///
/// # Errors
/// All that is wrong with the settings.
pub fn checked(loaded: &Loaded) -> Result<Settings> {
    let hint = why_it_does_not_count(loaded).filter(|_| !loaded.sets("secret_key"));
    let checked = loaded.clone().checked();
    let told = checked.map_err(|errors| match &hint {
        Some(hint) => errors.with_hint("secret_key", hint),
        None => errors,
    });
    Ok(told?)
}

/// The settings of a first run as they will be, but for the key: nothing is made, and what is impossible is told.
///
/// # Errors
/// All that is wrong with the settings.
pub fn plan(loader: Loader) -> Result<Settings> {
    with_key(loader, &new_secret_key())
}

/// The settings of a first run: those that there are, with the folder's key, which is made where it is missing.
///
/// # Errors
/// As [`plan`]; also a key file that cannot be used or made.
pub fn settings(loader: Loader) -> Result<Settings> {
    with_key(loader, &key::read_or_make()?)
}

fn with_key(loader: Loader, key: &Secret<String>) -> Result<Settings> {
    let loader = loader.set("secret_key", key.expose().as_str(), KEY_FILE);
    checked(&loader.read()?)
}

/// Makes the tables, and a superuser where there are no users.
///
/// # Errors
/// A database that cannot be used, and a password file that cannot be used or made.
pub async fn prepare(door: &Door, migrator: &Migrator) -> Result {
    if migrator.plan().await?.origin() != Origin::Django {
        migrator.apply(SystemClock.now()).await?;
    }
    if migrator.is_current().await? && door.stores().users.is_empty().await? {
        make_superuser(door).await?;
    }
    Ok(())
}

/// The password is on disk before the user is: a run that is cut off here is taken up by the next one.
async fn make_superuser(door: &Door) -> Result {
    let password = secret_files::read_or_make(Path::new(PASSWORD_FILE), new_password)?;
    let encoded = door.passwords().make(&password, door.random()).await?;
    let admin = NewUser {
        username: SUPERUSER.to_owned(),
        password: encoded,
        email: String::new(),
        is_staff: true,
        is_superuser: true,
        date_joined: door.now(),
        further: Vec::new(),
    };
    door.stores().users.create(admin).await?;
    Ok(())
}

/// 20 letters and digits that cannot be taken for each other: 100 bits.
fn new_password() -> Secret<String> {
    const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    Secret::new(random_string(&entropy::bytes::<80>(&SystemEntropy), ALPHABET))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_passwords_are_long_and_differ() {
        let (key, password) = (new_secret_key(), new_password());
        assert_eq!(key.expose().len(), 50);
        assert_eq!(password.expose().len(), 20);
        assert!(password.expose().chars().all(|c| c.is_ascii_alphanumeric()));
        assert_ne!(key.expose(), new_secret_key().expose());
        assert_ne!(password.expose(), new_password().expose());
    }
}
