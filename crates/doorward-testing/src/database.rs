//! [`TestDatabase`]: Django's tables, in memory.

use std::fmt::Display;

use doorward_core::app::Apps;
use doorward_core::stores::Stores;
use doorward_core::user::{UserId, UserRow};
use doorward_sqlx::{Database, Schema, open_stores};

use crate::failure::fail;
use crate::image;
use crate::rows::{self, Result};
use crate::wait::wait;

/// A SQLite database in memory with the tables that `doorward migrate` makes, for one test.
///
/// It is what a [`TestDoor`](crate::TestDoor) stands on. Two of them share no row, and each is gone with its last
/// clone. Rows can be written behind the application's back, as from an administrator, within a runtime or without
/// one.
///
/// ```
/// use doorward_core::{Door, settings::Settings};
/// use doorward_testing::{TestDatabase, test_settings};
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let database = TestDatabase::new();
/// let door = Door::new(test_settings(Settings::default()), database.stores())?;
/// assert!(door.stores().users.is_empty().await?);
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// # }).unwrap();
/// ```
#[derive(Clone, Debug)]
pub struct TestDatabase {
    database: Database,
    stores: Stores,
}

impl TestDatabase {
    /// Tables without users.
    ///
    /// # Panics
    /// Where the machine has no memory or thread for it.
    #[must_use]
    #[track_caller]
    pub fn new() -> Self {
        Self::for_apps(&Apps::new())
    }

    /// Tables without users, and the tables of those apps beside those of Doorward's.
    ///
    /// # Panics
    /// As [`TestDatabase::new`]; for migrations that cannot be applied.
    #[must_use]
    #[track_caller]
    pub fn for_apps(apps: &Apps) -> Self {
        let made = wait(image::database(apps));
        let database = made.unwrap_or_else(|error| refused("have its tables", error));
        let stores = open_stores(&database, &Schema::default());
        Self { database, stores }
    }

    /// The stores, for a door. What throttles count is shared too.
    #[must_use]
    pub fn stores(&self) -> Stores {
        self.stores.clone()
    }

    /// The database itself, for SQL of one's own.
    #[must_use]
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// Puts a row into the user table, in place of the one with its id, if any.
    ///
    /// # Panics
    /// Where another user has the name.
    #[track_caller]
    pub fn add_user(&self, user: UserRow) {
        self.write("hold this user", rows::put_user(&self.database, user));
    }

    /// Changes a row of the user table, if it is there.
    ///
    /// # Panics
    /// Where the name is changed to another user's.
    #[track_caller]
    pub fn change_user(&self, id: &UserId, change: impl FnOnce(&mut UserRow)) {
        let found = wait(async { self.stores.users.by_id(id).await });
        let found = found.unwrap_or_else(|error| refused("be read", error));
        if let Some(user) = found {
            let mut user = UserRow::clone(&user);
            change(&mut user);
            self.add_user(user);
        }
    }

    /// Deletes a user and, as Django's cascade does, what belongs to it; records of its refresh tokens stay, as
    /// nobody's.
    #[track_caller]
    pub fn remove_user(&self, id: &UserId) {
        self.write("lose this user", rows::remove_user(&self.database, id));
    }

    /// Puts a user into the group of that name.
    ///
    /// # Panics
    /// Where there is no such user.
    #[track_caller]
    pub fn add_to_group(&self, user: &UserId, group: &str) {
        self.write(
            "hold this member",
            rows::add_to_group(&self.database, user, group),
        );
    }

    /// Gives a user a permission, as `app_label.codename`; one that no migration made is made.
    ///
    /// # Panics
    /// Where there is no such user.
    #[track_caller]
    pub fn grant(&self, user: &UserId, permission: &str) {
        self.write(
            "hold this permission",
            rows::grant(&self.database, user, permission),
        );
    }

    #[track_caller]
    fn write(&self, what: &str, work: impl Future<Output = Result<()>> + Send) {
        wait(work).unwrap_or_else(|error| refused(what, error));
    }
}

impl Default for TestDatabase {
    fn default() -> Self {
        Self::new()
    }
}

#[track_caller]
fn refused(what: &str, error: impl Display) -> ! {
    fail(format_args!("the test's database cannot {what}: {error}"))
}
