//! Hashing passwords off the async threads.
//!
//! A password hash is slow by design. [`PasswordHashing`] computes a few of them at once on threads of their own,
//! lets a bounded number of requests wait for their turn, and refuses the rest at once, so that a storm of logins
//! never slows what needs no hash.

mod floor;
mod slowness;

use std::fmt;
use std::num::NonZero;
use std::sync::Arc;
use std::thread::available_parallelism;
use std::time::Duration;

use doorward_django::bounds::{MAX_NEW_PASSWORD, MAX_PASSWORD};
use doorward_django::passwords::{Algorithm, Hashers, Refusal, SALT_BYTES, Update, Verdict};
use doorward_django::secret::Secret;
use serde_json::json;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::clock::{Clock, SystemClock};
use crate::exceptions::{ApiException, Result};
use crate::settings::{Findings, PasswordSettings, SettingsError, SettingsErrors};
use floor::Floor;
use slowness::Slowness;

/// Sleep is no finer than this.
const SHORTEST: Duration = Duration::from_millis(1);

/// What a caller is told to wait where the queue is full.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// One bounded pool for slow hashes, with a bounded queue (`django.contrib.auth.hashers`, made asynchronous). What waits
/// in it is bounded too: a password of more than [`MAX_PASSWORD`] bytes is wrong without being looked at.
///
/// Whoever stops waiting (a client that hangs up) gives its place back at once; a hash that has begun is finished.
pub struct PasswordHashing {
    hashers: Arc<Hashers>,
    /// One permit for each hash that may be computed at once.
    workers: Arc<Semaphore>,
    /// One permit for each request that may compute or wait.
    places: Arc<Semaphore>,
    floor: Floor,
    slowness: Slowness,
    clock: Arc<dyn Clock>,
}

/// What came of [`PasswordHashing::check_or_upgrade`].
#[derive(Debug)]
pub struct Checked {
    /// Whether the password is right; the client is never told why not.
    pub verdict: Verdict,
    /// The hash that should take the stored one's place, now that the password is at hand.
    pub upgrade: Option<Secret<String>>,
    /// How long it took to compute, without the waiting.
    pub took: Duration,
}

impl PasswordHashing {
    /// A pool of the settings' size.
    ///
    /// # Errors
    /// [`SettingsErrors`] for a hasher that does not exist, or where there is none, or no worker.
    pub fn new(settings: &PasswordSettings) -> Result<Self, SettingsErrors> {
        Findings::of(|found| Self::resolve(settings, found))
    }

    /// As [`PasswordHashing::new`]; each thing that is wrong is told by itself.
    pub(crate) fn resolve(settings: &PasswordSettings, found: &mut Findings) -> Option<Self> {
        let workers = found.note(workers(settings));
        let hashers = found.note(hashers(settings))?;
        let workers = workers?;
        let places = workers.saturating_add(settings.queue).min(Semaphore::MAX_PERMITS);
        Some(Self {
            hashers: Arc::new(hashers),
            workers: Arc::new(Semaphore::new(workers)),
            places: Arc::new(Semaphore::new(places)),
            floor: Floor::default(),
            slowness: Slowness::default(),
            clock: Arc::new(SystemClock),
        })
    }

    /// The same pool, which measures by that clock what hashes cost.
    #[must_use]
    pub fn with_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    /// The algorithms and their parameters.
    #[must_use]
    pub fn hashers(&self) -> &Hashers {
        &self.hashers
    }

    /// Checks a password against a stored hash; whatever is wrong, it costs one hash by the preferred hasher.
    ///
    /// # Errors
    /// 503 where too many wait already.
    pub async fn check(&self, password: &Secret<String>, encoded: &Secret<String>) -> Result<Verdict> {
        if is_too_long(password) {
            return Ok(self.refuse().await?.0);
        }
        let (password, stored) = (password.clone(), encoded.clone());
        let check = move |hashers: &Hashers| hashers.check_password(password.expose(), stored.expose());
        let (verdict, _) = self.measured(encoded, check).await?;
        Ok(verdict)
    }

    /// As [`PasswordHashing::check`]; where the password is right and the stored hash is not as a new one would be, it
    /// makes the new one in the same turn. `salt` is random bytes.
    ///
    /// # Errors
    /// 503 where too many wait already.
    pub async fn check_or_upgrade(
        &self,
        password: &Secret<String>,
        encoded: &Secret<String>,
        salt: [u8; SALT_BYTES],
    ) -> Result<Checked> {
        if is_too_long(password) {
            let (verdict, took) = self.refuse().await?;
            return Ok(Checked {
                verdict,
                upgrade: None,
                took,
            });
        }
        let (password, stored) = (password.clone(), encoded.clone());
        let check = move |hashers: &Hashers| check_or_upgrade(hashers, &password, &stored, &salt);
        let ((verdict, upgrade), took) = self.measured(encoded, check).await?;
        Ok(Checked {
            verdict,
            upgrade,
            took,
        })
    }

    /// Makes the hash of a new password. `salt` is random bytes.
    ///
    /// # Errors
    /// 400 for one that no check would take ([`MAX_PASSWORD`]), 503 where too many wait already, 500 where the hasher's
    /// memory is not to be had.
    pub async fn make(&self, password: &Secret<String>, salt: [u8; SALT_BYTES]) -> Result<Secret<String>> {
        if is_too_long(password) {
            let problem = format!("Ensure this field has no more than {MAX_NEW_PASSWORD} characters.");
            return Err(ApiException::validation_error(json!({ "password": [problem] })));
        }
        let password = password.clone();
        let make = move |hashers: &Hashers| hashers.make_password(password.expose(), &salt);
        let (made, _) = self.timed(make).await?;
        made.map(Secret::new).map_err(ApiException::server_error)
    }

