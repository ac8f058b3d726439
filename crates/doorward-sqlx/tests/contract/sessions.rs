use doorward_core::stores::{Replaced, SessionLogin, SessionPlace, SessionRow};

use super::{Bench, at, secret};

fn row(key: &str, data: &str, end: i64) -> SessionRow {
    SessionRow {
        key: secret(key),
        data: secret(data),
        expire_date: at(end),
    }
}

pub(crate) async fn a_session_reads_back_until_it_ends(bench: &Bench) {
    let sessions = &bench.stores.sessions;
    assert!(sessions.create(row("k", "data:1", 100)).await.unwrap());
    let read = sessions.load("k", at(99)).await.unwrap().expect("is there");
    assert_eq!(
        (read.key.expose().as_str(), read.data.expose().as_str()),
        ("k", "data:1")
    );
    assert_eq!(read.expire_date, at(100));
    assert!(
        sessions.load("k", at(100)).await.unwrap().is_none(),
        "it ends at its end"
    );
    for other in ["K", "k ", "", "k\0"] {
        assert!(sessions.load(other, at(0)).await.unwrap().is_none(), "{other:?}");
    }
}

/// Text is compared: a moment without a fraction must not sort after one with.
pub(crate) async fn whole_seconds_and_fractions_are_in_order(bench: &Bench) {
    let sessions = &bench.stores.sessions;
    let whole = doorward_django::timestamp::Timestamp::from_secs(100);
    let later = at(100);
    let row = SessionRow {
        expire_date: whole,
        ..row("whole", "", 0)
    };
    assert!(sessions.create(row).await.unwrap());
    assert!(sessions.load("whole", at(99)).await.unwrap().is_some());
    assert!(sessions.load("whole", later).await.unwrap().is_none());
}

pub(crate) async fn a_key_is_taken_once(bench: &Bench) {
    let made = bench
        .crowd(|stores, n| async move {
            stores
                .sessions
                .create(row("k", &n.to_string(), 100))
                .await
                .unwrap()
        })
        .await;
    assert_eq!(made.iter().filter(|made| **made).count(), 1);
}

pub(crate) async fn an_update_never_brings_back(bench: &Bench) {
    let sessions = &bench.stores.sessions;
    sessions.create(row("k", "old", 100)).await.unwrap();
    assert!(sessions.update(row("k", "new", 200)).await.unwrap());
    let read = sessions.load("k", at(150)).await.unwrap().expect("is there");
    assert_eq!(read.data.expose(), "new");
    sessions.delete("k").await.unwrap();
    sessions.delete("k").await.unwrap();
    assert!(!sessions.update(row("k", "again", 200)).await.unwrap());
    assert!(sessions.load("k", at(0)).await.unwrap().is_none());
}

pub(crate) async fn replace_is_one_step(bench: &Bench) {
    let sessions = &bench.stores.sessions;
    sessions.create(row("old", "data", 100)).await.unwrap();
    sessions.create(row("taken", "other", 100)).await.unwrap();
    let replaced = sessions.replace("old", row("taken", "data", 100)).await;
    assert_eq!(replaced.unwrap(), Replaced::Taken);
    assert!(
        sessions.load("old", at(0)).await.unwrap().is_some(),
        "nothing was done"
    );
    let replaced = sessions.replace("old", row("new", "data", 100)).await;
    assert_eq!(replaced.unwrap(), Replaced::Done);
    let replaced = sessions.replace("old", row("again", "data", 100)).await;
    assert_eq!(replaced.unwrap(), Replaced::Gone);
    assert!(sessions.load("again", at(0)).await.unwrap().is_none());
    assert!(sessions.load("old", at(0)).await.unwrap().is_none());
    assert!(sessions.load("new", at(0)).await.unwrap().is_some());
    assert_eq!(
        sessions
            .load("taken", at(0))
            .await
            .unwrap()
            .unwrap()
            .data
            .expose(),
        "other"
    );
}

pub(crate) async fn the_expired_are_deleted_in_portions(bench: &Bench) {
    let sessions = &bench.stores.sessions;
    for number in 0..5 {
        sessions
            .create(row(&number.to_string(), "", number))
            .await
            .unwrap();
    }
    assert_eq!(sessions.delete_expired(at(4), 3).await.unwrap(), 3);
    assert_eq!(sessions.delete_expired(at(4), 3).await.unwrap(), 1);
    assert_eq!(sessions.delete_expired(at(4), 3).await.unwrap(), 0);
    assert!(sessions.load("4", at(0)).await.unwrap().is_some());
}

pub(crate) async fn of_many_at_once_each_is_deleted_once(bench: &Bench) {
    for number in 0..100 {
        let row = row(&number.to_string(), "", number);
        assert!(bench.stores.sessions.create(row).await.unwrap());
    }
    let deleted = bench
        .crowd(|stores, _| async move { stores.sessions.delete_expired(at(90), 3).await.unwrap() })
        .await;
    let left = bench.stores.sessions.delete_expired(at(90), 100).await.unwrap();
    assert_eq!(deleted.iter().sum::<u64>() + left, 90);
    assert!(bench.stores.sessions.load("90", at(0)).await.unwrap().is_some());
}

/// The session and `last_login` are written together, or neither is.
pub(crate) async fn a_login_is_one_step(bench: &Bench) {
    let sessions = &bench.stores.sessions;
    let alice = bench.user("alice").await;
    let last_login = async || {
        let user = bench.stores.users.by_id(&alice.id).await.unwrap();
        user.unwrap().last_login.map(|at| at.as_secs())
    };
    let log_in = async |key: &str, place: SessionPlace<'_>, when: i64| {
        let login = SessionLogin {
            user: &alice.id,
            at: at(when),
            row: row(key, "data", 100),
            place,
        };
        sessions.log_in(login).await.unwrap()
    };
    sessions.create(row("taken", "other", 100)).await.unwrap();
    for (key, place, refused) in [
        ("taken", SessionPlace::New, Replaced::Taken),
        ("new", SessionPlace::Of("gone"), Replaced::Gone),
        ("gone", SessionPlace::Same, Replaced::Gone),
    ] {
        assert_eq!(log_in(key, place, 1).await, refused, "{place:?}");
        assert_eq!(last_login().await, None, "{place:?}");
    }
    assert!(sessions.load("new", at(0)).await.unwrap().is_none());
    for (key, place, when) in [
        ("first", SessionPlace::New, 2),
        ("second", SessionPlace::Of("first"), 3),
        ("second", SessionPlace::Same, 4),
    ] {
        assert_eq!(log_in(key, place, when).await, Replaced::Done, "{place:?}");
        assert_eq!(last_login().await, Some(when), "{place:?}");
    }
    assert!(sessions.load("first", at(0)).await.unwrap().is_none());
    assert!(sessions.load("second", at(0)).await.unwrap().is_some());
}
