//! The pool of slow hashes: its bounds, and that nothing is left behind.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use doorward_core::clock::Clock;
use doorward_core::passwords::PasswordHashing;
use doorward_core::settings::PasswordSettings;
use doorward_django::passwords::{Refusal, Update, Verdict};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use futures_util::future::{join_all, poll_immediate};
use http::StatusCode;

#[path = "../../doorward-auth/tests/browser/log.rs"]
mod log;

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}

fn settings(hasher: &str, workers: usize, queue: usize) -> PasswordSettings {
    let mut settings = PasswordSettings::default();
    settings.hashers = vec![hasher.to_owned()];
    settings.workers = Some(workers);
    settings.queue = queue;
    settings
}

fn pool(hasher: &str, workers: usize, queue: usize) -> PasswordHashing {
    PasswordHashing::new(&settings(hasher, workers, queue)).unwrap()
}

/// Whether nobody computes or waits.
fn is_idle(pool: &PasswordHashing, workers: usize, queue: usize) -> bool {
    let expected = format!("free_workers: {workers}, free_places: {} }}", workers + queue);
    format!("{pool:?}").ends_with(&expected)
}

#[tokio::test]
async fn what_is_made_is_what_checks() {
    let pool = pool("md5", 2, 10);
    let encoded = pool.make(&secret("right"), [7; 88]).await.unwrap();
    let right = pool.check(&secret("right"), &encoded).await.unwrap();
    assert_eq!(
        right,
        Verdict::Correct {
            must_update: Update::None
        }
    );
    let wrong = pool.check(&secret("wrong"), &encoded).await.unwrap();
    assert_eq!(
        wrong,
        Verdict::Wrong {
            reason: Refusal::Mismatch
        }
    );
    let checked = pool
        .check_or_upgrade(&secret("right"), &encoded, [7; 88])
        .await
        .unwrap();
    assert!(checked.verdict.is_correct() && checked.upgrade.is_none());
}

#[tokio::test]
async fn what_a_new_hash_costs_is_a_setting_and_what_costs_the_same_stays() {
    let mut costly = settings("pbkdf2_sha256", 1, 1);
    costly.costs.pbkdf2_sha256 = 1_234;
    let pool = PasswordHashing::new(&costly).unwrap();
    let encoded = pool.make(&secret("right"), [7; 88]).await.unwrap();
    assert!(encoded.expose().starts_with("pbkdf2_sha256$1234$"));
    let again = pool.check_or_upgrade(&secret("right"), &encoded, [7; 88]).await;
    assert!(again.unwrap().upgrade.is_none());
    costly.costs.pbkdf2_sha256 = 1_235;
    let other = PasswordHashing::new(&costly).unwrap();
    let upgraded = other
        .check_or_upgrade(&secret("right"), &encoded, [7; 88])
        .await
        .unwrap();
    assert!(
        upgraded
            .upgrade
            .unwrap()
            .expose()
            .starts_with("pbkdf2_sha256$1235$")
    );
}

