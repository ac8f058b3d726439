//! How many SQL statements requests cost, counted where they are sent, on every kind of database.
#![cfg(all(feature = "mariadb", feature = "postgres", feature = "sqlite"))]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod site;

use std::time::Duration;

use doorward::settings::{FeedUse, Period};
use doorward_testing::TestClient;
use site::{Kind, Site};
use tokio::time::{Instant, sleep};

/// Long enough for a machine that is busy.
const BOUND: Duration = Duration::from_millis(400);

/// A test on each kind of database; skipped where there is no server of it.
macro_rules! on_each_kind {
    ($($test:ident)*) => {
        mod on_sqlite { $(#[tokio::test] async fn $test() { super::$test(super::Kind::Sqlite).await; })* }
        mod on_postgres { $(#[tokio::test] async fn $test() { super::$test(super::Kind::Postgres).await; })* }
        mod on_mariadb { $(#[tokio::test] async fn $test() { super::$test(super::Kind::MariaDb).await; })* }
    };
}

on_each_kind! {
    with_a_feed_no_request_costs_a_statement
    without_a_feed_a_credential_costs_one_within_the_bound
    without_our_own_tables_it_costs_no_more
    without_a_cache_nothing_of_it_runs
    those_who_wait_together_share_a_statement
}

/// The same requests again and again for so long; how many there were of each.
async fn ask(clients: &[(TestClient, &str)], long: Duration) -> u32 {
    let (begun, mut rounds) = (Instant::now(), 0);
    while begun.elapsed() < long {
        for (client, path) in clients {
            client.get(path).await.assert_status(200);
        }
        rounds += 1;
        sleep(Duration::from_millis(5)).await;
    }
    rounds
}

async fn with_a_feed_no_request_costs_a_statement(kind: Kind) {
    let Some(site) = Site::open(kind, |settings| {
        settings.cache.feed = FeedUse::On;
        settings.cache.max_staleness = Period::from_millis(400);
        settings.jwt.check_revoke_token = true;
    })
    .await
    else {
        return;
    };
    let clients = [
        (site.token().await, "/may/"),
        (site.jwt().await, "/may/"),
        (site.jwt().await, "/model/"),
        (site.session().await, "/me/"),
    ];
    site.until_live(&clients).await;
    ask(&clients, Duration::from_millis(20)).await;
    let before = site.statements();
    let rounds = ask(&clients, 5 * BOUND).await;
    let after = site.statements();
    assert!(rounds > 10 && after.polls > before.polls, "{rounds} {after:?}");
    assert_eq!(
        after.asked - before.asked,
        0,
        "{rounds} rounds, {:?}",
        site.cache()
    );
    let polls = after.polls - before.polls;
    assert!(
        polls <= 20 * 2 + 5,
        "at most twenty a second: {polls} in two seconds"
    );
    site.end().await;
}

async fn without_a_feed_a_credential_costs_one_within_the_bound(kind: Kind) {
    let change = |settings: &mut doorward::settings::Settings| {
        settings.cache.feed = FeedUse::Off;
        settings.cache.max_staleness = Period::from_millis(400);
        settings.jwt.check_revoke_token = true;
    };
    let Some(site) = Site::open(kind, change).await else {
        return;
    };
    let token = (site.token().await, "/me/");
    let jwt = (site.jwt().await, "/me/");
    // A session's row and its user; a token's user, what he may do and what he belongs to.
    let (session, may) = ((site.session().await, "/me/"), (site.jwt().await, "/may/"));
    for (client, each) in [(token, 1), (jwt, 1), (session, 2), (may, 3)] {
        let (begun, before) = (Instant::now(), site.statements());
        ask(&[client], 3 * BOUND).await;
        let bounds = begun.elapsed().as_millis().div_ceil(BOUND.as_millis());
        let cost = u128::from(site.statements().asked - before.asked);
        assert!(
            (each..=each * (bounds + 1)).contains(&cost),
            "{cost} in {bounds} bounds"
        );
        assert_eq!(site.statements().polls, 0);
        site.forget();
    }
    site.end().await;
}

async fn without_our_own_tables_it_costs_no_more(kind: Kind) {
    let Some(site) = Site::open(kind, |settings| {
        settings.cache.max_staleness = Period::from_secs(0);
    })
    .await
    else {
        return;
    };
    let access = site.access_token().await;
    site.drop_own_tables().await;
    let site = site.opened_again().await;
    let jwt = site.bearing(&access);
    for _ in 0..3 {
        let before = site.statements();
        jwt.get("/me/").await.assert_status(200);
        assert_eq!(site.statements().asked - before.asked, 1);
    }
    site.end().await;
}

async fn without_a_cache_nothing_of_it_runs(kind: Kind) {
    let Some(site) = Site::open(kind, |settings| {
        settings.cache.enabled = false;
        settings.cache.feed = FeedUse::On;
        settings.cache.max_staleness = Period::from_millis(400);
    })
    .await
    else {
        return;
    };
    let token = site.token().await;
    token.get("/me/").await.assert_status(200);
    let before = site.statements();
    sleep(BOUND).await;
    assert_eq!(site.statements(), before, "nobody asked");
    for _ in 0..10 {
        token.get("/me/").await.assert_status(200);
    }
    assert_eq!(
        (site.statements().asked - before.asked, site.statements().polls),
        (10, 0)
    );
    assert_eq!(site.cache(), None);
    site.end().await;
}

async fn those_who_wait_together_share_a_statement(kind: Kind) {
    let Some(site) = Site::open(kind, |settings| {
        settings.cache.max_staleness = Period::from_secs(3600);
        settings.cache.max_age = Period::from_secs(3600);
    })
    .await
    else {
        return;
    };
    let keys = site.many_tokens(2_000).await;
    let before = site.statements();
    site.herd(&keys).await;
    let cost = site.statements().asked - before.asked;
    // How many share one depends on how fast the database answers; `cache/batches.rs` has the exact numbers.
    assert!(
        (1..2_000).contains(&cost),
        "{cost} statements for {} cold tokens",
        keys.len()
    );
    let fills = site
        .cache()
        .unwrap()
        .kinds
        .iter()
        .find(|kind| kind.kind == "token")
        .unwrap()
        .fills;
    assert_eq!(fills, 2_000);
    site.herd(&keys).await;
    assert_eq!(site.statements().asked - before.asked, cost, "they are warm");
    site.end().await;
}
