//! The commands of `doorward`, a file each; their messages are those of Django's commands.

mod check;
mod clearsessions;
mod expired;
mod flushexpiredtokens;
mod generate_key;
mod keys;
mod migrate;
mod revoke;
mod routes;
mod runserver;
mod showmigrations;
mod why;

use doorward::command::Command;

use crate::entry::Entry;

/// Every command of ours.
pub(crate) fn all() -> Vec<Entry> {
    let of_features = of_features().into_iter().map(Entry::from);
    own().into_iter().chain(of_features).collect()
}

/// Those of the server itself: each opens by itself what it needs.
fn own() -> Vec<Entry> {
    vec![
        runserver::entry(),
        migrate::entry(),
        showmigrations::entry(),
        why::entry(),
        check::entry(),
        generate_key::entry(),
        keys::entry(),
        routes::entry(),
    ]
}

/// Those of features that are no apps yet; an app brings its own.
fn of_features() -> Vec<Command> {
    vec![
        revoke::command(),
        clearsessions::command(),
        flushexpiredtokens::command(),
    ]
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
