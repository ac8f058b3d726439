//! The settings as a command finds them.

use std::net::{IpAddr, SocketAddr};

use doorward::command::{Console, Failure};
use doorward::database::{DatabaseError, Opening};
use doorward::django::secret::Secret;
use doorward::settings::{LoadError, LoadErrors, Loaded, Loader, Settings};
use doorward::{Doorward, Error};

use crate::options::Common;
use crate::own_key;

/// The settings that a command works with.
///
/// In a folder where a first run made a key, and nothing else is configured, that key is the one.
pub(crate) fn load(common: &Common) -> Result<Settings, Failure> {
    let loader = loader(common);
    let loaded = loader.clone().read()?;
    match is_unconfigured(&loaded)
        .then(own_key::read)
        .transpose()?
        .flatten()
    {
        Some(key) => checked(
            &loader
                .set("secret_key", key.expose().as_str(), own_key::FILE)
                .read()?,
        ),
        None => checked(&loaded),
    }
}

/// The settings, if they are possible. Where the secret key is missing and a first run made one, it
/// is told why that one does not count.
pub(crate) fn checked(loaded: &Loaded) -> Result<Settings, Failure> {
    loaded.clone().checked().map_err(|errors| told(loaded, &errors))
}

fn told(loaded: &Loaded, errors: &LoadErrors) -> Failure {
    let hint = own_key::why_it_does_not_count(loaded).filter(|_| !loaded.sets("secret_key"));
    let line = |error: &LoadError| match &hint {
        Some(hint) if error.key() == "secret_key" => format!("{error}; {hint}"),
        _ => error.to_string(),
    };
    let lines: Vec<String> = errors.iter().map(line).collect();
    Failure::settings(lines.join("\n"))
}

/// The door that a command works with.
pub(crate) async fn open(common: &Common, opening: Opening) -> Result<Doorward, Failure> {
    Ok(Doorward::from_settings_for(load(common)?, opening, |builder| builder).await?)
}

/// The door that a command works with whose tables must all be as they should be.
pub(crate) async fn open_tables(common: &Common, opening: Opening) -> Result<Doorward, Failure> {
    let door = open(common, opening).await?;
    if let Err(failure) = require_tables(&door).await {
        door.database().close().await;
        return Err(failure);
    }
    Ok(door)
}

/// Refuses a database that has to be migrated first.
pub(crate) async fn require_tables(door: &Doorward) -> Result<(), Failure> {
    let plan = door.migrator().plan().await?;
    if plan.steps().is_empty() {
        return Ok(());
    }
    let (count, apps) = (plan.steps().len(), plan.apps().join(", "));
    Err(Failure::command(format!(
        "You have {count} unapplied migration(s), of the app(s): {apps}. Run `doorward migrate` to apply them."
    )))
}

/// A door that looks at a database and leaves no trace; where there is none yet it says so, and looks at an empty one.
pub(crate) async fn look(common: &Common, console: &mut Console) -> Result<Doorward, Failure> {
    let settings = load(common)?;
    match Doorward::from_settings_for(settings.clone(), Opening::ReadOnly, |builder| builder).await {
        Err(Error::Database(missing @ DatabaseError::Missing(_))) => {
            console.warn(format_args!("{}", Error::Database(missing)));
            without_database(settings).await
        }
        opened => Ok(opened?),
    }
}

/// A door on an empty database in memory.
pub(crate) async fn without_database(mut settings: Settings) -> Result<Doorward, Failure> {
    settings.database.url = Secret::new("sqlite::memory:".to_owned());
    Ok(Doorward::from_settings(settings).await?)
}

/// Where the settings come from.
pub(crate) fn loader(common: &Common) -> Loader {
    let mut loader = Loader::new().apps(&common.apps);
    if let Some(path) = &common.config {
        loader = loader.config(path);
    }
    if let Some(url) = &common.database_url {
        loader = loader.set("database.url", url, "--database-url");
    }
    loader
}

/// Whether nobody configured anything that a first run makes: no file, no key, no database.
pub(crate) fn is_unconfigured(loaded: &Loaded) -> bool {
    loaded.file().is_none() && !loaded.sets("secret_key") && !loaded.sets("database.url")
}

/// Whether an address can be reached from this machine only.
pub(crate) fn is_loopback(bind: &str) -> bool {
    if let Ok(address) = bind.parse::<SocketAddr>() {
        return address.ip().is_loopback();
    }
    let host = bind.rsplit_once(':').map_or(bind, |(host, _)| host);
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_addresses_are_known() {
        for bind in ["127.0.0.1:8000", "127.9.9.9:1", "[::1]:8000", "localhost:8000"] {
            assert!(is_loopback(bind), "{bind}");
        }
        for bind in [
            "0.0.0.0:8000",
            "[::]:8000",
            "10.0.0.1:80",
            "example.com:80",
            "localhost.example.com:80",
            "",
        ] {
            assert!(!is_loopback(bind), "{bind}");
        }
    }
}
