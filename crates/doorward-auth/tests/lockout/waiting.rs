//! Only failures lock: who finds every place taken by checks under way waits for his turn.

use std::sync::atomic::Ordering;
use std::time::Duration;

use doorward_auth::lockout::{self, LoginAttempts};
use http::StatusCode;
use tokio::task::JoinHandle;

use crate::site::{HOME, PASSWORD, Page, Site};

/// So many at once, once their checks have begun, as far as they may.
async fn begun(site: &Site, count: usize, password: &'static str) -> Vec<JoinHandle<Page>> {
    let begin = |_| {
        let client = site.at(HOME);
        tokio::spawn(async move { client.basic("alice", password).await })
    };
    let tasks = (0..count).map(begin).collect();
    while site.checks() < 3 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    tokio::time::sleep(Duration::from_millis(50)).await;
    tasks
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_burst_of_right_passwords_is_served() {
    let site = Site::new();
    // At the first success a stranger's places become those of a network that is known.
    assert_eq!(
        site.at(HOME).basic("alice", PASSWORD).await.status,
        StatusCode::OK
    );
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let client = site.at(HOME);
            tokio::spawn(async move { client.basic("alice", PASSWORD).await.status })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), StatusCode::OK);
    }
    assert_eq!(site.checks(), 51);
    assert!(site.checker.most_at_once.load(Ordering::SeqCst) <= 3);
}

#[tokio::test]
async fn who_waits_is_locked_out_when_those_before_fail() {
    let site = Site::new();
    site.checker.close();
    let tasks = begun(&site, 10, "wrong").await;
    assert_eq!(site.checks(), 3);
    site.checker.gate.add_permits(3);
    let mut statuses = Vec::new();
    for task in tasks {
        statuses.push(task.await.unwrap().status.as_u16());
    }
    statuses.sort_unstable();
    assert_eq!(statuses, [401, 401, 401, 429, 429, 429, 429, 429, 429, 429]);
    assert_eq!(site.checks(), 3);
}

#[tokio::test]
async fn nobody_waits_for_ever() {
    let site = Site::new();
    site.checker.close();
    let tasks = begun(&site, 4, PASSWORD).await;
    assert_eq!(site.checks(), 3);
    site.clock.advance(Duration::from_secs(20));
    let mut answered = Vec::new();
    for task in tasks {
        match task.is_finished() {
            true => answered.push(task.await.unwrap()),
            false => {
                tokio::time::sleep(Duration::from_millis(300)).await;
                if task.is_finished() {
                    answered.push(task.await.unwrap());
                }
            }
        }
    }
    let [page] = <[Page; 1]>::try_from(answered).unwrap();
    assert_eq!(
        (page.status, page.wait()),
        (StatusCode::SERVICE_UNAVAILABLE, Some(1))
    );
}

#[tokio::test]
async fn hanging_up_while_the_password_is_checked_gains_nothing() {
    let site = Site::new();
    site.checker.close();
    for task in begun(&site, 3, "wrong").await {
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
    }
    site.checker.gate.add_permits(3);
    assert!(site.at(HOME).basic("alice", PASSWORD).await.is_locked());
    assert_eq!(site.checks(), 3);
}

/// A browser that leaves a page breaks its requests off, and a client of an overloaded server loses patience: neither
/// locks anybody out.
#[tokio::test]
async fn hanging_up_with_the_right_password_is_no_failure() {
    let site = Site::new();
    for _ in 0..3 {
        let before = site.checks();
        site.checker.close();
        let client = site.at(HOME);
        let task = tokio::spawn(async move { client.basic("alice", PASSWORD).await });
        while site.checks() == before {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        site.checker.gate.add_permits(1);
    }
    site.checker.gate.add_permits(9);
    assert_eq!(
        site.at(HOME).basic("alice", PASSWORD).await.status,
        StatusCode::OK
    );
    assert!(lockout::held(&site.door, 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn hanging_up_while_waiting_leaves_nothing_behind() {
    let site = Site::new();
    site.checker.close();
    let mut tasks = begun(&site, 9, PASSWORD).await;
    // The first three hold their places; the runtime of this test begins tasks in their order.
    for task in tasks.drain(3..) {
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
    }
    site.checker.gate.add_permits(9);
    for task in tasks {
        assert_eq!(task.await.unwrap().status, StatusCode::OK);
    }
    let held = LoginAttempts::of(&site.door).unwrap().list(10).await.unwrap();
    assert!(held.is_empty(), "{held:?}");
}

/// What a process holds that has crashed lapses.
#[tokio::test]
async fn a_place_that_nobody_gives_back_lapses() {
    let site = Site::new();
    site.checker.close();
    let tasks = begun(&site, 3, PASSWORD).await;
    site.clock.advance(Duration::from_secs(91));
    site.checker.gate.add_permits(9);
    assert_eq!(
        site.at(HOME).basic("alice", PASSWORD).await.status,
        StatusCode::OK
    );
    for task in tasks {
        assert_eq!(task.await.unwrap().status, StatusCode::OK);
    }
}