    /// Spends the cost of one hash, for a user that does not exist; tells how long it took to compute.
    ///
    /// # Errors
    /// 503 where too many wait already.
    pub async fn dummy(&self, password: &Secret<String>) -> Result<Duration> {
        if is_too_long(password) {
            return Ok(self.refuse().await?.1);
        }
        let password = password.clone();
        let nobody_s = Secret::new(String::new());
        let spend = move |hashers: &Hashers| hashers.dummy(password.expose());
        let ((), took) = self.measured(&nobody_s, spend).await?;
        Ok(took)
    }

    /// Lets a refusal take as long as those of the slowest kind of hash that was met here, whatever its own hashes took:
    /// so that its time tells nobody which kind an account has, or that there is none. Nothing is computed meanwhile.
    pub(crate) async fn rest(&self, took: Duration) {
        let rest = self.floor.rest(took);
        if rest >= SHORTEST {
            sleep(rest).await;
        }
    }

    /// Finds a password wrong that is too long to be looked at, at the cost of one hash.
    async fn refuse(&self) -> Result<(Verdict, Duration)> {
        let nobody_s = Secret::new(String::new());
        let ((), took) = self.measured(&nobody_s, |hashers| hashers.dummy("")).await?;
        let reason = Refusal::Mismatch;
        Ok((Verdict::Wrong { reason }, took))
    }

    /// Refuses where whoever comes now would be refused, so that nothing is written for him before.
    ///
    /// # Errors
    /// 503 where too many wait already.
    pub fn has_room(&self) -> Result {
        match self.places.available_permits() {
            0 => Err(full()),
            _ => Ok(()),
        }
    }

    /// Runs a check of that stored hash, and learns what its kind costs.
    async fn measured<T: Send + 'static>(
        &self,
        encoded: &Secret<String>,
        job: impl FnOnce(&Hashers) -> T + Send + 'static,
    ) -> Result<(T, Duration)> {
        let (done, took) = self.timed(job).await?;
        self.floor.learn(floor::kind(encoded.expose()), took);
        Ok((done, took))
    }

    /// Runs one job, and tells how long it took to compute; in the log too, once, where that is far too long.
    async fn timed<T: Send + 'static>(
        &self,
        job: impl FnOnce(&Hashers) -> T + Send + 'static,
    ) -> Result<(T, Duration)> {
        let clock = Arc::clone(&self.clock);
        let timed = move |hashers: &Hashers| {
            let began = clock.monotonic();
            let done = job(hashers);
            (done, clock.monotonic().since(began))
        };
        let (done, took) = self.run(timed).await?;
        self.slowness.look(took);
        Ok((done, took))
    }

    /// Runs one job when its turn comes. The permits go with the job: it keeps them to its end, whoever waits for it.
    async fn run<T: Send + 'static>(&self, job: impl FnOnce(&Hashers) -> T + Send + 'static) -> Result<T> {
        let turn = self.turn().await?;
        let hashers = Arc::clone(&self.hashers);
        let work = move || {
            let done = job(&hashers);
            drop(turn);
            done
        };
        spawn_blocking(work).await.map_err(ApiException::server_error)
    }

    /// A place, at once or never; then, in the order of arrival, a worker.
    async fn turn(&self) -> Result<[OwnedSemaphorePermit; 2]> {
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            return Err(full());
        };
        let worker = Arc::clone(&self.workers)
            .acquire_owned()
            .await
            .map_err(ApiException::server_error)?;
        Ok([worker, place])
    }
}

fn is_too_long(password: &Secret<String>) -> bool {
    password.expose().len() > MAX_PASSWORD
}

fn full() -> ApiException {
    tracing::warn!("too many passwords are waiting to be hashed; a login was answered 503");
    ApiException::service_unavailable(RETRY_AFTER)
}

impl fmt::Debug for PasswordHashing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordHashing")
            .field("order", &self.hashers.order())
            .field("free_workers", &self.workers.available_permits())
            .field("free_places", &self.places.available_permits())
            .finish()
    }
}

fn check_or_upgrade(
    hashers: &Hashers,
    password: &Secret<String>,
    encoded: &Secret<String>,
    salt: &[u8; SALT_BYTES],
) -> (Verdict, Option<Secret<String>>) {
    let verdict = hashers.check_password(password.expose(), encoded.expose());
    let must_update = verdict
        == Verdict::Correct {
            must_update: Update::Needed,
        };
    // Without the memory for a better hash the old one stays.
    let upgrade = must_update.then(|| hashers.make_password(password.expose(), salt).ok());
    (verdict, upgrade.flatten().map(Secret::new))
}

fn hashers(settings: &PasswordSettings) -> Result<Hashers, SettingsError> {
    let wrong = |problem: String| SettingsError::new("passwords.hashers", problem);
    let allowed = || Algorithm::ALL.map(Algorithm::name).join(", ");
    let order = settings
        .hashers
        .iter()
        .map(|name| name.parse::<Algorithm>())
        .collect::<Result<Vec<_>, _>>()
        .map_err(|unknown| wrong(format!("{unknown}; allowed: {}", allowed())))?;
    let hashers = Hashers::new(order).map_err(|error| wrong(format!("{error}; allowed: {}", allowed())))?;
    let costly = hashers.with_parameters(settings.costs.parameters());
    costly.map_err(|error| SettingsError::new(settings.costs.wrong_key(), error.to_string()))
}

fn workers(settings: &PasswordSettings) -> Result<usize, SettingsError> {
    match settings.workers {
        None => Ok(available_parallelism().map_or(1, NonZero::get)),
        Some(workers @ 1..=1024) => Ok(workers),
        Some(other) => Err(SettingsError::new(
            "passwords.workers",
            format!("{other} is not between 1 and 1024"),
        )),
    }
}
