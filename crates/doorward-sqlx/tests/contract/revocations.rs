//! From when on a user's tokens are good.

use doorward_core::stores::{
    AuthToken, NewPassword, Predecessor, Revoke, RevokedTokens, Rotation, TokenHolder, UserField,
};
use doorward_core::user::{UserId, UserRow};
use doorward_django::timestamp::Timestamp;

use super::outstanding_tokens::{lineage, token};
use super::{Bench, at, secret};

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
    for user in [&alice, &bob] {
        bench.stores.auth_tokens.replace(opaque(user)).await.unwrap();
    }
    let revoked = revocations.revoke_user(&alice.id, Revoke::ALL, at(2)).await;
    let all = RevokedTokens {
        blacklisted: 2,
        opaque: 1,
    };
    assert_eq!(revoked.unwrap(), all);
    for (jti, is_blacklisted) in [("a", true), ("b", true), ("c", false)] {
        assert_eq!(tokens.is_blacklisted(jti).await.unwrap(), is_blacklisted, "{jti}");
    }
    assert!(!has_opaque(bench, &alice).await && has_opaque(bench, &bob).await);
    assert_eq!(not_before(bench, &alice.id.to_string()).await, Some(at(2)));
    assert_eq!(not_before(bench, &bob.id.to_string()).await, None);
    let again = revocations.revoke_user(&alice.id, Revoke::ALL, at(2)).await;
    assert_eq!(again.unwrap(), RevokedTokens::default());
}

pub(crate) async fn what_is_not_meant_stays(bench: &Bench) {
    let alice = bench.user("alice").await;
    let (tokens, revocations) = (&bench.stores.outstanding_tokens, &bench.stores.revocations);
    tokens.record(token("a", Some(&alice.id))).await.unwrap();
    bench.stores.auth_tokens.replace(opaque(&alice)).await.unwrap();
    let nothing = revocations.revoke_user(&alice.id, Revoke::default(), at(2)).await;
    assert_eq!(nothing.unwrap(), RevokedTokens::default());
    let only = Revoke {
        opaque_token: true,
        ..Revoke::default()
    };
    revocations.revoke_user(&alice.id, only, at(2)).await.unwrap();
    assert!(!tokens.is_blacklisted("a").await.unwrap() && !has_opaque(bench, &alice).await);
    assert_eq!(not_before(bench, &alice.id.to_string()).await, None);
}

fn opaque(user: &UserRow) -> AuthToken {
    AuthToken {
        key: secret(&format!("{:0>40}", user.id)),
        user: user.id.clone(),
        created: at(1),
    }
}

async fn has_opaque(bench: &Bench, user: &UserRow) -> bool {
    let key = opaque(user).key;
    let found = bench.others.auth_tokens.by_key(key.expose()).await;
    found.unwrap().is_some()
}

/// No two have one moment, and none is a whole second, whatever the clocks say.
pub(crate) async fn each_revocation_has_a_later_moment(bench: &Bench) {
    let alice = bench.user("alice").await;
    let id = alice.id.to_string();
    for (asked, kept) in [
        (100_000_000, 100_000_001),
        (90_000_000, 100_000_002),
        (100_999_999, 100_999_999),
        (100_999_999, 101_000_001),
        (102_500_000, 102_500_000),
    ] {
        let moment = Timestamp::from_micros(asked);
        let revoked = bench
            .stores
            .revocations
            .revoke_user(&alice.id, Revoke::JSON_WEB_TOKENS, moment);
        revoked.await.unwrap();
        assert_eq!(not_before(bench, &id).await, Some(Timestamp::from_micros(kept)));
    }
}

pub(crate) async fn of_many_at_once_each_has_a_moment(bench: &Bench) {
    let alice = bench.user("alice").await;
    let id = alice.id.clone();
    bench
        .crowd(move |stores, _| {
            let id = id.clone();
            async move {
                let revoked = stores
                    .revocations
                    .revoke_user(&id, Revoke::JSON_WEB_TOKENS, at(1));
                revoked.await.unwrap();
            }
        })
        .await;
    let last = Timestamp::from_micros(at(1).as_micros() + 63);
    assert_eq!(not_before(bench, &alice.id.to_string()).await, Some(last));
}

fn password(old: Option<&str>, new: &str) -> NewPassword {
    NewPassword {
        old: old.map(secret),
        new: secret(new),
    }
}

