//! How much memory the cache takes, measured by what the kernel gives this process. Alone in its file, so that no other test takes
//! memory meanwhile.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::BTreeSet;
use std::sync::Arc;

use doorward_core::settings::{Period, Settings};
use doorward_core::stores::{AuthToken, AuthTokenStore, PermissionStore, StoreAnswer, Stores};
use doorward_core::user::{FurtherColumns, UserId, UserRow};
use doorward_core::{Answer, Door};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use doorward_testing::{TestDatabase, test_settings};

/// A hash of PBKDF2, as Django writes it.
const PASSWORD: &str =
    "pbkdf2_sha256$1000000$Gd3cVqXgOQpBPzW1Yc1yVt$TvR5aCMq2dPjV0uUQX9Tg0kHkXhJwYbWgqg8mGxkS5Q=";

const COUNT: usize = 50_000;

/// Everybody has a token, which is a number, and as many permissions as the second one says, each with a name of so many bytes.
#[derive(Debug)]
struct Everybody(usize, usize);

impl AuthTokenStore for Everybody {
    fn by_key<'a>(&'a self, key: &'a str) -> StoreAnswer<'a, Option<(Arc<AuthToken>, Arc<UserRow>)>> {
        let id = UserId::Int(key.trim_start_matches('0').parse().unwrap_or_default());
        let user = UserRow {
            id: id.clone(),
            username: format!("user{id}"),
            password: Secret::new(PASSWORD.to_owned()),
            email: format!("user{id}@example.com"),
            first_name: String::new(),
            last_name: String::new(),
            is_active: true,
            is_staff: false,
            is_superuser: false,
            last_login: None,
            date_joined: Timestamp::from_secs(0),
            further: FurtherColumns::default(),
        };
        let token = AuthToken {
            key: Secret::new(key.to_owned()),
            user: id,
            created: Timestamp::from_secs(0),
        };
        Answer::ready(Ok(Some((Arc::new(token), Arc::new(user)))))
    }

    fn get_or_create(&self, new: AuthToken) -> StoreAnswer<'_, AuthToken> {
        Answer::ready(Ok(new))
    }

    fn renew<'a>(&'a self, _: &'a AuthToken, new: AuthToken) -> StoreAnswer<'a, AuthToken> {
        Answer::ready(Ok(new))
    }

    fn replace(&self, _: AuthToken) -> StoreAnswer<'_, ()> {
        Answer::ready(Ok(()))
    }

    fn delete<'a>(&'a self, _: &'a UserId) -> StoreAnswer<'a, bool> {
        Answer::ready(Ok(false))
    }
}

impl PermissionStore for Everybody {
    fn groups<'a>(&'a self, user: &'a UserId) -> StoreAnswer<'a, BTreeSet<String>> {
        self.permissions(user)
    }

    fn permissions<'a>(&'a self, _: &'a UserId) -> StoreAnswer<'a, BTreeSet<String>> {
        let (count, length) = (self.0, self.1);
        Answer::ready(Ok((0..count)
            .map(|number| format!("{number:0length$}"))
            .collect()))
    }
}

fn door(max_memory: u64, everybody: Everybody) -> Door {
    let mut settings = Settings::default();
    settings.cache.max_staleness = Period::from_secs(3600);
    settings.cache.max_age = Period::from_secs(3600);
    settings.cache.max_memory = max_memory;
    let everybody = Arc::new(everybody);
    let stores = Stores {
        auth_tokens: Arc::clone(&everybody) as _,
        permissions: everybody,
        ..TestDatabase::new().stores()
    };
    Door::builder(test_settings(settings), stores).build().unwrap()
}

/// What is resident of this process, in bytes.
fn resident() -> u64 {
    let told = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: u64 = told.split(' ').nth(1).unwrap().parse().unwrap();
    pages * 4096
}

/// The same for the threads of one runtime, one after the other: what one test leaves free another would use.
#[tokio::test]
async fn what_is_kept_takes_what_is_counted_and_no_more() {
    a_principal_is_small().await;
    a_hostile_mix_is_bounded().await;
}

async fn a_principal_is_small() {
    let door = door(1 << 30, Everybody(0, 0));
    door.principals().token("1").await.unwrap().unwrap();
    let before = (resident(), door.principals().status().unwrap().bytes);
    for number in 2..COUNT {
        let found = door.principals().token(&format!("{number:040}")).await;
        assert!(found.unwrap().is_some());
    }
    let status = door.principals().status().unwrap();
    let (grown, counted) = (resident() - before.0, status.bytes - before.1);
    assert_eq!(
        status.kinds.iter().map(|kind| kind.entries).sum::<usize>(),
        COUNT - 1
    );
    let ratio = counted as f64 / grown as f64;
    assert!(
        (0.8..1.4).contains(&ratio),
        "{counted} bytes are counted, and {grown} are taken"
    );
}

/// Lists of permissions that are as long as nobody's, for more users than there is room for.
async fn a_hostile_mix_is_bounded() {
    const ROOM: u64 = 32 << 20;
    let door = door(ROOM, Everybody(400, 200));
    let users = (0..3_000).map(|number| UserId::Int(number + 1));
    let before = resident();
    for user in users {
        door.principals().permissions(&user).await.unwrap();
        door.principals().groups(&user).await.unwrap();
        door.principals().token(&user.to_string()).await.unwrap();
    }
    let (status, grown) = (
        door.principals().status().unwrap(),
        resident().saturating_sub(before),
    );
    assert!(status.bytes <= status.max_bytes, "{status:?}");
    assert!(status.bytes > status.max_bytes / 2, "{status:?}");
    assert!(grown < ROOM + ROOM / 2, "{grown}");
}
