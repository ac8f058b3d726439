//! Stores that tell [`Coherence`] of what is written to them.
//!
//! Reads go to the store as they are. A write runs to its end even where whoever asked for it goes away, and is told of before
//! anybody hears that it is done: a write that was begun may reach the database, and then its readers must know.

mod auth_tokens;
mod outstanding_tokens;
mod revocations;
mod sessions;
mod users;

use std::panic::resume_unwind;
use std::sync::Arc;

use doorward_db::feed::Key;
use tracing::Instrument;

use super::coherence::Coherence;
use crate::answer::Answer;
use crate::stores::{Outage, StoreAnswer, StoreError, Stores};

/// A store, and who is told of what is written to it.
#[derive(Debug)]
struct Told<S: ?Sized> {
    store: Arc<S>,
    coherence: Arc<Coherence>,
}

/// Those stores, which tell of what is written to them.
pub(super) fn stores(stores: &Stores, coherence: &Arc<Coherence>) -> Stores {
    Stores {
        users: Told::new(&stores.users, coherence),
        permissions: Arc::clone(&stores.permissions),
        sessions: Told::new(&stores.sessions, coherence),
        auth_tokens: Told::new(&stores.auth_tokens, coherence),
        outstanding_tokens: Told::new(&stores.outstanding_tokens, coherence),
        revocations: Told::new(&stores.revocations, coherence),
    }
}

impl<S: ?Sized + Send + Sync + 'static> Told<S> {
    fn new(store: &Arc<S>, coherence: &Arc<Coherence>) -> Arc<Self> {
        Arc::new(Self {
            store: Arc::clone(store),
            coherence: Arc::clone(coherence),
        })
    }

    /// Does a write that nobody can cancel, and tells that what has those keys changed: also where it failed, for it may have been
    /// done all the same.
    fn write<'a, T, F>(
        &self,
        keys: impl Into<Vec<Key>>,
        write: impl FnOnce(Arc<S>) -> F,
    ) -> StoreAnswer<'a, T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T, StoreError>> + Send + 'static,
    {
        let write = write(Arc::clone(&self.store));
        let told = Telling {
            coherence: Arc::clone(&self.coherence),
            keys: keys.into(),
        };
        let whole = async move {
            let _told = told;
            write.await
        };
        Answer::pending(async move {
            match tokio::spawn(whole.in_current_span()).await {
                Ok(done) => done,
                Err(failed) if failed.is_panic() => resume_unwind(failed.into_panic()),
                Err(ended) => Err(StoreError::new("The process is ending.", Outage::Passing, ended)),
            }
        })
    }
}

/// Tells of a change when it is dropped: when the write has ended, however it did.
struct Telling {
    coherence: Arc<Coherence>,
    keys: Vec<Key>,
}

impl Drop for Telling {
    fn drop(&mut self) {
        for key in &self.keys {
            self.coherence.bump(*key);
        }
    }
}
