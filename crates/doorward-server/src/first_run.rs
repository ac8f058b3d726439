//! The first run: in an empty folder, `doorward` makes what it needs and says how to use it.
//!
//! Only where nothing is configured (no settings file, no secret key, no database) and the address is loopback. What
//! is there already is used again, and never overwritten.

mod curl;
mod files;

use std::path::Path;

use doorward::clock::{Clock, SystemClock};
use doorward::django::crypto::random_string;
use doorward::django::secret::Secret;
use doorward::entropy::{self, SystemEntropy};
use doorward::migrations::Origin;
use doorward::settings::{Loaded, Loader, Settings};
use doorward::stores::NewUser;
use doorward::{Doorward, Server};

use crate::console::Console;
use crate::failure::Failure;
use crate::{self_signed, settings};

pub(crate) use files::read_or_make;

/// The file with the secret key, in the working directory.
pub(crate) const KEY: &str = "doorward.key";

/// The file with the superuser's password, in the working directory.
const PASSWORD: &str = "doorward.password";

/// Every file with a secret that a first run makes, besides the database.
pub(crate) const FILES: [&str; 2] = [KEY, PASSWORD];

/// The superuser of the first run.
const SUPERUSER: &str = "admin";

/// The key that a first run made in this folder, if there was one.
pub(crate) fn key() -> Result<Option<Secret<String>>, Failure> {
    files::read(Path::new(KEY))
}

/// The settings of a first run as they will be, but for the key: nothing is made, and what is impossible is told.
pub(crate) fn plan(loader: Loader) -> Result<Settings, Failure> {
    with_key(loader, &new_secret_key())
}

/// The settings of a first run: those that there are, with the folder's key, which is made where it is missing.
pub(crate) fn settings(loader: Loader) -> Result<Settings, Failure> {
    let key = read_or_make(Path::new(KEY), new_secret_key)?;
    with_key(loader, &key)
}

fn with_key(loader: Loader, key: &Secret<String>) -> Result<Settings, Failure> {
    let loader = loader.set("secret_key", key.expose().as_str(), KEY);
    settings::checked(&loader.read()?)
}

/// Why the key of this folder is not the secret key, where there is one.
pub(crate) fn why_its_key_does_not_count(loaded: &Loaded) -> Option<String> {
    let reason = if let Some(file) = loaded.file() {
        format!("there is the settings file {}", file.display())
    } else if loaded.sets("database.url") {
        "`database.url` is set".to_owned()
    } else {
        let bind = &loaded.settings().server.bind;
        format!("others than this machine can reach {bind}")
    };
    Path::new(KEY).exists().then(|| {
        format!(
            "{KEY} in this folder does not count: it is for first runs, where nothing is configured and this machine \
             alone is served, and {reason}; to use it all the same: export DOORWARD_SECRET_KEY=\"$(cat {KEY})\""
        )
    })
}

/// 50 characters of Django's alphabet (`django.core.management.utils.get_random_secret_key`).
pub(crate) fn new_secret_key() -> Secret<String> {
    const ALPHABET: &[u8] = b"abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)";
    Secret::new(random_string(&entropy::bytes::<200>(&SystemEntropy), ALPHABET))
}

/// 20 letters and digits that cannot be taken for each other: 100 bits.
fn new_password() -> Secret<String> {
    const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
    Secret::new(random_string(&entropy::bytes::<80>(&SystemEntropy), ALPHABET))
}

/// Makes the tables, and a superuser where there are no users.
pub(crate) async fn prepare(door: &Doorward) -> Result<(), Failure> {
    let migrator = door.migrator();
    if migrator.plan().await?.origin() != Origin::Django {
        migrator.apply(SystemClock.now()).await?;
    }
    if migrator.is_current().await? && door.stores().users.is_empty().await? {
        make_superuser(door).await?;
    }
    Ok(())
}

/// The password is on disk before the user is: a run that is cut off here is taken up by the next one.
async fn make_superuser(door: &Doorward) -> Result<(), Failure> {
    let password = read_or_make(Path::new(PASSWORD), new_password)?;
    let encoded = door.passwords().make(&password, door.random()).await?;
    let admin = NewUser {
        username: SUPERUSER.to_owned(),
        password: encoded,
        email: String::new(),
        is_staff: true,
        is_superuser: true,
        date_joined: door.now(),
    };
    door.stores().users.create(admin).await?;
    Ok(())
}

/// Says where everything is, and how to call it.
pub(crate) async fn welcome(door: &Doorward, server: &Server, console: &mut Console) -> Result<(), Failure> {
    let settings = door.settings();
    let base = base(server)?;
    console.say(format_args!("Doorward is ready at {base}/\n"))?;
    console.say(format_args!("  database     {}", database_file(settings)))?;
    console.say(format_args!("  secret key   {KEY}"))?;
    if self_signed::is_used(settings) {
        self_signed::tell(console)?;
    }
    let Some(password) = good_password(door).await? else {
        return console.say("");
    };
    console.say(format_args!(
        "  superuser    {SUPERUSER}, with the password in {PASSWORD}"
    ))?;
    if console.shows_secrets() {
        console.say(format_args!("  password     {}", password.expose()))?;
    }
    for line in curl::lines(settings, &base) {
        console.say(format_args!("\n{line}"))?;
    }
    console.say("")
}

/// The password in the file, while the superuser has it: somebody may have changed one of them, or both.
async fn good_password(door: &Doorward) -> Result<Option<Secret<String>>, Failure> {
    let Some(password) = files::read(Path::new(PASSWORD))? else {
        return Ok(None);
    };
    let user = door.stores().users.by_username(SUPERUSER).await?;
    let Some(user) = user.filter(|user| user.is_active) else {
        return Ok(None);
    };
    let verdict = door.passwords().check(&password, &user.password).await?;
    Ok(verdict.is_correct().then_some(password))
}

/// Scheme, host and port.
pub(crate) fn base(server: &Server) -> Result<String, Failure> {
    let scheme = server.scheme().as_str();
    Ok(format!("{scheme}://{}", server.local_addr()?))
}

fn database_file(settings: &Settings) -> &str {
    let url = settings.database.url.expose();
    url.strip_prefix("sqlite://").unwrap_or(url)
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
