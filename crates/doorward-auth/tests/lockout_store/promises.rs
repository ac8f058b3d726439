//! Failed logins, and what is locked.

use std::time::Duration;

use doorward_auth::lockout::{
    AccountCounters, CountedAccount, CounterName, Limits, LoginAttempt, LoginAttempts, OnSuccess, Reserved,
    Reset, Settlement, Success,
};
use doorward_django::client_ident::ClientIdent;
use doorward_django::timestamp::Timestamp;

use crate::bench::{Bench, at};

const LIMITS: Limits = Limits {
    failures: 5,
    address_failures: 1_000,
    window: Duration::from_secs(900),
    cool_off: Duration::from_secs(60),
    cool_off_max: Duration::from_secs(600),
    known_for: Duration::from_secs(10_000),
    on_success: OnSuccess::Reset,
};

fn attempt(id: usize, username: &str, address: &str) -> LoginAttempt {
    let account = CountedAccount::of_any_spelling(username);
    let client = ClientIdent::new(address.parse().unwrap(), 64);
    LoginAttempt {
        id: format!("{id:032x}"),
        accounts: vec![counters(&account, client)],
        shared: vec![CounterName::of_address(client)],
        limits: LIMITS,
    }
}

fn counters(account: &CountedAccount, client: ClientIdent) -> AccountCounters {
    AccountCounters {
        account: account.key.clone(),
        device: None,
        network: Some(CounterName::of_network(account, client)),
        origins: CounterName::of_origins(account),
        strangers: vec![CounterName::of_account(account)],
    }
}

fn succeeded(attempt: &LoginAttempt, refuted: &[&LoginAttempt]) -> Settlement {
    let key = |attempt: &LoginAttempt| attempt.accounts[0].account.clone();
    Settlement::Succeeded(Success {
        account: Some(key(attempt)),
        refuted: refuted.iter().map(|attempt| key(attempt)).collect(),
    })
}

async fn reserve(stores: &LoginAttempts, attempt: &LoginAttempt, now: Timestamp) -> Reserved {
    stores.reserve(attempt, now).await.unwrap()
}

async fn settle(
    stores: &LoginAttempts,
    attempt: &LoginAttempt,
    settlement: Settlement,
    now: Timestamp,
) -> usize {
    let locks = stores.settle(attempt, settlement, now).await;
    locks.unwrap().len()
}

async fn fail(stores: &LoginAttempts, id: usize, username: &str, address: &str, now: Timestamp) -> usize {
    let attempt = attempt(id, username, address);
    let reserved = reserve(stores, &attempt, now).await;
    assert_eq!(reserved, Reserved::Granted);
    settle(stores, &attempt, Settlement::Failed, now).await
}

async fn held(bench: &Bench) -> Vec<(String, Option<String>, u32, bool)> {
    let held = bench.others.list(100).await.unwrap();
    let rows = held.into_iter().map(|(name, counter)| {
        let who = name.account.map(|account| account.label).or(name.address);
        let kind = name.kind.name().to_owned();
        (
            kind,
            who,
            counter.failures(),
            counter.locked_until(at(10)).is_some(),
        )
    });
    rows.collect()
}

pub(crate) async fn of_any_number_at_once_so_many_are_granted(bench: &Bench) {
    let reserved = bench
        .crowd(|stores, number| async move {
            let address = format!("203.0.113.{number}");
            reserve(&stores, &attempt(number, "alice", &address), at(1)).await
        })
        .await;
    let granted = reserved
        .iter()
        .filter(|reserved| matches!(reserved, Reserved::Granted));
    assert_eq!(granted.count(), 5);
    let full = reserved.iter().filter(|reserved| **reserved == Reserved::Full);
    assert_eq!(full.count(), 59);
}

pub(crate) async fn of_many_failures_one_locks(bench: &Bench) {
    let locks = bench
        .crowd(|stores, number| async move {
            let attempt = attempt(number, "alice", &format!("203.0.113.{number}"));
            match reserve(&stores, &attempt, at(1)).await {
                Reserved::Granted => settle(&stores, &attempt, Settlement::Failed, at(1)).await,
                _ => 0,
            }
        })
        .await;
    assert_eq!(locks.iter().sum::<usize>(), 1);
    let asked = reserve(&bench.others, &attempt(99, "Alice", "192.0.2.1"), at(3)).await;
    assert_eq!(asked, Reserved::Locked(at(61)));
}

