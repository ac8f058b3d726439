use std::time::Duration;

use doorward_core::UserId;
use doorward_core::stores::ReuseBinding;
use doorward_core::stores::{
    Blacklisting, Lineage, OutstandingToken, Predecessor, ReuseDetection, ReuseRule, Revoke, Rotation,
};
use doorward_django::timestamp::Timestamp;
use doorward_sqlx::Dialect;

use super::{Bench, at, secret};

pub(super) fn token(jti: &str, user: Option<&UserId>) -> OutstandingToken {
    OutstandingToken {
        jti: jti.to_owned(),
        token: secret(&format!("text of {jti}")),
        user: user.cloned(),
        created_at: Some(at(1)),
        expires_at: at(1_000),
    }
}

/// Of a family that nobody looks after: a rotated token is refused and nothing more.
pub(super) fn lineage() -> Lineage {
    Lineage {
        family: "0".repeat(32),
        began_at: at(1),
        claims: "{}".to_owned(),
        client: "client".to_owned(),
        rule: ReuseRule {
            grace: Duration::ZERO,
            binding: ReuseBinding::UserAgent,
            detection: ReuseDetection::Off,
        },
    }
}

pub(super) async fn count(bench: &Bench, sql: &'static str) -> i64 {
    let row = bench.database.fetch_optional(sql, []).await.unwrap();
    row.expect("a count").read(0).unwrap()
}

const OUTSTANDING: &str = "SELECT count(*) FROM token_blacklist_outstandingtoken";
const BLACKLISTED: &str = "SELECT count(*) FROM token_blacklist_blacklistedtoken";

pub(crate) async fn a_record_is_made_once_and_kept(bench: &Bench) {
    let tokens = &bench.stores.outstanding_tokens;
    let alice = bench.user("alice").await;
    tokens.record(token("a", Some(&alice.id))).await.unwrap();
    let other = OutstandingToken {
        token: secret("forged"),
        ..token("a", None)
    };
    tokens.record(other).await.unwrap();
    let sql = "SELECT jti, token, user_id, created_at, expires_at FROM token_blacklist_outstandingtoken";
    let rows = bench.database.fetch_all(sql, []).await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].read::<String>(1).unwrap(), "text of a");
    assert_eq!(rows[0].read::<Option<i64>>(2).unwrap(), Some(1));
    assert_eq!(rows[0].read::<Timestamp>(3).unwrap(), at(1));
    if bench.database.dialect() == Dialect::Sqlite {
        assert_eq!(rows[0].read::<String>(3).unwrap(), "1970-01-01 00:00:01.000250");
    }
}

pub(crate) async fn what_is_taken_back_stays_so(bench: &Bench) {
    let tokens = &bench.stores.outstanding_tokens;
    tokens.record(token("a", None)).await.unwrap();
    assert!(!tokens.is_blacklisted("a").await.unwrap());
    assert!(!tokens.is_blacklisted("never seen").await.unwrap());
    assert_eq!(
        tokens.blacklist(token("a", None), at(2)).await.unwrap(),
        Blacklisting::Done
    );
    assert_eq!(
        tokens.blacklist(token("a", None), at(3)).await.unwrap(),
        Blacklisting::Already
    );
    assert_eq!(
        tokens.blacklist(token("new", None), at(3)).await.unwrap(),
        Blacklisting::Done
    );
    assert!(tokens.is_blacklisted("a").await.unwrap());
    assert!(tokens.is_blacklisted("new").await.unwrap());
    for other in ["A", "a ", "", "a\0"] {
        assert!(!tokens.is_blacklisted(other).await.unwrap(), "{other:?}");
    }
}

