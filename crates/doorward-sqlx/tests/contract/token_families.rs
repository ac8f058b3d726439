//! A token has one successor, which is answered again within a grace; what is used after that ends its family.

use std::collections::BTreeSet;
use std::time::Duration;

use doorward_core::stores::ReuseBinding;
use doorward_core::stores::{
    Lineage, OutstandingToken, Predecessor, ReuseDetection, ReuseEvent, ReuseKind, ReuseRule, Rotation,
    Stores,
};

use super::outstanding_tokens::{lineage, token};
use super::{Bench, at};

const GRACE: ReuseRule = ReuseRule {
    grace: Duration::from_secs(10),
    binding: ReuseBinding::UserAgent,
    detection: ReuseDetection::RevokeFamily,
};

const STRICT: ReuseRule = ReuseRule {
    grace: Duration::ZERO,
    ..GRACE
};

/// Rotates `old` to `new`, as a client at a second.
async fn rotate_as(
    stores: &Stores,
    old: &str,
    new: &str,
    rule: ReuseRule,
    client: &str,
    second: i64,
) -> Rotation {
    let lineage = Lineage {
        family: format!("{new:0>32}"),
        began_at: at(1),
        claims: claims(new),
        client: client.to_owned(),
        rule,
    };
    let (old, new) = (token(old, None), token(new, None));
    let predecessor = Predecessor::Blacklist(lineage);
    let tokens = &stores.outstanding_tokens;
    tokens.rotate(old, new, predecessor, at(second)).await.unwrap()
}

async fn rotate(bench: &Bench, old: &str, new: &str, second: i64) -> Rotation {
    rotate_as(&bench.stores, old, new, GRACE, "client", second).await
}

fn claims(jti: &str) -> String {
    format!("{{\"jti\":\"{jti}\"}}")
}

fn reused(revoked: u64) -> Rotation {
    let kind = ReuseKind::Reused;
    Rotation::Refused { kind, revoked }
}

async fn is_good(bench: &Bench, jti: &str) -> bool {
    !bench.others.outstanding_tokens.is_blacklisted(jti).await.unwrap()
}

async fn events(bench: &Bench) -> Vec<ReuseEvent> {
    bench.others.outstanding_tokens.reuse_events(1_000).await.unwrap()
}

pub(crate) async fn the_same_successor_is_answered_again(bench: &Bench) {
    assert_eq!(rotate(bench, "a", "b", 2).await, Rotation::Done);
    for second in [2, 3, 11] {
        let again = rotate(bench, "a", "never", second).await;
        assert_eq!(again, Rotation::Replayed(claims("b")));
    }
    assert!(is_good(bench, "b").await && !is_good(bench, "a").await);
    let events = events(bench).await;
    assert_eq!(events.len(), 3);
    assert_eq!(events[0].kind, ReuseKind::Replayed);
    assert_eq!(
        (events[0].jti.as_str(), events[0].client.as_str()),
        ("a", "client")
    );
    assert_eq!((events[0].at, events[2].at), (at(11), at(2)));
}

pub(crate) async fn the_grace_ends(bench: &Bench) {
    rotate(bench, "a", "b", 2).await;
    assert_eq!(rotate(bench, "a", "never", 12).await, reused(1));
    assert!(!is_good(bench, "b").await);
    assert_eq!(events(bench).await[0].kind, ReuseKind::Reused);
    // The family is gone: its latest token too is refused, and there is nothing more to take back.
    assert_eq!(rotate(bench, "b", "never", 13).await, Rotation::Blacklisted);
    assert_eq!(rotate(bench, "a", "never", 13).await, reused(0));
}

pub(crate) async fn the_ninth_replay_is_reuse(bench: &Bench) {
    rotate(bench, "a", "b", 2).await;
    for _ in 0..8 {
        assert_eq!(
            rotate(bench, "a", "never", 3).await,
            Rotation::Replayed(claims("b"))
        );
    }
    assert_eq!(rotate(bench, "a", "never", 3).await, reused(1));
    assert!(!is_good(bench, "b").await);
}

pub(crate) async fn a_used_successor_is_not_answered_again(bench: &Bench) {
    rotate(bench, "a", "b", 2).await;
    rotate(bench, "b", "c", 3).await;
    assert_eq!(rotate(bench, "a", "never", 4).await, reused(1));
    assert!(!is_good(bench, "c").await);
}

pub(crate) async fn a_successor_that_was_taken_back_is_not_answered_again(bench: &Bench) {
    rotate(bench, "a", "b", 2).await;
    let tokens = &bench.stores.outstanding_tokens;
    tokens.blacklist(token("b", None), at(3)).await.unwrap();
    assert_eq!(rotate(bench, "a", "never", 4).await, reused(0));
}

