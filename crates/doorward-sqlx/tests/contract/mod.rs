//! What every database must keep: the promises of `doorward_core::stores`, one room per store.
//!
//! A room's functions take a [`Bench`] on a fresh database; `tests/stores.rs` runs them on each kind of database.

pub(crate) mod auth_tokens;
pub(crate) mod encodings;
pub(crate) mod local_times;
pub(crate) mod outstanding_tokens;
pub(crate) mod own_users;
pub(crate) mod permissions;
pub(crate) mod revocations;
pub(crate) mod sessions;
pub(crate) mod several_at_once;
pub(crate) mod token_families;
pub(crate) mod users;

use std::future::Future;
use std::sync::Arc;

use doorward_core::stores::{Created, NewUser, Stores};
use doorward_core::user::UserRow;
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use doorward_sqlx::Database;
use doorward_testing::FreshDatabase;

/// A fresh database, and stores on it.
pub(crate) struct Bench {
    pub(crate) database: Database,
    pub(crate) stores: Stores,
    /// Stores on the same database over connections of their own, as another process has them.
    pub(crate) others: Stores,
    /// What is thrown away in the end.
    pub(crate) fresh: Option<FreshDatabase>,
}

/// Every function of the contract, as a test on the bench that `$bench` makes; where it makes none, nothing is tried.
macro_rules! contract {
    ($bench:path: $($room:ident { $($name:ident)* })*) => {
        $(mod $room { $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $name() {
                let Some(bench) = $bench().await else {
                    return;
                };
                $crate::contract::$room::$name(&bench).await;
                bench.end().await;
            }
        )* })*
    };
}

impl Bench {
    pub(crate) async fn end(self) {
        self.database.close().await;
        if let Some(fresh) = self.fresh {
            fresh.end().await;
        }
    }

    /// A new user of that name.
    pub(crate) async fn user(&self, username: &str) -> Arc<UserRow> {
        match self
            .stores
            .users
            .create(new_user(username))
            .await
            .expect("created")
        {
            Created::User(user) => user,
            Created::UsernameTaken => panic!("{username} is taken"),
        }
    }

    /// Runs `work` in 64 tasks at once, half of them on the other stores.
    pub(crate) async fn crowd<T, F>(&self, work: impl Fn(Stores, usize) -> F) -> Vec<T>
    where
        T: Send + 'static,
        F: Future<Output = T> + Send + 'static,
    {
        let stores = |number| {
            if number % 2 == 0 {
                self.stores.clone()
            } else {
                self.others.clone()
            }
        };
        let tasks: Vec<_> = (0..64)
            .map(|number| tokio::spawn(work(stores(number), number)))
            .collect();
        let mut results = Vec::new();
        for task in tasks {
            results.push(task.await.expect("the task ended"));
        }
        results
    }
}

pub(crate) fn new_user(username: &str) -> NewUser {
    NewUser {
        username: username.to_owned(),
        password: secret("md5$salt$hash"),
        email: format!("{username}@example.com"),
        is_staff: false,
        is_superuser: false,
        date_joined: at(1_000),
        further: Vec::new(),
    }
}

pub(crate) fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

/// A moment with a fraction.
pub(crate) fn at(seconds: i64) -> Timestamp {
    Timestamp::from_micros(seconds * 1_000_000 + 250)
}
