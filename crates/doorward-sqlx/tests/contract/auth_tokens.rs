use std::time::Duration;

use doorward_core::UserId;
use doorward_core::stores::{AuthToken, Outage};
use doorward_sqlx::Sql;

use super::{Bench, at, secret};

fn token(key: &str, user: &UserId) -> AuthToken {
    AuthToken {
        key: secret(key),
        user: user.clone(),
        created: at(7),
    }
}

pub(crate) async fn a_key_gives_token_and_user(bench: &Bench) {
    let tokens = &bench.stores.auth_tokens;
    let alice = bench.user("alice").await;
    tokens.get_or_create(token("abc", &alice.id)).await.unwrap();
    let (read, user) = tokens.by_key("abc").await.unwrap().expect("is there");
    assert_eq!(
        (read.key.expose().as_str(), &read.user, read.created),
        ("abc", &alice.id, at(7))
    );
    assert_eq!(user.username, "alice");
    for other in ["", "ABC", "abc ", "ab", "abc\0"] {
        assert!(tokens.by_key(other).await.unwrap().is_none(), "{other:?}");
    }
    assert!(tokens.delete(&alice.id).await.unwrap());
    assert!(!tokens.delete(&alice.id).await.unwrap());
    assert!(tokens.by_key("abc").await.unwrap().is_none());
}

pub(crate) async fn all_get_the_same_one(bench: &Bench) {
    let id = bench.user("alice").await.id.clone();
    let keys = bench
        .crowd(move |stores, number| {
            let new = token(&format!("{number:040}"), &id);
            async move { stores.auth_tokens.get_or_create(new).await.unwrap().key }
        })
        .await;
    assert!(keys.iter().all(|key| key.expose() == keys[0].expose()));
    let (read, _) = bench
        .stores
        .auth_tokens
        .by_key(keys[0].expose())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(read.key.expose(), keys[0].expose());
}

pub(crate) async fn a_new_one_takes_the_place(bench: &Bench) {
    let tokens = &bench.stores.auth_tokens;
    let id = bench.user("alice").await.id.clone();
    for key in ["first", "second", "third"] {
        tokens.replace(token(key, &id)).await.unwrap();
    }
    assert!(tokens.by_key("first").await.unwrap().is_none());
    assert!(tokens.by_key("second").await.unwrap().is_none());
    assert!(tokens.by_key("third").await.unwrap().is_some());
}

pub(crate) async fn an_old_one_is_renewed_once(bench: &Bench) {
    let id = bench.user("alice").await.id.clone();
    let old = token("old", &id);
    bench.stores.auth_tokens.replace(old.clone()).await.unwrap();
    let keys = bench
        .crowd(move |stores, number| {
            let (old, new) = (old.clone(), token(&format!("{number:040}"), &id));
            async move { stores.auth_tokens.renew(&old, new).await.unwrap().key }
        })
        .await;
    assert!(keys.iter().all(|key| key.expose() == keys[0].expose()));
    let tokens = &bench.stores.auth_tokens;
    assert!(tokens.by_key("old").await.unwrap().is_none());
    assert!(tokens.by_key(keys[0].expose()).await.unwrap().is_some());
}

/// A user who vanishes between look-up and write: nothing is written, and asked again the look-up will tell.
pub(crate) async fn no_token_for_a_user_who_is_gone(bench: &Bench) {
    let tokens = &bench.stores.auth_tokens;
    let gone = UserId::Int(4_711);
    let error = tokens
        .get_or_create(token("abc", &gone))
        .await
        .expect_err("refused");
    assert_eq!(error.outage(), Outage::Passing);
    assert!(tokens.replace(token("abc", &gone)).await.is_err());
    assert!(tokens.by_key("abc").await.unwrap().is_none());
    let alice = bench.user("alice").await;
    tokens
        .get_or_create(token("abc", &alice.id))
        .await
        .expect("the writer is free again");
}

/// Django beside us holds no key of ours.
pub(crate) async fn one_that_is_made_meanwhile_is_taken(bench: &Bench) {
    let id = bench.user("alice").await.id.clone();
    let mut theirs = bench.database.transaction().await.unwrap();
    let key = bench.database.dialect().quote("key");
    let sql = format!("INSERT INTO authtoken_token ({key}, created, user_id) VALUES (?, ?, ?)");
    let row = ["theirs".into(), at(7).into(), (&id).into()];
    theirs.execute(Sql::rendered(sql), row).await.unwrap();
    let asking = tokio::spawn({
        let (stores, ours) = (bench.stores.clone(), token("ours", &id));
        async move { stores.auth_tokens.get_or_create(ours).await }
    });
    tokio::time::sleep(Duration::from_millis(100)).await;
    theirs.commit().await.unwrap();
    assert_eq!(asking.await.unwrap().unwrap().key.expose(), "theirs");
}
