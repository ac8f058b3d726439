//! The commands of `doorward`, a file each; their messages are those of Django's commands.

mod accounts;
mod changepassword;
pub(crate) mod check;
mod clearsessions;
mod createsuperuser;
mod createuser;
mod drf_create_token;
mod expired;
mod flushexpiredtokens;
mod generate_key;
mod keys;
mod lockout;
mod migrate;
mod revoke;
mod routes;
mod runserver;
mod showmigrations;
mod why;

use doorward::Doorward;

use crate::command_line::{Command, CommandLine, Common, OnTables, Runserver};
use crate::console::Console;
use crate::failure::Failure;
use crate::settings;

/// Runs the command of that command line.
pub(crate) async fn run(line: CommandLine, console: &mut Console) -> Result<(), Failure> {
    let CommandLine { common, command } = line;
    match command.unwrap_or(Command::Runserver(Runserver::default())) {
        Command::Runserver(runserver) => runserver::run(&common, &runserver, console).await,
        Command::Migrate(options) => migrate::run(&common, &options, console).await,
        Command::Showmigrations(format) => showmigrations::run(&common, &format, console).await,
        Command::Check(options) => check::run(&common, &options, console).await,
        Command::GenerateKey => generate_key::run(console),
        Command::Keys(options) => keys::run(&common, options, console),
        Command::Routes(format) => routes::run(&common, &format, console).await,
        Command::OnTables(command) => on_tables(&common, command, console).await,
    }
}

/// Runs a command that needs every table to be as it should be.
async fn on_tables(common: &Common, command: OnTables, console: &mut Console) -> Result<(), Failure> {
    let door = settings::open(common, command.opening()).await?;
    let done = match require_tables(&door).await {
        Ok(()) => with_tables(&door, command, console).await,
        Err(failure) => Err(failure),
    };
    door.database().close().await;
    done
}

async fn with_tables(door: &Doorward, command: OnTables, console: &mut Console) -> Result<(), Failure> {
    match command {
        OnTables::Createsuperuser(options) => createsuperuser::run(door, options, console).await,
        OnTables::Createuser(options) => createuser::run(door, options, console).await,
        OnTables::Changepassword(options) => changepassword::run(door, options, console).await,
        OnTables::DrfCreateToken(options) => drf_create_token::run(door, &options, console).await,
        OnTables::Revoke(options) => revoke::run(door, &options, console).await,
        OnTables::Clearsessions(format) => clearsessions::run(door, &format, console).await,
        OnTables::Flushexpiredtokens(format) => flushexpiredtokens::run(door, &format, console).await,
        OnTables::Lockout(options) => lockout::run(door, &options.command, console).await,
        OnTables::Why(options) => why::run(door, &options, console).await,
    }
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

#[cfg(test)]
mod fake {
    //! A door on a database in memory.

    use doorward::Doorward;
    use doorward::django::secret::Secret;
    use doorward::settings::Settings;

    pub(super) async fn door() -> Doorward {
        door_with(|_| {}).await
    }

    pub(super) async fn door_with(change: impl FnOnce(&mut Settings)) -> Doorward {
        let mut settings = Settings::default();
        settings.secret_key = Secret::new("a-key-for-tests-that-is-long-enough-0123456789".to_owned());
        settings.database.url = Secret::new("sqlite::memory:".to_owned());
        settings.passwords.hashers = vec!["md5".to_owned()];
        change(&mut settings);
        let door = Doorward::from_settings(settings).await.unwrap();
        door.migrator().apply(door.now()).await.unwrap();
        door
    }
}
