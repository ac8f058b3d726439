//! The first run: in an empty folder, `doorward` makes what it needs and says how to use it.
//!
//! Only where nothing is configured (no settings file, no secret key, no database) and the address is loopback. What
//! is there already is used again, and never overwritten.

mod curl;

use std::path::Path;

use doorward::clock::{Clock, SystemClock};
use doorward::command::{Console, Failure};
use doorward::django::crypto::random_string;
use doorward::django::secret::Secret;
use doorward::entropy::{self, SystemEntropy};
use doorward::migrations::Origin;
use doorward::settings::{Loader, Settings};
use doorward::stores::NewUser;
use doorward::{Doorward, Server};

use crate::{own_key, secret_files, self_signed, settings};

/// The file with the superuser's password, in the working directory.
const PASSWORD: &str = "doorward.password";

/// Every file with a secret that a first run makes, besides the database.
pub(crate) const FILES: [&str; 2] = [own_key::FILE, PASSWORD];

/// The superuser of the first run.
const SUPERUSER: &str = "admin";

/// The settings of a first run as they will be, but for the key: nothing is made, and what is impossible is told.
pub(crate) fn plan(loader: Loader) -> Result<Settings, Failure> {
    with_key(loader, &own_key::new())
}

/// The settings of a first run: those that there are, with the folder's key, which is made where it is missing.
pub(crate) fn settings(loader: Loader) -> Result<Settings, Failure> {
    with_key(loader, &own_key::read_or_make()?)
}

fn with_key(loader: Loader, key: &Secret<String>) -> Result<Settings, Failure> {
    let loader = loader.set("secret_key", key.expose().as_str(), own_key::FILE);
    settings::checked(&loader.read()?)
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
    let password = secret_files::read_or_make(Path::new(PASSWORD), new_password)?;
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
    console.say(format_args!("  secret key   {}", own_key::FILE))?;
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
    let Some(password) = secret_files::read(Path::new(PASSWORD))? else {
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
        let (key, password) = (own_key::new(), new_password());
        assert_eq!(key.expose().len(), 50);
        assert_eq!(password.expose().len(), 20);
        assert!(password.expose().chars().all(|c| c.is_ascii_alphanumeric()));
        assert_ne!(key.expose(), own_key::new().expose());
        assert_ne!(password.expose(), new_password().expose());
    }
}