pub(crate) async fn another_client_ends_the_family(bench: &Bench) {
    rotate(bench, "a", "b", 2).await;
    let refused = |revoked| Rotation::Refused {
        kind: ReuseKind::OtherClient,
        revoked,
    };
    let other = rotate_as(&bench.stores, "a", "never", GRACE, "other", 3).await;
    assert_eq!(other, refused(1));
    assert!(!is_good(bench, "b").await);
    assert_eq!(rotate(bench, "a", "never", 3).await, reused(0));
    let kinds: Vec<_> = events(bench).await.iter().map(|event| event.kind).collect();
    assert_eq!(kinds, [ReuseKind::Reused, ReuseKind::OtherClient]);
}

pub(crate) async fn without_detection_another_client_is_refused_only(bench: &Bench) {
    let rule = ReuseRule {
        detection: ReuseDetection::Off,
        ..GRACE
    };
    rotate_as(&bench.stores, "a", "b", rule, "client", 2).await;
    let other = rotate_as(&bench.stores, "a", "never", rule, "other", 3).await;
    let (kind, revoked) = (ReuseKind::OtherClient, 0);
    assert_eq!(other, Rotation::Refused { kind, revoked });
    assert!(is_good(bench, "b").await);
}

/// However many come at once, from two clients: none but the first has a token, and that one is good only where nobody
/// came from the other client.
pub(crate) async fn of_many_at_once_from_two_clients_nobody_keeps_a_token(bench: &Bench) {
    let rotations = bench
        .crowd(|stores, number| async move {
            let (new, client) = (format!("new {number}"), format!("client {}", number % 2));
            (rotate_as(&stores, "old", &new, GRACE, &client, 2).await, new)
        })
        .await;
    let mut winners = rotations.iter().filter(|(done, _)| *done == Rotation::Done);
    let (_, new) = winners.next().expect("one of them is the first");
    assert!(winners.next().is_none() && !is_good(bench, new).await);
    let ended = |done: &Rotation| matches!(done, Rotation::Refused { revoked: 1, .. });
    let ended = rotations.iter().filter(|(done, _)| ended(done));
    assert_eq!(ended.count(), 1, "the family ends once");
}

pub(crate) async fn without_a_binding_any_client_will_do(bench: &Bench) {
    let rule = ReuseRule {
        binding: ReuseBinding::None,
        ..GRACE
    };
    rotate_as(&bench.stores, "a", "b", rule, "client", 2).await;
    let other = rotate_as(&bench.stores, "a", "never", rule, "other", 3).await;
    assert_eq!(other, Rotation::Replayed(claims("b")));
}

pub(crate) async fn without_detection_reuse_is_refused_only(bench: &Bench) {
    let rule = ReuseRule {
        detection: ReuseDetection::Off,
        ..GRACE
    };
    rotate_as(&bench.stores, "a", "b", rule, "client", 2).await;
    let late = rotate_as(&bench.stores, "a", "never", rule, "client", 12).await;
    assert_eq!(late, Rotation::Blacklisted);
    assert!(is_good(bench, "b").await && events(bench).await.is_empty());
}

/// Django rotates too, and knows no families; a logout takes back what was never rotated.
pub(crate) async fn what_we_did_not_rotate_is_refused_only(bench: &Bench) {
    let tokens = &bench.stores.outstanding_tokens;
    tokens.blacklist(token("djangos", None), at(2)).await.unwrap();
    assert_eq!(rotate(bench, "djangos", "never", 3).await, Rotation::Blacklisted);
    rotate(bench, "a", "b", 3).await;
    tokens.blacklist(token("b", None), at(4)).await.unwrap();
    assert_eq!(rotate(bench, "b", "never", 5).await, Rotation::Blacklisted);
    assert!(events(bench).await.is_empty());
}

pub(crate) async fn families_are_apart_and_keep_their_beginning(bench: &Bench) {
    let tokens = &bench.stores.outstanding_tokens;
    for (old, new) in [("a", "b"), ("b", "c"), ("x", "y")] {
        rotate(bench, old, new, 2).await;
    }
    assert_eq!(rotate(bench, "a", "never", 20).await, reused(1));
    assert!(!is_good(bench, "c").await && is_good(bench, "y").await);
    for jti in ["a", "b", "c", "y"] {
        assert_eq!(tokens.family_began_at(jti).await.unwrap(), Some(at(1)), "{jti}");
    }
    for jti in ["never", "A", ""] {
        assert_eq!(tokens.family_began_at(jti).await.unwrap(), None, "{jti}");
    }
}