/// Names and addresses that others share, in every order, while counters that are over go.
pub(crate) async fn of_many_at_once_every_failure_is_counted(bench: &Bench) {
    for id in 100..130 {
        fail(
            &bench.stores,
            id,
            &format!("old {id}"),
            "198.51.100.1",
            at(-100_000),
        )
        .await;
    }
    bench
        .crowd(|stores, number| async move {
            let (name, address) = (number % 4, number / 4 % 4);
            let asked = LoginAttempt {
                limits: Limits {
                    failures: 1_000,
                    ..LIMITS
                },
                ..attempt(number, &format!("name {name}"), &format!("203.0.113.{address}"))
            };
            assert_eq!(reserve(&stores, &asked, at(1)).await, Reserved::Granted);
            settle(&stores, &asked, Settlement::Failed, at(1)).await
        })
        .await;
    let of_kind = |rows: &[(String, Option<String>, u32, bool)], kind: &str| {
        let counts = rows.iter().filter(|(found, ..)| found == kind);
        counts.map(|(_, _, failures, _)| *failures).collect::<Vec<_>>()
    };
    let rows = held(bench).await;
    assert_eq!(of_kind(&rows, "account"), [16; 4]);
    assert_eq!(of_kind(&rows, "address"), [16; 4]);
}

pub(crate) async fn what_is_released_can_be_had_again(bench: &Bench) {
    for id in 0..20 {
        let attempt = attempt(id, "alice", "203.0.113.1");
        let settlement = match id % 2 {
            0 => Settlement::Released,
            _ => succeeded(&attempt, &[]),
        };
        let reserved = reserve(&bench.stores, &attempt, at(1)).await;
        assert!(matches!(reserved, Reserved::Granted), "{id}");
        assert_eq!(settle(&bench.others, &attempt, settlement, at(1)).await, 0);
    }
    assert_eq!(held(bench).await, []);
}

pub(crate) async fn a_network_is_known_after_a_success(bench: &Bench) {
    let home = attempt(1, "alice", "192.0.2.1");
    reserve(&bench.stores, &home, at(1)).await;
    settle(&bench.stores, &home, succeeded(&home, &[]), at(1)).await;
    for id in 2..7 {
        fail(&bench.others, id, "alice", "203.0.113.1", at(2)).await;
    }
    let asked = |id, address| attempt(id, "alice", address);
    let others = &bench.others;
    assert_eq!(
        reserve(others, &asked(8, "192.0.2.1"), at(3)).await,
        Reserved::Granted
    );
    assert_eq!(
        reserve(others, &asked(9, "192.0.2.2"), at(3)).await,
        Reserved::Locked(at(62))
    );
    let released = asked(8, "192.0.2.1");
    settle(others, &released, Settlement::Released, at(3)).await;
    assert_eq!(
        reserve(others, &asked(10, "192.0.2.1"), at(10_001)).await,
        Reserved::Granted,
        "it was known for so long"
    );
}

pub(crate) async fn what_is_held_can_be_listed_and_reset(bench: &Bench) {
    let long = format!("x\n{}", "y".repeat(9_999));
    for (id, username, address) in [
        (1, "alice", "203.0.113.1"),
        (2, "bob", "203.0.113.2"),
        (3, &long, "2001:db8::1"),
    ] {
        fail(&bench.stores, id, username, address, at(1)).await;
    }
    for id in 10..14 {
        fail(&bench.stores, id, "bob", "203.0.113.2", at(1)).await;
    }
    let rows = held(bench).await;
    assert_eq!(rows.len(), 6);
    assert_eq!(rows[0], ("account".to_owned(), Some("bob".to_owned()), 0, true));
    assert!(rows.contains(&("address".to_owned(), Some("2001:db8::/64".to_owned()), 1, false)));
    let store = &bench.others;
    assert_eq!(store.reset(&Reset::account(" BOB"), 100).await.unwrap(), 1);
    assert_eq!(store.reset(&Reset::account(" BOB"), 100).await.unwrap(), 0);
    let address = Reset::Address("2001:db8::/64".to_owned());
    assert_eq!(store.reset(&address, 100).await.unwrap(), 1);
    assert_eq!(store.reset(&Reset::All, 3).await.unwrap(), 3);
    assert_eq!(store.reset(&Reset::All, 3).await.unwrap(), 1);
    assert_eq!(held(bench).await, []);
    fail(&bench.stores, 20, "bob", "203.0.113.2", at(1)).await;
}

