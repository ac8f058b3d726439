//! The settings as a command finds them.

use doorward::command::{Console, Failure};
use doorward::database::{DatabaseError, Opening};
use doorward::django::secret::Secret;
use doorward::settings::{Loaded, Loader, Settings};
use doorward::{Doorward, Error, first_run};

use crate::options::Common;

/// The settings that a command works with.
///
/// In a folder where a first run made a key, and nothing else is configured, that key is the one.
pub(crate) fn load(common: &Common) -> Result<Settings, Failure> {
    let loader = loader(common);
    let loaded = loader.clone().read()?;
    let key = first_run::is_unconfigured(&loaded).then(first_run::secret_key);
    match key.transpose()?.flatten() {
        Some(key) => {
            let loader = loader.set("secret_key", key.expose().as_str(), first_run::KEY_FILE);
            checked(&loader.read()?)
        }
        None => checked(&loaded),
    }
}

/// The settings, if they are possible. Where the secret key is missing and a first run made one, it
/// is told why that one does not count.
pub(crate) fn checked(loaded: &Loaded) -> Result<Settings, Failure> {
    Ok(first_run::checked(loaded)?)
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
