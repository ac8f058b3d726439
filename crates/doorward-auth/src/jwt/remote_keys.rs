//! The public keys of another service, fetched from `jwt.jwk_url` and kept for a while.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use bytes::Bytes;
use doorward_core::http_client::{HttpClient, HttpError};
use doorward_core::stores::{Outage, StoreError};
use doorward_django::jwt::{Algorithm, Keyring};
use doorward_django::timestamp::Timestamp;
use http::{Request, StatusCode, Uri, header};
use tokio::sync::Mutex;

/// How long a set is believed before it is fetched again (PyJWT's `PyJWKClient.lifespan`).
const LIFESPAN: Duration = Duration::from_mins(5);

/// How long a set is used where it cannot be fetched again: a key that was withdrawn must end some time.
const LONGEST: Duration = Duration::from_hours(24);

/// A name that is not known may be a new one; this often it is asked for, whatever strangers send.
const PAUSE: Duration = Duration::from_secs(10);

/// The longest wait after failures.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// A set of public keys elsewhere: fetched by one caller at a time, used while it is young, and while nobody answers.
#[derive(Debug)]
pub(crate) struct RemoteKeys {
    url: Uri,
    algorithm: Algorithm,
    client: Arc<dyn HttpClient>,
    fetched: ArcSwapOption<Fetched>,
    attempts: Mutex<Attempts>,
}

/// A set, and when it was fetched.
#[derive(Debug)]
struct Fetched {
    keyring: Arc<Keyring>,
    at: Timestamp,
}

/// What went wrong last.
#[derive(Debug, Default)]
struct Attempts {
    failures: u32,
    not_before: Option<Timestamp>,
}

/// What a set lacks.
enum Lack {
    /// It is old.
    Age,
    /// A key, or the whole set.
    Key,
}

impl RemoteKeys {
    pub(super) fn new(url: Uri, algorithm: Algorithm, client: Arc<dyn HttpClient>) -> Self {
        Self {
            url,
            algorithm,
            client,
            fetched: ArcSwapOption::empty(),
            attempts: Mutex::default(),
        }
    }

    /// The keys to verify a token with that names `kid`.
    ///
    /// # Errors
    /// Where there are none, or only very old ones, and nobody answers.
    pub(super) async fn keyring(
        &self,
        kid: Option<&str>,
        now: Timestamp,
    ) -> Result<Arc<Keyring>, StoreError> {
        let known = self.fetched.load_full();
        match lack(known.as_deref(), kid, now) {
            None => {}
            Some(Lack::Age) => {
                if let Ok(mut attempts) = self.attempts.try_lock() {
                    self.fetch(&mut attempts, now).await;
                }
            }
            Some(Lack::Key) => {
                let mut attempts = self.attempts.lock().await;
                if is_same(known.as_ref(), self.fetched.load_full().as_ref()) {
                    self.fetch(&mut attempts, now).await;
                }
            }
        }
        let known = self
            .fetched
            .load_full()
            .filter(|known| now.since(known.at) < LONGEST);
        known.map(|known| Arc::clone(&known.keyring)).ok_or_else(|| {
            StoreError::new(
                "no public keys could be fetched",
                Outage::Passing,
                "see the log for why",
            )
        })
    }

    /// The keys at hand, where they are young enough to be used without a look.
    pub(super) fn young(&self, now: Timestamp) -> Option<Arc<Keyring>> {
        let known = self.fetched.load_full()?;
        (now.since(known.at) < LIFESPAN).then(|| Arc::clone(&known.keyring))
    }

    /// The keys at hand, however old.
    pub(super) fn known(&self) -> Option<Arc<Keyring>> {
        let known = self.fetched.load_full()?;
        Some(Arc::clone(&known.keyring))
    }

    async fn fetch(&self, attempts: &mut Attempts, now: Timestamp) {
        if attempts.not_before.is_some_and(|begin| now < begin) {
            return;
        }
        match self.ask().await {
            Ok(keyring) => {
                *attempts = Attempts::default();
                let keyring = Arc::new(keyring);
                self.fetched.store(Some(Arc::new(Fetched { keyring, at: now })));
            }
            Err(error) => {
                let wait = Duration::from_secs(1 << attempts.failures.min(6)).min(LONGEST_WAIT);
                attempts.failures = attempts.failures.saturating_add(1);
                attempts.not_before = Some(now.saturating_add(wait));
                let (host, wait_s) = (self.url.host(), wait.as_secs());
                tracing::warn!(host, wait_s, error.cause = error, "public keys cannot be fetched");
            }
        }
    }

    async fn ask(&self) -> Result<Keyring, HttpError> {
        let request = Request::get(self.url.clone())
            .header(header::ACCEPT, "application/jwk-set+json, application/json")
            .body(Bytes::new())?;
        let response = self.client.send(request).await?;
        if response.status() != StatusCode::OK {
            return Err(format!("the answer is {}", response.status()).into());
        }
        self.read(response.body())
            .ok_or_else(|| "the answer holds no public key that can be used".into())
    }

    #[cfg(feature = "asymmetric")]
    fn read(&self, set: &[u8]) -> Option<Keyring> {
        Keyring::from_jwks(self.algorithm, set)
    }

    #[cfg(not(feature = "asymmetric"))]
    fn read(&self, _: &[u8]) -> Option<Keyring> {
        let _ = self.algorithm;
        None
    }
}

fn lack(known: Option<&Fetched>, kid: Option<&str>, now: Timestamp) -> Option<Lack> {
    let Some(known) = known else {
        return Some(Lack::Key);
    };
    let age = now.since(known.at);
    if age >= LONGEST || (age >= PAUSE && kid.is_some_and(|kid| !known.keyring.knows(kid, now))) {
        return Some(Lack::Key);
    }
    (age >= LIFESPAN).then_some(Lack::Age)
}

fn is_same(one: Option<&Arc<Fetched>>, other: Option<&Arc<Fetched>>) -> bool {
    match (one, other) {
        (Some(one), Some(other)) => Arc::ptr_eq(one, other),
        (None, None) => true,
        _ => false,
    }
}
