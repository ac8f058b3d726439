//! Faults F1 and F3 with several processes: connections that are cut, a server that restarts, a process that is killed, in
//! the middle of 64 clients that refresh.

use std::io::Write;
use std::thread;
use std::time::Duration;

use doorward::database::{Database, Dialect, Sql};

use crate::cluster::{Cluster, databases, on};
use crate::mariadb_process::MariaDbProcess;
use crate::postgres_process::PostgresProcess;
use crate::storm::{Ledger, SETTINGS, is_kept, lasting, weather};

const USUALLY: Duration = Duration::from_millis(1_500);

fn tell(what: &str, ledger: &Ledger) {
    let (rotations, refusals) = (ledger.rotations(), ledger.refusals());
    writeln!(
        std::io::stderr(),
        "{what}: {rotations} rotations, {refusals} refusals"
    )
    .expect("stderr is there");
}

#[test]
fn connections_that_are_cut_lose_nothing() {
    for fresh in databases().into_iter().skip(1) {
        let (server, name) = fresh.url().rsplit_once('/').expect("a database of a server");
        let (server, name) = (server.to_owned(), name.to_owned());
        let cluster = Cluster::on(fresh, 2, SETTINGS);
        let ledger = weather(&cluster, || {
            on(&beside(&server), async |admin| {
                for _ in 0..lasting(USUALLY).as_millis() / 150 {
                    tokio::time::sleep(Duration::from_millis(150)).await;
                    cut(admin, &name).await;
                }
            });
        });
        tell(&format!("cut on {name}"), &ledger);
        is_kept(&ledger, &cluster);
        assert_few_connections(&cluster);
        cluster.end();
    }
}

/// A database of that server that is always there.
fn beside(server: &str) -> String {
    match server.starts_with("postgres") {
        true => format!("{server}/postgres"),
        false => format!("{server}/mysql"),
    }
}

/// Cuts every connection to that database.
async fn cut(admin: &Database, name: &str) {
    if admin.dialect() == Dialect::Postgres {
        let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ?";
        admin.fetch_all(cut, [name.into()]).await.expect("they are cut");
        return;
    }
    let ids = "SELECT id FROM information_schema.processlist WHERE db = ?";
    for row in admin.fetch_all(ids, [name.into()]).await.expect("they are told") {
        let id: i64 = row.read(0).expect("a number");
        // It may be gone by itself.
        let _ = admin.execute(Sql::rendered(format!("KILL {id}")), []).await;
    }
}

/// No connection is left behind: two processes have 16 each at most, and this one its own.
fn assert_few_connections(cluster: &Cluster) {
    let count = cluster.database(async |database| {
        let sql = match database.dialect() {
            Dialect::Postgres => "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()",
            _ => "SELECT count(*) FROM information_schema.processlist WHERE db = database()",
        };
        let row = database.fetch_optional(sql, []).await.expect("it is read");
        row.expect("a row").read::<i64>(0).expect("a number")
    });
    assert!(count <= 2 * 16 + 1, "{count} connections");
}

#[test]
fn a_server_that_restarts_loses_nothing() {
    if let Some(own) = PostgresProcess::start() {
        let url = format!("{}/postgres", own.url());
        survives_restarts(url, || own.stop("immediate"), || own.run(""));
    }
    if let Some(own) = MariaDbProcess::start() {
        let make = "CREATE DATABASE site CHARACTER SET utf8mb4";
        on(&beside(&own.url()), async |admin| {
            admin.execute(make, []).await.expect("it is made");
        });
        survives_restarts(format!("{}/site", own.url()), || own.kill(), || own.run());
    }
}

fn survives_restarts(url: String, stop: impl Fn(), start: impl Fn()) {
    let cluster = Cluster::at(url, 2, SETTINGS);
    let ledger = weather(&cluster, || {
        for _ in 0..(lasting(USUALLY).as_millis() / 700).max(1) {
            thread::sleep(Duration::from_millis(300));
            stop();
            thread::sleep(Duration::from_millis(200));
            start();
        }
    });
    tell("restarted", &ledger);
    assert!(ledger.refusals() > 0, "somebody met it");
    is_kept(&ledger, &cluster);
    assert_few_connections(&cluster);
    assert!(cluster.nodes[0].get("/readyz").starts_with("HTTP/1.1 200"));
    cluster.end();
}

#[test]
fn a_process_that_is_killed_loses_nothing() {
    for database in databases() {
        let mut cluster = Cluster::on(database, 2, SETTINGS);
        let ledger = weather(&cluster, || {
            thread::sleep(lasting(USUALLY) / 2);
            cluster.nodes[1].signal("KILL");
            thread::sleep(lasting(USUALLY) / 2);
        });
        tell("killed", &ledger);
        cluster.nodes.truncate(1);
        is_kept(&ledger, &cluster);
        let other = cluster.serve();
        assert!(
            other.get("/readyz").starts_with("HTTP/1.1 200"),
            "a new one joins"
        );
        cluster.end();
    }
}
