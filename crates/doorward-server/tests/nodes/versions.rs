//! Fault F16: the release before serves beside this one, on one database.
//!
//! `DOORWARD_BEFORE` names its program, as `cargo xtask extra` builds it; without it these tests do nothing.

use std::path::PathBuf;
use std::thread;
use std::time::Duration;

use crate::cluster::{Cluster, databases};
use crate::storm::{SETTINGS, is_kept, lasting, weather};

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