pub(crate) async fn a_family_is_taken_back_by_any_of_its_tokens(bench: &Bench) {
    let tokens = &bench.stores.outstanding_tokens;
    rotate(bench, "a", "b", 2).await;
    rotate(bench, "b", "c", 3).await;
    assert_eq!(tokens.revoke_family(token("a", None), at(4)).await.unwrap(), 1);
    assert!(!is_good(bench, "c").await);
    assert_eq!(tokens.revoke_family(token("a", None), at(4)).await.unwrap(), 0);
    assert_eq!(
        tokens.revoke_family(token("alone", None), at(4)).await.unwrap(),
        1
    );
    assert!(!is_good(bench, "alone").await);
}

pub(crate) async fn a_client_in_a_loop_does_not_fill_the_disk(bench: &Bench) {
    rotate_as(&bench.stores, "a", "b", STRICT, "client", 2).await;
    for _ in 0..40 {
        rotate_as(&bench.stores, "a", "never", STRICT, "client", 3).await;
    }
    assert_eq!(events(bench).await.len(), ReuseEvent::KEPT_PER_TOKEN as usize);
}

pub(crate) async fn families_end_with_their_tokens(bench: &Bench) {
    let tokens = &bench.stores.outstanding_tokens;
    rotate(bench, "a", "b", 2).await;
    rotate(bench, "a", "never", 3).await;
    tokens.delete_expired(at(1_000), 100).await.unwrap();
    assert_eq!(tokens.family_began_at("b").await.unwrap(), None);
    assert_eq!(events(bench).await.len(), 1);
    let later = at(3).saturating_add(ReuseEvent::KEPT_FOR);
    tokens.delete_expired(later, 100).await.unwrap();
    assert!(events(bench).await.is_empty());
}

pub(crate) async fn of_many_at_once_all_get_the_one_successor(bench: &Bench) {
    let rule = ReuseRule {
        binding: ReuseBinding::None,
        ..GRACE
    };
    let rotations = bench
        .crowd(move |stores, number| async move {
            let new = format!("new {number}");
            (rotate_as(&stores, "old", &new, rule, "client", 2).await, new)
        })
        .await;
    let winners: Vec<_> = rotations
        .iter()
        .filter(|(done, _)| *done == Rotation::Done)
        .collect();
    assert_eq!(winners.len(), 1);
    let again = Rotation::Replayed(claims(&winners[0].1));
    let replays = rotations.iter().filter(|(done, _)| *done == again);
    assert_eq!(replays.count(), 63);
    assert_eq!(
        rotate(bench, "old", "never", 3).await,
        again,
        "a burst is not counted"
    );
}

pub(crate) async fn of_many_at_once_without_a_grace_one_succeeds(bench: &Bench) {
    let rotations = bench
        .crowd(|stores, number| async move {
            let new = format!("new {number}");
            rotate_as(&stores, "old", &new, STRICT, "client", 2).await
        })
        .await;
    let count = |wanted: &Rotation| rotations.iter().filter(|done| *done == wanted).count();
    assert_eq!(
        (count(&Rotation::Done), count(&reused(1)), count(&reused(0))),
        (1, 1, 62)
    );
    let tokens: BTreeSet<_> = events(bench).await.into_iter().map(|event| event.jti).collect();
    assert_eq!(tokens, ["old".to_owned()].into());
}

/// What is expired and about to be blacklisted is deleted a moment later, or a moment before: nobody hears of it.
pub(crate) async fn families_end_while_the_expired_are_deleted(bench: &Bench) {
    let tokens = &bench.stores.outstanding_tokens;
    for number in 0..64 {
        let new = OutstandingToken {
            expires_at: at(5),
            ..token(&format!("new {number}"), None)
        };
        let lineage = Lineage {
            family: format!("{number:032}"),
            ..lineage()
        };
        let predecessor = Predecessor::Blacklist(lineage);
        let rotation = tokens.rotate(token(&format!("old {number}"), None), new, predecessor, at(1));
        assert_eq!(rotation.await.unwrap(), Rotation::Done);
    }
    bench
        .crowd(|stores, number| async move {
            let tokens = &stores.outstanding_tokens;
            match number % 2 {
                0 => tokens.delete_expired(at(10), 2).await.unwrap(),
                _ => {
                    let old = token(&format!("old {}", number / 2), None);
                    tokens.revoke_family(old, at(10)).await.unwrap()
                }
            }
        })
        .await;
}
