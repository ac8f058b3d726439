//! What runs the polls.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use doorward_db::feed::{self, Feed, FeedProblem, Key, Listener};
use doorward_django::timestamp::Timestamp;
use tokio::sync::Notify;
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep};

use crate::site::Site;

struct Heard {
    beginning: Instant,
    is_asked: AtomicBool,
    keys: Mutex<Vec<Key>>,
    everything: AtomicU64,
    confirmed: AtomicU64,
    down: AtomicU64,
    wanted: Notify,
}

impl Heard {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            beginning: Instant::now(),
            is_asked: AtomicBool::new(true),
            keys: Mutex::default(),
            everything: AtomicU64::new(0),
            confirmed: AtomicU64::new(0),
            down: AtomicU64::new(0),
            wanted: Notify::new(),
        })
    }

    fn count(&self, of: fn(&Self) -> &AtomicU64) -> u64 {
        of(self).load(Ordering::SeqCst)
    }
}

impl Listener for Heard {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(0).saturating_add(self.beginning.elapsed())
    }

    fn bump(&self, key: Key) {
        self.keys.lock().unwrap().push(key);
    }

    fn bump_everything(&self) {
        self.everything.fetch_add(1, Ordering::SeqCst);
    }

    fn confirm(&self, _: Timestamp) {
        self.confirmed.fetch_add(1, Ordering::SeqCst);
    }

    fn down(&self, _: &FeedProblem) {
        self.down.fetch_add(1, Ordering::SeqCst);
    }

    fn last_asked(&self) -> Option<Timestamp> {
        self.is_asked.load(Ordering::SeqCst).then(|| self.now())
    }

    fn wanted(&self) -> &Notify {
        &self.wanted
    }
}

fn spawn(feed: Feed, heard: &Arc<Heard>) -> JoinHandle<()> {
    let heard = Arc::clone(heard);
    tokio::spawn(async move { feed::run(feed, &*heard).await })
}

#[tokio::test]
async fn it_polls_often_while_it_is_asked_and_at_once_when_somebody_waits() {
    let site = Site::sqlite().await;
    let heard = Heard::new();
    let polls = spawn(site.feed, &heard);
    sleep(Duration::from_millis(1_000)).await;
    let often = heard.count(|heard| &heard.confirmed);
    assert!((3..=21).contains(&often), "{often} polls in a second");
    heard.is_asked.store(false, Ordering::SeqCst);
    sleep(Duration::from_millis(200)).await;
    let before = heard.count(|heard| &heard.confirmed);
    sleep(Duration::from_millis(500)).await;
    assert!(heard.count(|heard| &heard.confirmed) <= before + 1, "nobody asks");
    let before = heard.count(|heard| &heard.confirmed);
    heard.wanted.notify_one();
    sleep(Duration::from_millis(300)).await;
    assert!(heard.count(|heard| &heard.confirmed) > before, "somebody waits");
    polls.abort();
}

#[tokio::test]
async fn what_changes_is_told_and_a_feed_that_goes_down_is_told_too() {
    for site in Site::all("feed_poller").await {
        let (heard, database) = (Heard::new(), site.database.clone());
        let polls = spawn(site.feed, &heard);
        sleep(Duration::from_millis(20)).await;
        database
            .execute("UPDATE auth_user SET is_active = FALSE WHERE id = 2", [])
            .await
            .unwrap();
        sleep(Duration::from_millis(500)).await;
        assert_eq!(*heard.keys.lock().unwrap(), [Key::user("2")]);
        assert_eq!(heard.count(|heard| &heard.everything), 0);
        feed::uninstall(&database).await.unwrap();
        sleep(Duration::from_millis(500)).await;
        assert_eq!(heard.count(|heard| &heard.down), 1);
        assert_eq!(heard.count(|heard| &heard.everything), 1);
        polls.abort();
    }
}
