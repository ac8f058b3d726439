//! Clients that hang up while their session is written.

use std::future::poll_fn;
use std::task::Poll;

use super::*;

/// What `work` gives, unless it is dropped when it would be polled once more than that.
async fn unless_polled<T>(most: usize, work: impl Future<Output = T>) -> Option<T> {
    let (mut work, mut polls) = (Box::pin(work), 0);
    poll_fn(move |cx| {
        if polls == most {
            return Poll::Ready(None);
        }
        polls += 1;
        work.as_mut().poll(cx).map(Some)
    })
    .await
}

/// Whatever nobody waits for any more comes to its end.
async fn settled() {
    for _ in 0..20 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// The last part of a cache's name for a session is the session's key.
fn key(name: &str) -> &str {
    name.split_at(name.len() - 32).1
}

impl Site {
    /// Whether the cache knows no session that the table has not.
    async fn is_backed(&self, cache: &MemoryCache) -> bool {
        for name in cache.names() {
            if self.row(key(&name)).await.is_none() {
                return false;
            }
        }
        true
    }
}

/// Hangs up at each point of a login in the place of a visitor's session; how often that was in the midst of it.
async fn log_in_by_halves(engine: SessionEngine, reads: fn(&MemoryCache)) -> usize {
    for polls in 0.. {
        let (site, cache) = site(engine);
        let mut visitor = site.browser();
        visitor.post("/cart/", &json!(7)).await;
        visitor.get("/api-auth/login/").await;
        let token = visitor.csrf();
        let fields = [
            ("username", "alice"),
            ("password", PASSWORD),
            ("csrfmiddlewaretoken", &token),
        ];
        cache.be_slow();
        reads(&cache);
        let done = unless_polled(polls, visitor.submit("/api-auth/login/", &fields)).await;
        settled().await;
        match engine {
            Cache => assert_eq!(cache.names().len(), 1, "dropped after {polls} polls"),
            _ => assert!(site.is_backed(&cache).await, "dropped after {polls} polls"),
        }
        if done.is_some() {
            return polls;
        }
    }
    0
}

#[tokio::test]
async fn a_login_takes_the_place_of_a_session_or_does_not() {
    assert!(log_in_by_halves(Cache, |_| ()).await > 2);
    assert!(log_in_by_halves(CachedDb, MemoryCache::read_meanwhile).await > 2);
}

#[tokio::test]
async fn a_logout_leaves_nothing_in_the_cache() {
    for polls in 0.. {
        let (site, cache) = site(CachedDb);
        let mut alice = site.logged_in("alice").await;
        cache.be_slow();
        cache.read_meanwhile();
        let done = unless_polled(polls, alice.post("/api-auth/logout/", &json!({}))).await;
        settled().await;
        assert!(site.is_backed(&cache).await, "dropped after {polls} polls");
        if done.is_some() {
            assert!(polls > 2, "it was dropped in the midst of it");
            return;
        }
    }
}