pub(crate) async fn the_blacklist_is_read_page_by_page(bench: &Bench) {
    let tokens = &bench.stores.outstanding_tokens;
    let alice = bench.user("alice").await;
    tokens.record(token("good", Some(&alice.id))).await.unwrap();
    let ended = OutstandingToken {
        expires_at: at(10),
        ..token("ended", None)
    };
    tokens.blacklist(ended, at(2)).await.unwrap();
    for jti in ["a", "b", "c"] {
        tokens
            .blacklist(token(jti, Some(&alice.id)), at(2))
            .await
            .unwrap();
    }
    let first = tokens.blacklist_page(0, at(10), 2).await.unwrap();
    let told: Vec<_> = first
        .iter()
        .map(|token| (token.jti.as_str(), token.expires_at))
        .collect();
    assert_eq!(told, [("a", at(1_000)), ("b", at(1_000))]);
    let after = first[1].row;
    let second = tokens.blacklist_page(after, at(10), 2).await.unwrap();
    assert_eq!(second.len(), 1);
    assert_eq!(second[0].jti, "c");
    assert_eq!(tokens.blacklist_page(second[0].row, at(10), 2).await.unwrap(), []);
    assert_eq!(tokens.blacklist_page(0, at(1_000), 2).await.unwrap(), []);
}

pub(crate) async fn what_one_call_took_back_of_a_user_is_told(bench: &Bench) {
    let (tokens, revocations) = (&bench.stores.outstanding_tokens, &bench.stores.revocations);
    let (alice, bob) = (bench.user("alice").await, bench.user("bob").await);
    tokens
        .blacklist(token("before", Some(&alice.id)), at(2))
        .await
        .unwrap();
    for (jti, user) in [("a", &alice), ("b", &alice), ("c", &bob)] {
        tokens.record(token(jti, Some(&user.id))).await.unwrap();
    }
    for user in [&alice, &bob] {
        revocations
            .revoke_user(&user.id, Revoke::JSON_WEB_TOKENS, at(3))
            .await
            .unwrap();
    }
    let told = async |user: &UserId, when, limit| {
        let told = tokens.taken_back_at(user, when, limit).await.unwrap();
        told.into_iter().map(|token| token.jti).collect::<Vec<_>>()
    };
    assert_eq!(told(&alice.id, at(3), 9).await, ["a", "b"]);
    assert_eq!(told(&alice.id, at(3), 1).await, ["a"]);
    assert_eq!(told(&alice.id, at(2), 9).await, ["before"]);
    assert_eq!(told(&bob.id, at(3), 9).await, ["c"]);
    assert!(told(&bob.id, at(2), 9).await.is_empty());
}

pub(crate) async fn it_is_taken_back_by_one(bench: &Bench) {
    let done = bench
        .crowd(|stores, _| async move {
            let tokens = stores.outstanding_tokens;
            tokens.blacklist(token("a", None), at(2)).await.unwrap()
        })
        .await;
    assert_eq!(done.iter().filter(|done| **done == Blacklisting::Done).count(), 1);
    assert_eq!(
        (count(bench, OUTSTANDING).await, count(bench, BLACKLISTED).await),
        (1, 1)
    );
}

pub(crate) async fn exactly_one_rotation_wins(bench: &Bench) {
    let alice = bench.user("alice").await.id.clone();
    let rotations = bench
        .crowd(move |stores, number| {
            let new = token(&format!("new {number}"), Some(&alice));
            let old = token("old", Some(&alice));
            async move {
                let tokens = stores.outstanding_tokens;
                tokens
                    .rotate(old, new, Predecessor::Blacklist(lineage()), at(2))
                    .await
                    .unwrap()
            }
        })
        .await;
    let wins = rotations
        .iter()
        .filter(|rotation| **rotation == Rotation::Done)
        .count();
    assert_eq!(wins, 1);
    assert_eq!(
        (count(bench, OUTSTANDING).await, count(bench, BLACKLISTED).await),
        (2, 1)
    );
    assert!(
        bench
            .stores
            .outstanding_tokens
            .is_blacklisted("old")
            .await
            .unwrap()
    );
}

