//! Fault F7 on each server: somebody holds a table, as a migration of Django's may.

use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use base64::{Engine, engine::general_purpose::STANDARD};
use doorward::database::{Database, Dialect, Sql, Transaction};

use crate::cluster::{Answer, Client, Cluster, PASSWORD, crowd, databases, log_in, refresh, with_status};
use crate::storm::lasting;
use crate::support::field;

const SETTINGS: &str = "[jwt]\nrotate_refresh_tokens = true\nblacklist_after_rotation = true\n\
    [database]\nlock_timeout = \"300ms\"\npool_timeout = \"1s\"\n";

/// Holds a table for that long; what the requests of `ask` are told meanwhile.
fn held(cluster: &Cluster, table: &str, ask: impl FnOnce() -> Vec<Answer> + Send) -> Vec<Answer> {
    let (begun, told) = (Barrier::new(2), Barrier::new(2));
    thread::scope(|scope| {
        scope.spawn(|| {
            cluster.database(async |database| {
                let _holder = hold(database, table).await;
                begun.wait();
                tokio::time::sleep(lasting(Duration::from_millis(500))).await;
                told.wait();
            });
        });
        begun.wait();
        let answers = ask();
        told.wait();
        answers
    })
}

/// Holds it until the transaction, or on MariaDB the connection, is gone.
async fn hold(database: &Database, table: &str) -> Option<Transaction> {
    if database.dialect() == Dialect::MariaDb {
        let lock = Sql::rendered(format!("LOCK TABLES {table} WRITE"));
        database.execute(lock, []).await.expect("it is held");
        return None;
    }
    let lock = Sql::rendered(format!("LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE"));
    let mut holder = database.transaction().await.expect("it begins");
    holder.execute(lock, []).await.expect("it is held");
    Some(holder)
}

fn profile(client: Client<'_>) -> Option<Answer> {
    let header = format!(
        "Authorization: Basic {}\r\n",
        STANDARD.encode(format!("alice:{PASSWORD}"))
    );
    client.send("GET", "/api/profile/", &header, "")
}

fn all(answers: Vec<Option<Answer>>) -> Vec<Answer> {
    answers
        .into_iter()
        .map(|answer| answer.expect("it is answered"))
        .collect()
}

fn are_told(answers: &[Answer]) {
    assert_eq!(with_status(answers, 503), answers.len(), "{answers:?}");
    assert!(answers.iter().all(Answer::says_when_to_come_back), "{answers:?}");
}

#[test]
fn a_table_that_is_held_is_told_and_recovered_from() {
    for fresh in databases().into_iter().skip(1) {
        is_told_and_recovered_from(Cluster::on(fresh, 2, SETTINGS));
    }
}

fn is_told_and_recovered_from(cluster: Cluster) {
    let pair = log_in(&cluster.nodes[0], "alice").expect("it is answered");
    let token = field(&pair.0, "refresh");
    let who_writes = || all(crowd(&cluster.nodes, 12, |client, _| refresh(client, &token)));
    are_told(&held(&cluster, "token_blacklist_outstandingtoken", who_writes));
    let who_reads = || all(crowd(&cluster.nodes, 12, |client, _| profile(client)));
    are_told(&held(&cluster, "auth_user", who_reads));
    let others = held(&cluster, "token_blacklist_outstandingtoken", who_reads);
    assert_eq!(
        with_status(&others, 200),
        12,
        "who needs another table: {others:?}"
    );
    let client = Client::of(&cluster.nodes[1].address).expect("it listens");
    let answer = refresh(client, &token).expect("it is answered");
    assert_eq!(answer.status(), 200, "nothing was spent: {answer:?}");
    assert_eq!(with_status(&who_reads(), 200), 12);
    cluster.end();
}
