//! From when on a user's tokens are good.

use doorward_core::stores::{Predecessor, Rotation, TokenHolder, UserField};
use doorward_django::timestamp::Timestamp;

use super::outstanding_tokens::{lineage, token};
use super::{Bench, at};

async fn holder(bench: &Bench, field: UserField, value: &str) -> Option<TokenHolder> {
    bench.others.revocations.holder(field, value).await.unwrap()
}

async fn not_before(bench: &Bench, id: &str) -> Option<Timestamp> {
    let holder = holder(bench, UserField::Id, id).await;
    holder.expect("somebody").not_before
}

pub(crate) async fn a_holder_is_found_as_a_user_is(bench: &Bench) {
    let alice = bench.user("alice").await;
    let id = alice.id.to_string();
    for (field, value) in [
        (UserField::Id, id.as_str()),
        (UserField::Username, "alice"),
        (UserField::Email, "alice@example.com"),
    ] {
        let holder = holder(bench, field, value).await.expect("alice");
        assert_eq!((&holder.user.id, holder.not_before), (&alice.id, None));
    }
    for (field, value) in [
        (UserField::Id, "4711"),
        (UserField::Id, "no number"),
        (UserField::Username, "Alice"),
        (UserField::Email, "alice"),
    ] {
        assert!(holder(bench, field, value).await.is_none(), "{value}");
    }
}

pub(crate) async fn everything_of_a_user_is_taken_back(bench: &Bench) {
    let (alice, bob) = (bench.user("alice").await, bench.user("bob").await);
    let (tokens, revocations) = (&bench.stores.outstanding_tokens, &bench.stores.revocations);
    for (jti, user) in [("a", &alice), ("b", &alice), ("c", &bob)] {
        tokens.record(token(jti, Some(&user.id))).await.unwrap();
    }
    let (moment, now) = (Timestamp::from_secs(3), at(2));
    let revoked = revocations.revoke_user(&alice.id, moment, now).await.unwrap();
    assert_eq!(revoked.blacklisted, 2);
    for (jti, is_blacklisted) in [("a", true), ("b", true), ("c", false)] {
        assert_eq!(tokens.is_blacklisted(jti).await.unwrap(), is_blacklisted, "{jti}");
    }
    assert_eq!(not_before(bench, &alice.id.to_string()).await, Some(moment));
    assert_eq!(not_before(bench, &bob.id.to_string()).await, None);
    let again = revocations.revoke_user(&alice.id, moment, now).await.unwrap();
    assert_eq!(again.blacklisted, 0);
}

pub(crate) async fn a_moment_never_moves_back(bench: &Bench) {
    let alice = bench.user("alice").await;
    let id = alice.id.to_string();
    for (asked, kept) in [(100, 100), (90, 100), (101, 101)] {
        let moment = Timestamp::from_secs(asked);
        let revoked = bench.stores.revocations.revoke_user(&alice.id, moment, at(1));
        revoked.await.unwrap();
        assert_eq!(not_before(bench, &id).await, Some(Timestamp::from_secs(kept)));
    }
}

/// Whoever comes first: when the revocation was answered, no rotation of an older token succeeds any more, and what
/// one gave before is worth nothing.
pub(crate) async fn no_rotation_outlives_a_revocation(bench: &Bench) {
    let alice = bench.user("alice").await;
    let old = token("old", Some(&alice.id));
    bench.stores.outstanding_tokens.record(old).await.unwrap();
    let id = alice.id.clone();
    let rotations = bench
        .crowd(move |stores, number| {
            let id = id.clone();
            async move {
                if number == 32 {
                    let moment = Timestamp::from_secs(3);
                    stores.revocations.revoke_user(&id, moment, at(2)).await.unwrap();
                    return None;
                }
                let (old, new) = (token("old", Some(&id)), format!("new {number}"));
                let predecessor = Predecessor::Blacklist(lineage());
                let tokens = &stores.outstanding_tokens;
                let rotation = tokens.rotate(old, token(&new, Some(&id)), predecessor, at(2));
                (rotation.await.unwrap() == Rotation::Done).then_some(new)
            }
        })
        .await;
    let tokens = &bench.stores.outstanding_tokens;
    for new in rotations.into_iter().flatten() {
        assert!(tokens.is_blacklisted(&new).await.unwrap(), "{new}");
    }
    assert!(tokens.is_blacklisted("old").await.unwrap());
}
