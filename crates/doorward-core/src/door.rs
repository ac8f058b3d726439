//! [`Door`]: settings, stores, clock and chance, put together once; and what each module keeps with them.

use std::fmt;
use std::sync::Arc;

use doorward_db::Database;
use doorward_django::secret::SecretKeys;
use doorward_django::timestamp::Timestamp;

use crate::cache::Principals;
use crate::clock::Clock;
use crate::entropy::{self, Entropy};
use crate::passwords::PasswordHashing;
use crate::settings::Settings;
use crate::slots::Slots;
use crate::stores::{Outage, StoreError, Stores};

/// Everything a request is judged by; cheap to clone.
///
/// Two doors with different settings live in one process.
#[derive(Clone)]
pub struct Door(Arc<Parts>);

/// What a door is made of.
///
/// What only one module reads lies in that module's slot, and an `impl Door` beside it gives it out.
pub(crate) struct Parts {
    pub(crate) settings: Settings,
    pub(crate) secret_keys: SecretKeys,
    pub(crate) stores: Stores,
    pub(crate) principals: Principals,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) passwords: PasswordHashing,
    pub(crate) slots: Slots,
}

/// Says of a door that it only verifies tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stateless;

impl Door {
    pub(crate) fn of(parts: Parts) -> Self {
        Self(Arc::new(parts))
    }

    /// The settings.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// What is kept, as it is now; what is written to it is told to [`principals`](Self::principals).
    #[must_use]
    pub fn stores(&self) -> &Stores {
        &self.0.stores
    }

    /// Whom credentials stand for, as it was within the last `cache.max_staleness`.
    #[must_use]
    pub fn principals(&self) -> &Principals {
        &self.0.principals
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// A reading of the clock that never goes back, for what is measured.
    #[must_use]
    pub fn monotonic(&self) -> Timestamp {
        self.0.clock.monotonic()
    }

    /// `N` random bytes.
    #[must_use]
    pub fn random<const N: usize>(&self) -> [u8; N] {
        entropy::bytes(&*self.0.entropy)
    }

    /// The secret key, and those that were before it.
    #[must_use]
    pub fn secret_keys(&self) -> &SecretKeys {
        &self.0.secret_keys
    }

    /// Where passwords are hashed.
    #[must_use]
    pub fn passwords(&self) -> &PasswordHashing {
        &self.0.passwords
    }

    /// Whether this door only verifies tokens.
    #[must_use]
    pub fn is_stateless(&self) -> bool {
        self.slot::<Stateless>().is_some()
    }

    /// The database of this site, for the tables of apps.
    ///
    /// # Errors
    /// That this door has none: one that only verifies tokens, or one on stores of another kind.
    pub fn database(&self) -> Result<&Database, StoreError> {
        self.slot().ok_or_else(|| {
            let message = "This service has no database.";
            StoreError::new(message, Outage::Lasting, "no database was given to the door")
        })
    }

    /// What a module keeps where the settings want it.
    pub(crate) fn slot<T: Send + Sync + 'static>(&self) -> Option<&T> {
        self.0.slots.get()
    }

    /// What a module keeps with every door, to be kept by who asks.
    ///
    /// # Panics
    /// As [`Door::required_slot`].
    pub(crate) fn shared_slot<T: Send + Sync + 'static>(&self) -> Arc<T> {
        let shared = self.0.slots.shared();
        shared.expect("every door is assembled with it")
    }

    /// What a module keeps with every door.
    ///
    /// # Panics
    /// Where it was not put in when the door was assembled; a test asks for all of them.
    pub(crate) fn required_slot<T: Send + Sync + 'static>(&self) -> &T {
        self.slot().expect("every door is assembled with it")
    }
}

impl fmt::Debug for Door {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Door")
    }
}
