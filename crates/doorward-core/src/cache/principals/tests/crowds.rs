//! Many who ask at once.

use futures_util::future::join_all;
use tokio::task::unconstrained;

use super::*;

#[tokio::test]
async fn without_staleness_each_request_is_answered_by_a_read_that_began_after_it_came() {
    let site = Site::new(1, Duration::ZERO);
    assert!(site.knows("0").await && site.knows("0").await);
    assert_eq!(site.look_ups(), 2);
    site.tokens.open.forget_permits(Semaphore::MAX_PERMITS);
    let mut first = Box::pin(site.knows("0"));
    assert!(first.as_mut().now_or_never().is_none());
    site.remove("0");
    let mut others = Box::pin(unconstrained(join_all((0..100).map(|_| site.knows("0")))));
    assert!(others.as_mut().now_or_never().is_none());
    site.tokens.open.add_permits(1000);
    assert!(first.await, "it asked before the change");
    assert!(others.await.iter().all(|known| !known), "they asked after it");
    assert_eq!(site.look_ups(), 4, "the hundred shared one");
}

#[tokio::test]
async fn a_herd_costs_one_look_up_for_each_credential() {
    const HERD: i64 = 10_000;
    let site = Site::new(HERD, BOUND);
    site.tokens.open.forget_permits(Semaphore::MAX_PERMITS);
    let keys: Vec<_> = (0..HERD).map(|id| id.to_string()).collect();
    let herd = keys.iter().chain(&keys).map(|key| site.knows(key));
    let mut herd = Box::pin(unconstrained(join_all(herd)));
    assert!(herd.as_mut().now_or_never().is_none());
    assert_eq!(site.look_ups(), 4, "so many statements run at once");
    site.tokens.open.add_permits(1000);
    assert!(herd.await.iter().all(|known| *known));
    assert_eq!(site.look_ups(), 10_000);
}
