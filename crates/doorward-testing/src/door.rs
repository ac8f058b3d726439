//! [`TestDoor`]: a door on a database in memory.

mod new_user;

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use doorward_core::app::App;
use doorward_core::assembly::DoorBuilder;
use doorward_core::clock::ManualClock;
use doorward_core::settings::{CacheSettings, FeedUse, Period, Settings};
use doorward_core::user::UserRow;
use doorward_core::{Door, Router};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;

pub use new_user::NewTestUser;

use crate::apps::own;
use crate::failure::fail;
use crate::{SeededEntropy, TestDatabase, TestSite, TestUser};

/// When it is in a test that says nothing else: 14 November 2023, 22:13:20 UTC.
const NOW: i64 = 1_700_000_000;

/// The secret key of a test that says nothing else.
const SECRET_KEY: &str = "a secret key for tests only, which everybody can read in the source";

/// The hasher that costs next to nothing.
const QUICK_HASHER: &str = "md5";

/// A [`Door`] for one test: on a [database in memory](TestDatabase), with a clock that stands still and a hasher that is quick.
///
/// It is a [`Door`] wherever one is wanted. Two of them know nothing of each other, so tests may run side by side.
///
/// ```
/// use std::time::Duration;
/// use doorward_testing::TestDoor;
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let door = TestDoor::builder()
///     .configure(|settings| settings.append_slash = false)
///     .build();
/// let alice = door.user("alice").create().await;
/// let site = door.site(door.endpoints());
/// let access = site.jwt(&alice).await;
/// access.get("/api/profile/").await.assert_status(200);
/// door.advance(Duration::from_secs(301));
/// access.get("/api/profile/").await.assert_status(401).assert_detail("Given token not valid for any token type");
/// # });
/// ```
#[derive(Clone, Debug)]
pub struct TestDoor {
    door: Door,
    memory: TestDatabase,
    clock: Arc<ManualClock>,
}

impl TestDoor {
    /// A door with the default settings.
    #[must_use]
    #[track_caller]
    pub fn new() -> Self {
        Self::builder().build()
    }

    /// A door that is told more before it opens.
    pub fn builder() -> TestDoorBuilder {
        TestDoorBuilder::new()
    }

    /// A user of that name, to be described further and then [created](NewTestUser::create).
    pub fn user(&self, username: &str) -> NewTestUser<'_> {
        NewTestUser::new(self, username)
    }

    /// Those routes, to be asked by clients.
    ///
    /// # Panics
    /// For a route that cannot be served, as `main` would end.
    #[must_use]
    #[track_caller]
    pub fn site(&self, router: Router) -> TestSite {
        TestSite::new(&self.door, router)
    }

    /// Lets time pass.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// The clock of this door.
    #[must_use]
    pub fn clock(&self) -> &ManualClock {
        &self.clock
    }

    /// What this door keeps: permissions can be granted and users removed there, behind the application's back.
    #[must_use]
    pub fn memory(&self) -> &TestDatabase {
        &self.memory
    }

    /// Changes a user's row as an administrator would, behind the application's back.
    ///
    /// ```
    /// # use doorward_testing::TestDoor;
    /// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
    /// # let door = TestDoor::new();
    /// let alice = door.user("alice").create().await;
    /// let site = door.site(door.endpoints());
    /// let access = site.jwt(&alice).await;
    /// door.change_user(&alice, |row| row.is_active = false);
    /// access.get("/api/profile/").await.assert_status(401).assert_detail("User is inactive");
    /// # });
    /// ```
    #[track_caller]
    pub fn change_user(&self, user: &TestUser, change: impl FnOnce(&mut UserRow)) {
        self.memory.change_user(user.id(), change);
    }
}

impl Default for TestDoor {
    fn default() -> Self {
        Self::new()
    }
}

impl Deref for TestDoor {
    type Target = Door;

    fn deref(&self) -> &Door {
        &self.door
    }
}

/// Settings, the application's own say, made fit for tests: where they have no secret key they get one, and before
/// their hashers comes one that costs next to nothing. Where they leave `cache.max_staleness` as it is, each request sees what
/// was written before, also behind the application's back; no change feed is polled unless `cache.feed` is `on`. They are for a site with Doorward's apps, besides the application's.
///
/// [`TestDoor`] does this itself; it is for doors that are opened otherwise, such as one on a database.
#[must_use]
pub fn test_settings(mut settings: Settings) -> Settings {
    if settings.secret_key.expose().is_empty() {
        settings.secret_key = Secret::new(SECRET_KEY.to_owned());
    }
    let hashers = &mut settings.passwords.hashers;
    hashers.retain(|name| name != QUICK_HASHER);
    hashers.insert(0, QUICK_HASHER.to_owned());
    if settings.cache.max_staleness == CacheSettings::default().max_staleness {
        settings.cache.max_staleness = Period::from_secs(0);
    }
    if settings.cache.feed == FeedUse::Auto {
        settings.cache.feed = FeedUse::Off;
    }
    let apps = own().and(&settings.apps());
    settings.with_apps(&apps)
}

/// A [`TestDoor`] that is not open yet.
#[must_use = "a door is made by `build`"]
pub struct TestDoorBuilder {
    settings: Settings,
    now: Timestamp,
    seed: Option<u64>,
    customize: Box<dyn FnOnce(DoorBuilder) -> DoorBuilder>,
}

impl TestDoorBuilder {
    fn new() -> Self {
        Self {
            settings: test_settings(Settings::default()),
            now: Timestamp::from_secs(NOW),
            seed: None,
            customize: Box::new(|builder| builder),
        }
    }

    /// With those settings, made [fit for tests](test_settings); they know the apps that they are for.
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = test_settings(settings);
        self
    }

    /// With some settings changed; what is set here stands, hashers included.
    pub fn configure(mut self, change: impl FnOnce(&mut Settings)) -> Self {
        change(&mut self.settings);
        self
    }

    /// With one more app of the application: its section may be set, its tables are made, what it installs is the door's.
    pub fn app<A: App>(mut self) -> Self {
        let apps = self.settings.apps().app::<A>();
        self.settings = self.settings.with_apps(&apps);
        self
    }

    /// Opens when it is that time.
    pub fn at(mut self, now: Timestamp) -> Self {
        self.now = now;
        self
    }

    /// With chance that is the same in every run: tokens, salts and session keys repeat themselves.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// With what only the door's own builder knows, such as a subscriber to its signals.
    pub fn customize(mut self, customize: impl FnOnce(DoorBuilder) -> DoorBuilder + 'static) -> Self {
        self.customize = Box::new(customize);
        self
    }

    /// The door.
    ///
    /// # Panics
    /// For settings that are impossible.
    #[must_use]
    #[track_caller]
    pub fn build(self) -> TestDoor {
        let apps = own().and(&self.settings.apps());
        let memory = TestDatabase::for_apps(&apps);
        let clock = Arc::new(ManualClock::new(self.now));
        let mut builder = Door::builder(self.settings.with_apps(&apps), memory.stores());
        builder = builder.database(memory.database()).clock(Arc::clone(&clock) as _);
        if let Some(seed) = self.seed {
            builder = builder.entropy(Arc::new(SeededEntropy::new(seed)));
        }
        match (self.customize)(builder).build() {
            Ok(door) => TestDoor { door, memory, clock },
            Err(error) => fail(format_args!("the test's door does not open: {error}")),
        }
    }
}

impl fmt::Debug for TestDoorBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TestDoorBuilder")
            .field("now", &self.now)
            .field("seed", &self.seed)
            .finish_non_exhaustive()
    }
}