async fn password_of(bench: &Bench, user: &UserRow) -> String {
    let found = bench.others.users.by_id(&user.id).await.unwrap();
    found.expect("the user").password.expose().clone()
}

pub(crate) async fn a_password_and_what_falls_with_it_are_one_step(bench: &Bench) {
    let (alice, id) = (bench.user("alice").await, "md5$salt$hash");
    let (tokens, revocations) = (&bench.stores.outstanding_tokens, &bench.stores.revocations);
    tokens.record(token("a", Some(&alice.id))).await.unwrap();
    bench.stores.auth_tokens.replace(opaque(&alice)).await.unwrap();
    let wrong = password(Some("MD5$salt$hash"), "never");
    let nothing = revocations.replace_password(&alice.id, wrong, Revoke::ALL, at(2));
    assert_eq!(nothing.await.unwrap(), None);
    assert!(!tokens.is_blacklisted("a").await.unwrap() && has_opaque(bench, &alice).await);
    assert_eq!(not_before(bench, &alice.id.to_string()).await, None);
    assert_eq!(password_of(bench, &alice).await, id);

    let done = revocations.replace_password(&alice.id, password(Some(id), "new"), Revoke::ALL, at(3));
    let all = RevokedTokens {
        blacklisted: 1,
        opaque: 1,
    };
    assert_eq!(done.await.unwrap(), Some(all));
    assert!(tokens.is_blacklisted("a").await.unwrap() && !has_opaque(bench, &alice).await);
    assert_eq!(not_before(bench, &alice.id.to_string()).await, Some(at(3)));
    assert_eq!(password_of(bench, &alice).await, "new");

    let none = Revoke::default();
    let any = revocations.replace_password(&alice.id, password(None, "newer"), none, at(4));
    assert_eq!(any.await.unwrap(), Some(RevokedTokens::default()));
    assert_eq!(password_of(bench, &alice).await, "newer");
    let nobody = UserId::Int(4711);
    let gone = revocations.replace_password(&nobody, password(None, "x"), Revoke::ALL, at(5));
    assert_eq!(gone.await.unwrap(), None);
}

pub(crate) async fn of_many_new_passwords_at_once_one_is_written(bench: &Bench) {
    let alice = bench.user("alice").await;
    let id = alice.id.clone();
    let done = bench
        .crowd(move |stores, number| {
            let id = id.clone();
            async move {
                let new = password(Some("md5$salt$hash"), &format!("new {number}"));
                let done = stores.revocations.replace_password(&id, new, Revoke::ALL, at(2));
                done.await.unwrap().is_some()
            }
        })
        .await;
    assert_eq!(done.into_iter().filter(|done| *done).count(), 1);
    assert_eq!(not_before(bench, &alice.id.to_string()).await, Some(at(2)));
}

/// Whoever comes first: when the revocation was answered, no rotation of an older token succeeds any more, and what
/// one gave before is worth nothing.
/// Each task rotates a token of its own, so that many rotations are under way when all of them are revoked.
pub(crate) async fn no_rotation_outlives_a_revocation(bench: &Bench) {
    let alice = bench.user("alice").await;
    for number in 0..64 {
        let old = token(&format!("old {number}"), Some(&alice.id));
        bench.stores.outstanding_tokens.record(old).await.unwrap();
    }
    let id = alice.id.clone();
    let rotations = bench
        .crowd(move |stores, number| {
            let id = id.clone();
            async move {
                if number == 32 {
                    let revoked = stores.revocations.revoke_user(&id, Revoke::ALL, at(2));
                    revoked.await.unwrap();
                    return None;
                }
                let old = token(&format!("old {number}"), Some(&id));
                let (new, tokens) = (format!("new {number}"), &stores.outstanding_tokens);
                let predecessor = Predecessor::Blacklist(lineage());
                let rotation = tokens.rotate(old, token(&new, Some(&id)), predecessor, at(2));
                (rotation.await.unwrap() == Rotation::Done).then_some(new)
            }
        })
        .await;
    let tokens = &bench.stores.outstanding_tokens;
    for new in rotations.into_iter().flatten() {
        assert!(tokens.is_blacklisted(&new).await.unwrap(), "{new}");
    }
    for number in 0..64 {
        assert!(tokens.is_blacklisted(&format!("old {number}")).await.unwrap());
    }
}