pub(crate) async fn a_reset_keeps_what_is_under_way_and_what_is_known(bench: &Bench) {
    let home = attempt(1, "alice", "192.0.2.1");
    reserve(&bench.stores, &home, at(1)).await;
    settle(&bench.stores, &home, succeeded(&home, &[]), at(1)).await;
    for id in 2..7 {
        let attempt = attempt(id, "alice", "192.0.2.1");
        reserve(&bench.stores, &attempt, at(1)).await;
        settle(&bench.stores, &attempt, Settlement::Failed, at(1)).await;
    }
    let store = &bench.stores;
    assert_eq!(store.reset(&Reset::All, 100).await.unwrap(), 1);
    for id in 7..13 {
        let asked = reserve(&bench.others, &attempt(id, "alice", "192.0.2.1"), at(1)).await;
        let wanted = match id {
            12 => Reserved::Full,
            _ => Reserved::Granted,
        };
        assert_eq!(asked, wanted, "{id}");
    }
}

/// Two accounts of one name: each has its own counter, and what one forgets the name forgets of it alone.
pub(crate) async fn a_success_forgets_what_the_account_held(bench: &Bench) {
    let client = ClientIdent::new("203.0.113.1".parse().unwrap(), 64);
    let named = |id, exactly| LoginAttempt {
        accounts: vec![counters(&CountedAccount::of_name(exactly), client)],
        shared: vec![CounterName::of_account(&CountedAccount::of_any_spelling(exactly))],
        ..attempt(id, exactly, "203.0.113.1")
    };
    let stores = [&bench.stores, &bench.others].into_iter().cycle();
    for ((id, name), stores) in ["alice", "alice", "Alice", "alice"]
        .iter()
        .enumerate()
        .zip(stores)
    {
        let attempt = named(id, name);
        assert_eq!(reserve(stores, &attempt, at(1)).await, Reserved::Granted, "{id}");
        settle(stores, &attempt, Settlement::Failed, at(1)).await;
    }
    let theirs = named(7, "Alice");
    reserve(&bench.stores, &theirs, at(1)).await;
    settle(&bench.stores, &theirs, succeeded(&theirs, &[]), at(1)).await;
    let failures = held(bench).await.into_iter().map(|(_, _, failures, _)| failures);
    assert_eq!(
        failures.collect::<Vec<_>>(),
        [3, 3],
        "the account's and the name's"
    );
    let mut both = named(8, "alice");
    both.accounts.extend(theirs.accounts.clone());
    reserve(&bench.others, &both, at(1)).await;
    let settlement = succeeded(&theirs, &[&named(0, "alice")]);
    settle(&bench.others, &both, settlement, at(1)).await;
    let most = held(bench)
        .await
        .into_iter()
        .map(|(_, _, failures, _)| failures)
        .max();
    assert_eq!(most, Some(4), "whose password was tried on the way has failed");
}

/// A stranger who tries ever new names does not fill the disk.
pub(crate) async fn what_is_over_goes(bench: &Bench) {
    for id in 0..100 {
        fail(&bench.stores, id, &format!("name {id}"), "203.0.113.1", at(1)).await;
    }
    assert_eq!(
        held(bench).await.len(),
        100,
        "a hundred accounts and an address, of which a hundred are listed"
    );
    for id in 200..300 {
        let now = at(10_000);
        let attempt = attempt(id, "bob", "203.0.113.2");
        reserve(&bench.stores, &attempt, now).await;
        settle(&bench.stores, &attempt, Settlement::Released, now).await;
    }
    assert_eq!(held(bench).await, []);
}

pub(crate) async fn a_clock_set_back_is_written_down(bench: &Bench) {
    for id in 0..5 {
        fail(&bench.stores, id, "alice", "203.0.113.1", at(100_000)).await;
    }
    for (now, wanted) in [(0, Some(60)), (30, Some(60)), (59, Some(60)), (60, None)] {
        let asked = attempt(10, "alice", "203.0.113.9");
        let reserved = reserve(&bench.others, &asked, at(now)).await;
        let wanted = wanted.map_or(Reserved::Granted, |until| Reserved::Locked(at(until)));
        assert_eq!(reserved, wanted, "{now}");
    }
}
