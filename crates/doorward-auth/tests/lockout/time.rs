//! How long locks last, and clocks that jump.

use std::time::Duration;

use doorward_auth::lockout::LockoutSettings;
use doorward_core::settings::Period;
use doorward_django::timestamp::Timestamp;
use http::StatusCode;

use crate::site::{HOME, NOW, PASSWORD, Site};

#[tokio::test]
async fn a_lock_ends_and_the_next_one_lasts_longer() {
    let site = Site::with(|settings| {
        settings.section_mut::<LockoutSettings>().cool_off_max = Period::from_secs(200);
    });
    for length in [60, 120, 200, 200] {
        let pages = site.strangers(4, "alice").await;
        assert_eq!(pages[2].status, StatusCode::UNAUTHORIZED);
        assert_eq!((pages[3].is_locked(), pages[3].wait()), (true, Some(length)));
        site.clock.advance(Duration::from_secs(length));
    }
    site.clock.advance(Duration::from_secs(200));
    assert_eq!(
        site.strangers(4, "alice").await[3].wait(),
        Some(60),
        "it is forgotten"
    );
}

#[tokio::test]
async fn a_wrong_password_counts_for_the_window() {
    let site =
        Site::with(|settings| settings.section_mut::<LockoutSettings>().window = Period::from_secs(100));
    site.strangers(2, "alice").await;
    site.clock.advance(Duration::from_secs(100));
    let pages = site.strangers(4, "alice").await;
    let statuses = [0, 1, 2, 3].map(|place| pages[place].status.as_u16());
    assert_eq!(statuses, [401, 401, 401, 429]);
}

#[tokio::test]
async fn a_success_forgets_the_failures_before_it() {
    for (is_on, statuses) in [(true, [401, 401]), (false, [401, 429])] {
        let site = Site::with(|settings| settings.section_mut::<LockoutSettings>().reset_on_success = is_on);
        site.strangers(2, "alice").await;
        assert_eq!(
            site.at(HOME).token("alice", PASSWORD).await.status,
            StatusCode::OK
        );
        let pages = site.strangers(2, "alice").await;
        assert_eq!([0, 1].map(|place| pages[place].status.as_u16()), statuses);
    }
}

#[tokio::test]
async fn an_origin_is_known_for_so_long() {
    let site =
        Site::with(|settings| settings.section_mut::<LockoutSettings>().known_for = Period::from_secs(1_000));
    let page = site.at(HOME).token("alice", PASSWORD).await;
    site.clock.advance(Duration::from_secs(1_001));
    site.strangers(3, "alice").await;
    assert!(site.at(HOME).token("alice", PASSWORD).await.is_locked());
    let device = site.at("198.51.100.9").with(&page);
    assert!(device.token("alice", PASSWORD).await.is_locked());
}

#[tokio::test]
async fn a_clock_set_back_locks_nobody_out_for_longer() {
    let site = Site::new();
    site.strangers(3, "alice").await;
    site.clock.set(Timestamp::from_secs(NOW - 1_000_000));
    let page = site.at(HOME).token("alice", PASSWORD).await;
    assert_eq!((page.is_locked(), page.wait()), (true, Some(60)));
    site.clock.advance(Duration::from_secs(60));
    assert_eq!(
        site.at(HOME).token("alice", PASSWORD).await.status,
        StatusCode::OK
    );
    site.strangers(2, "bob").await;
    site.clock.set(Timestamp::from_secs(NOW - 2_000_000));
    let pages = site.strangers(2, "bob").await;
    assert_eq!([0, 1].map(|place| pages[place].status.as_u16()), [401, 429]);
}

#[tokio::test]
async fn a_clock_set_forward_ends_locks_and_no_more() {
    let site = Site::new();
    site.strangers(3, "alice").await;
    site.clock.set(Timestamp::from_secs(NOW + 1_000_000));
    assert_eq!(
        site.at(HOME).token("alice", PASSWORD).await.status,
        StatusCode::OK
    );
    site.clock.set(Timestamp::from_secs(i64::MAX / 1_000_000));
    assert_eq!(
        site.strangers(4, "alice").await[3].status,
        StatusCode::TOO_MANY_REQUESTS
    );
}
