//! With a change feed, which the test speaks for.

use super::*;

#[tokio::test]
async fn a_live_feed_answers_for_what_was_read_long_ago() {
    let site = Site::new(1, BOUND);
    let minute = Duration::from_secs(60);
    site.coherence().confirm(site.coherence().now());
    assert!(site.knows("0").await);
    for _ in 0..59 {
        site.clock.advance(Duration::from_secs(1));
        site.coherence().confirm(site.coherence().now());
        assert!(site.knows("0").await);
    }
    assert_eq!(site.look_ups(), 1);
    site.clock.advance(Duration::from_secs(1));
    site.coherence().confirm(site.coherence().now());
    assert!(site.knows("0").await);
    assert_eq!(site.look_ups(), 2, "nothing is older than {minute:?}");
}

#[tokio::test]
async fn who_comes_while_a_poll_is_late_waits_for_it() {
    let site = Site::new(1, BOUND);
    site.coherence().confirm(site.coherence().now());
    assert!(site.knows("0").await);
    site.clock.advance(BOUND + Duration::from_micros(1));
    let mut waits = Box::pin(site.knows("0"));
    assert!(waits.as_mut().now_or_never().is_none());
    assert_eq!(site.principals.status().unwrap().waiting, 1);
    site.coherence().confirm(site.coherence().now());
    assert!(waits.await);
    assert_eq!(site.look_ups(), 1);
    // A poll that does not come is not waited for long.
    site.clock.advance(BOUND + Duration::from_micros(1));
    assert!(site.knows("0").await);
    assert_eq!(site.look_ups(), 2);
}

#[tokio::test]
async fn a_feed_that_goes_down_leaves_the_same_bound() {
    let site = Site::new(1, BOUND);
    site.coherence().confirm(site.coherence().now());
    assert!(site.knows("0").await);
    site.coherence().down();
    assert!(site.knows("0").await && site.knows("0").await);
    assert_eq!(site.look_ups(), 2, "what it had vouched for is read anew");
    site.clock.advance(BOUND);
    assert!(site.knows("0").await);
    assert_eq!(site.look_ups(), 3);
    site.coherence().down();
    let status = site.principals.status().unwrap();
    assert_eq!((status.flaps, status.confirmed_age), (1, None));
}

#[tokio::test]
async fn whoever_sets_the_clock_makes_nothing_younger() {
    let a_day = Duration::from_secs(86_400);
    for is_live in [false, true] {
        let site = Site::new(1, BOUND);
        let began = site.clock.now();
        if is_live {
            site.coherence().confirm(site.coherence().now());
        }
        assert!(site.knows("0").await);
        site.clock.advance(BOUND);
        for now in [began.saturating_sub(a_day), began.saturating_add(a_day), began] {
            site.clock.set(now);
            assert!(site.knows("0").await);
        }
        assert_eq!(site.look_ups(), 2, "live: {is_live}");
    }
}
