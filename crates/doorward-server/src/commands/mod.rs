//! The commands of `doorward`, a file each; their messages are those of Django's commands.

mod accounts;
mod changepassword;
mod check;
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

use crate::command_line::{Command, CommandLine, Common, Runserver};
use crate::console::Console;
use crate::failure::Failure;
use crate::settings;

/// Runs the command of that command line.
pub(crate) async fn run(line: CommandLine, console: &mut Console) -> Result<(), Failure> {
    let CommandLine { common, command } = line;
    match command.unwrap_or(Command::Runserver(Runserver::default())) {
        Command::Runserver(runserver) => runserver::run(&common, &runserver, console).await,
        Command::Migrate(migrate) => {
            let door = settings::open(&common).await?;
            let done = migrate::run(&door, &migrate, console).await;
            door.database().close().await;
            done
        }
        Command::Check(options) => check::run(&common, &options, console).await,
        Command::GenerateKey => generate_key::run(console),
        Command::Keys(options) => keys::run(&common, options, console),
        Command::Routes(format) => routes::run(&settings::open(&common).await?, &format, console),
        Command::Showmigrations(format) => {
            showmigrations::run(&settings::open(&common).await?, &format, console).await
        }
        other => {
            let door = migrated(&common).await?;
            let done = on_tables(other, &door, console).await;
            door.database().close().await;
            done
        }
    }
}

/// The commands that need every table.
async fn on_tables(command: Command, door: &Doorward, console: &mut Console) -> Result<(), Failure> {
    match command {
        Command::Createsuperuser(options) => createsuperuser::run(door, options, console).await,
        Command::Createuser(options) => createuser::run(door, options, console).await,
        Command::Changepassword(options) => changepassword::run(door, options, console).await,
        Command::DrfCreateToken(options) => drf_create_token::run(door, &options, console).await,
        Command::Revoke(options) => revoke::run(door, &options, console).await,
        Command::Lockout(options) => lockout::run(door, &options.command, console).await,
        Command::Clearsessions(format) => clearsessions::run(door, &format, console).await,
        Command::Flushexpiredtokens(format) => flushexpiredtokens::run(door, &format, console).await,
        Command::Why(options) => why::run(door, &options, console).await,
        _ => Ok(()),
    }
}

/// A door whose tables are as they should be.
async fn migrated(common: &Common) -> Result<Doorward, Failure> {
    let door = settings::open(common).await?;
    require_tables(&door).await?;
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
