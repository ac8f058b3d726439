//! Fault F6 on each server: the disk of its tables is full. It needs a file system of its own, so a system administrator's
//! rights.

use doorward::database::Sql;

use crate::cluster::{Cluster, log_in, on};
use crate::mariadb_process::MariaDbProcess;
use crate::postgres_process::PostgresProcess;
use crate::small_disk::Disk;
use crate::support::field;

#[test]
fn a_postgresql_whose_disk_is_full_is_told_and_recovered_from() {
    let Some(server) = PostgresProcess::start() else {
        return;
    };
    server.give_folder("small");
    let Some(disk) = Disk::mounted(server.folder().join("small"), "32m") else {
        return;
    };
    server.give_folder("small/tables");
    on(&format!("{}/postgres", server.url()), async |admin| {
        let place = disk.0.join("tables").display().to_string();
        for sql in [
            format!("CREATE TABLESPACE small LOCATION '{place}'"),
            "CREATE DATABASE site TABLESPACE small".to_owned(),
        ] {
            admin.execute(Sql::rendered(sql), []).await.expect("it is made");
        }
    });
    is_told_and_recovered_from(&disk, format!("{}/site", server.url()));
}

#[test]
fn a_mariadb_whose_disk_is_full_is_told_and_recovered_from() {
    let Some(server) = MariaDbProcess::start() else {
        return;
    };
    on(&format!("{}/mysql", server.url()), async |admin| {
        let made = admin.execute("CREATE DATABASE site", []).await;
        made.expect("it is made");
    });
    let Some(disk) = Disk::mounted(server.data().join("site"), "32m") else {
        return;
    };
    is_told_and_recovered_from(&disk, format!("{}/site", server.url()));
}

fn is_told_and_recovered_from(disk: &Disk, url: String) {
    let cluster = Cluster::at(url, 2, "");
    let mut kept = vec![token(&cluster).expect("there is room")];
    disk.fill();
    kept.extend((0..5_000).map_while(|_| token(&cluster)));
    assert!(kept.len() < 5_000, "the disk was never full");
    let verify = format!("{{\"token\": \"{}\"}}", kept.last().expect("one"));
    assert!(
        cluster.nodes[1]
            .post("/api/token/verify/", &verify)
            .starts_with("HTTP/1.1 200"),
        "reads go on"
    );
    disk.free();
    kept.push(token(&cluster).expect("there is room again"));
    let written = cluster.count("SELECT count(*) FROM token_blacklist_outstandingtoken");
    assert_eq!(
        usize::try_from(written),
        Ok(kept.len()),
        "as many as were handed out"
    );
    cluster.end();
}

/// A refresh token; none where there is no room for one, which is told.
fn token(cluster: &Cluster) -> Option<String> {
    let answer = log_in(&cluster.nodes[0], "alice").expect("it is answered");
    if answer.status() == 200 {
        return Some(field(&answer.0, "refresh"));
    }
    assert_eq!(answer.status(), 503, "{answer:?}");
    assert!(answer.says_when_to_come_back(), "{answer:?}");
    None
}