#[tokio::test]
async fn past_the_queue_the_answer_is_503_at_once() {
    let pool = pool("pbkdf2_sha256", 1, 2);
    let password = secret("any");
    let mut waiting: Vec<_> = (0..3).map(|_| Box::pin(pool.dummy(&password))).collect();
    for login in &mut waiting {
        assert!(poll_immediate(login).await.is_none());
    }
    let refused = poll_immediate(pool.dummy(&password)).await.unwrap().unwrap_err();
    assert_eq!(refused.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(refused.code(), "service_unavailable");
    for login in waiting {
        login.await.unwrap();
    }
    assert!(is_idle(&pool, 1, 2));
    pool.dummy(&password).await.unwrap();
}

#[tokio::test]
async fn whoever_hangs_up_gives_the_place_back() {
    let pool = pool("pbkdf2_sha256", 1, 1);
    let password = secret("any");
    let mut first = Box::pin(pool.dummy(&password));
    assert!(poll_immediate(&mut first).await.is_none());
    for _ in 0..10 {
        let mut second = Box::pin(pool.dummy(&password));
        assert!(poll_immediate(&mut second).await.is_none());
        drop(second);
    }
    first.await.unwrap();
    assert!(is_idle(&pool, 1, 1));
}

#[tokio::test]
async fn a_hash_that_has_begun_keeps_its_worker_to_its_end() {
    let pool = pool("pbkdf2_sha256", 1, 0);
    let password = secret("any");
    let mut abandoned = Box::pin(pool.dummy(&password));
    assert!(poll_immediate(&mut abandoned).await.is_none());
    drop(abandoned);
    assert!(pool.dummy(&password).await.is_err());
    until(|| is_idle(&pool, 1, 0)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_logins_leave_nothing_behind() {
    let pool = pool("md5", 2, 2_000);
    let encoded = pool.make(&secret("right"), [7; 88]).await.unwrap();
    let logins = (0..2_000).map(|number| {
        let (pool, encoded) = (&pool, &encoded);
        async move {
            let password = if number % 2 == 0 { "right" } else { "wrong" };
            let verdict = pool.check(&secret(password), encoded).await.unwrap();
            assert_eq!(verdict.is_correct(), number % 2 == 0);
        }
    });
    join_all(logins).await;
    assert!(is_idle(&pool, 2, 2_000));
    assert_eq!(tokio::runtime::Handle::current().metrics().num_alive_tasks(), 0);
}

#[test]
fn impossible_settings_stop_the_start() {
    let mut free = settings("pbkdf2_sha256", 1, 1);
    free.costs.pbkdf2_sha256 = 0;
    let mut odd = settings("scrypt", 1, 1);
    odd.costs.scrypt_work_factor = 1_000;
    for (settings, key, words) in [
        (
            settings("sha1", 1, 1),
            "passwords.hashers",
            "pbkdf2_sha256, pbkdf2_sha1, argon2",
        ),
        (settings("md5", 0, 1), "passwords.workers", "between 1 and 1024"),
        (free, "passwords.costs.pbkdf2_sha256", "pbkdf2_sha256"),
        (odd, "passwords.costs.scrypt_work_factor", "scrypt"),
    ] {
        let error = PasswordHashing::new(&settings).unwrap_err();
        assert_eq!(error.key(), key);
        assert!(error.to_string().contains(words), "{error}");
    }
    let mut none = PasswordSettings::default();
    none.hashers.clear();
    assert_eq!(
        PasswordHashing::new(&none).unwrap_err().key(),
        "passwords.hashers"
    );
}

async fn until(mut done: impl FnMut() -> bool) {
    let waiting = async {
        while !done() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    bounded(waiting).await;
}

async fn bounded(future: impl Future<Output = ()>) {
    tokio::time::timeout(Duration::from_secs(60), future)
        .await
        .unwrap();
}

/// A clock that goes on by as many seconds at each look.
#[derive(Debug)]
struct Leaping {
    seconds: i64,
    looks: AtomicI64,
}

impl Clock for Leaping {
    fn now(&self) -> Timestamp {
        Timestamp::from_secs(1_700_000_000)
    }

    fn monotonic(&self) -> Timestamp {
        Timestamp::from_secs(self.seconds * self.looks.fetch_add(1, Ordering::SeqCst))
    }
}

fn pool_where_a_hash_takes(seconds: i64) -> PasswordHashing {
    let looks = AtomicI64::new(0);
    pool("md5", 1, 8).with_clock(Arc::new(Leaping { seconds, looks }))
}

/// Whoever builds without optimisation is told once what to write.
#[tokio::test]
async fn a_hash_that_takes_far_too_long_is_told_once() {
    let log = log::Log::start();
    let quick = pool_where_a_hash_takes(2);
    quick.make(&secret("a"), [1; 88]).await.unwrap();
    assert!(log.warnings().is_empty(), "{:?}", log.warnings());

    let slow = pool_where_a_hash_takes(3);
    let stored = slow.make(&secret("a"), [1; 88]).await.unwrap();
    for _ in 0..3 {
        let verdict = slow.check(&secret("a"), &stored).await.unwrap();
        assert!(matches!(verdict, Verdict::Correct { .. }), "{verdict:?}");
        slow.dummy(&secret("a")).await.unwrap();
    }
    let [told] = &log.warnings()[..] else {
        panic!("{:?}", log.warnings())
    };
    assert!(
        told.contains("took_s=3") && told.contains("profile.dev.package"),
        "{told}"
    );

    let slow = pool_where_a_hash_takes(3);
    let verdict = slow.check(&secret("a"), &stored).await.unwrap();
    assert!(matches!(verdict, Verdict::Correct { .. }), "{verdict:?}");
    assert_eq!(log.warnings().len(), 2, "a check alone is looked at too");
}