pub(crate) async fn a_predecessor_may_stay_good(bench: &Bench) {
    let tokens = &bench.stores.outstanding_tokens;
    for jti in ["b", "c"] {
        let rotation = tokens.rotate(token("a", None), token(jti, None), Predecessor::Keep, at(2));
        assert_eq!(rotation.await.unwrap(), Rotation::Done);
    }
    assert!(!tokens.is_blacklisted("a").await.unwrap());
    tokens.blacklist(token("a", None), at(3)).await.unwrap();
    for predecessor in [Predecessor::Keep, Predecessor::Blacklist(lineage())] {
        let rotation = tokens.rotate(token("a", None), token("d", None), predecessor, at(4));
        assert_eq!(rotation.await.unwrap(), Rotation::Blacklisted);
    }
    let written = count(
        bench,
        "SELECT count(*) FROM token_blacklist_outstandingtoken WHERE jti = 'd'",
    )
    .await;
    assert_eq!(written, 0);
}

/// As after `ON DELETE SET NULL`: the token is nobody's, and can still be taken back.
pub(crate) async fn a_user_who_is_gone_is_no_fault(bench: &Bench) {
    let tokens = &bench.stores.outstanding_tokens;
    let gone = UserId::Int(4_711);
    tokens.record(token("a", Some(&gone))).await.unwrap();
    tokens.blacklist(token("b", Some(&gone)), at(2)).await.unwrap();
    let rotation = tokens.rotate(
        token("c", Some(&gone)),
        token("d", Some(&gone)),
        Predecessor::Blacklist(lineage()),
        at(2),
    );
    assert_eq!(rotation.await.unwrap(), Rotation::Done);
    let orphans = "SELECT count(*) FROM token_blacklist_outstandingtoken WHERE user_id IS NULL";
    assert_eq!(count(bench, orphans).await, 4);
}

pub(crate) async fn an_id_that_is_too_long_is_refused(bench: &Bench) {
    let tokens = &bench.stores.outstanding_tokens;
    let (longest, longer) = ("ä".repeat(255), "ä".repeat(256));
    tokens.record(token(&longest, None)).await.unwrap();
    assert!(tokens.record(token(&longer, None)).await.is_err());
    assert!(tokens.blacklist(token(&longer, None), at(2)).await.is_err());
    let rotation = tokens.rotate(
        token("a", None),
        token(&longer, None),
        Predecessor::Blacklist(lineage()),
        at(2),
    );
    assert!(rotation.await.is_err());
    assert!(!tokens.is_blacklisted("a").await.unwrap());
    assert_eq!(count(bench, OUTSTANDING).await, 1);
}

pub(crate) async fn the_expired_are_deleted_in_portions(bench: &Bench) {
    let tokens = &bench.stores.outstanding_tokens;
    for number in 0..5 {
        let token = OutstandingToken {
            expires_at: at(number),
            ..token(&number.to_string(), None)
        };
        tokens.blacklist(token, at(0)).await.unwrap();
    }
    assert_eq!(tokens.delete_expired(at(3), 3).await.unwrap(), 3);
    assert_eq!(tokens.delete_expired(at(3), 3).await.unwrap(), 1);
    assert_eq!(tokens.delete_expired(at(3), 3).await.unwrap(), 0);
    assert_eq!(
        (count(bench, OUTSTANDING).await, count(bench, BLACKLISTED).await),
        (1, 1)
    );
}

/// Those who delete wait for nobody, and nobody for them.
pub(crate) async fn of_many_at_once_each_is_deleted_once(bench: &Bench) {
    let tokens = &bench.stores.outstanding_tokens;
    for number in 0..60 {
        let token = OutstandingToken {
            expires_at: at(number),
            ..token(&number.to_string(), None)
        };
        tokens.blacklist(token, at(0)).await.unwrap();
    }
    let deleted = bench
        .crowd(|stores, number| async move {
            let tokens = &stores.outstanding_tokens;
            if number % 2 == 0 {
                return tokens.delete_expired(at(49), 7).await.unwrap();
            }
            let token = token(&format!("new {number}"), None);
            assert_eq!(tokens.blacklist(token, at(50)).await.unwrap(), Blacklisting::Done);
            0
        })
        .await;
    assert_eq!(deleted.iter().sum::<u64>(), 50);
    assert_eq!(
        (count(bench, OUTSTANDING).await, count(bench, BLACKLISTED).await),
        (42, 42)
    );
}
