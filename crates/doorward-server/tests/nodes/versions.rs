//! Fault F16: the release before serves beside this one, on one database.
//!
//! `DOORWARD_BEFORE` names its program, as `cargo xtask extra` builds it; without it the first test does nothing.

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use crate::cluster::{Cluster, databases};
use crate::storm::{SETTINGS, is_kept, lasting, weather};
use crate::support::Running;

#[expect(
    clippy::disallowed_methods,
    reason = "this is how a test run is told the program"
)]
fn before() -> Option<PathBuf> {
    std::env::var_os("DOORWARD_BEFORE").map(PathBuf::from)
}

/// The older one migrates and serves; the newer one migrates, and joins it while it works; the older one ends.
#[test]
fn the_release_before_serves_beside_this_one() {
    let Some(before) = before() else {
        return;
    };
    for database in databases() {
        let mut cluster = Cluster::of(&before, database, 2, SETTINGS);
        cluster.command(&["migrate"], "");
        let newer = [cluster.serve(), cluster.serve()];
        cluster.nodes.extend(newer);
        let ledger = weather(&cluster, || {
            thread::sleep(lasting(Duration::from_secs(2)));
            cluster.nodes[0].signal("TERM");
            cluster.nodes[1].signal("TERM");
        });
        for node in &cluster.nodes[2..] {
            assert!(node.get("/readyz").starts_with("HTTP/1.1 200"), "{}", node.log());
        }
        is_kept(&ledger, &cluster);
        cluster.end();
    }
}

/// What the migrations of a release to come may do, in words of every kind of database.
const TO_COME: [&str; 3] = [
    "CREATE TABLE doorward_to_come (id integer NOT NULL PRIMARY KEY, what varchar(20) NOT NULL)",
    "ALTER TABLE doorward_token_family ADD COLUMN to_come varchar(20) NULL",
    "INSERT INTO doorward_migration (name, applied) VALUES ('9999_to_come', '2030-01-01 00:00:00')",
];

/// Rolling back: the newer release has migrated, and processes of this one are started again beside it.
#[test]
fn this_release_starts_where_a_newer_one_has_migrated() {
    for database in databases() {
        let mut cluster = Cluster::on(database, 1, SETTINGS);
        cluster.database(async |database| {
            for statement in TO_COME {
                database.execute(statement, []).await.expect(statement);
            }
        });
        let started = cluster.serve();
        cluster.nodes.push(started);
        let ledger = weather(&cluster, || thread::sleep(lasting(Duration::from_secs(1))));
        for node in &cluster.nodes {
            assert!(node.get("/readyz").starts_with("HTTP/1.1 200"), "{}", node.log());
        }
        let [before, after] = [&cluster.nodes[0], &cluster.nodes[1]].map(Running::log);
        assert!(!before.contains("9999_to_come"), "{before}");
        assert!(after.contains("a newer Doorward has migrated"), "{after}");
        assert!(after.contains("9999_to_come"), "{after}");
        is_kept(&ledger, &cluster);
        cluster.end();
    }
}
