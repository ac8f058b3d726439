//! Fault F6 on a server: the disk of its tables is full. It needs a file system of its own, so a system administrator's
//! rights.

use std::fs::{self, File};
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use doorward::database::Sql;

use crate::cluster::{Cluster, log_in, on};
use crate::postgres_process::PostgresProcess;
use crate::support::field;

/// A small file system for the tables; it is taken away when this goes.
struct Disk(PathBuf);

impl Disk {
    fn mounted(server: &PostgresProcess) -> Option<Self> {
        let folder = server.folder().join("small");
        fs::create_dir(&folder).expect("a folder");
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=32m,mode=777", "tmpfs"])
            .arg(&folder);
        let done = mount.output().is_ok_and(|output| output.status.success());
        done.then_some(Self(folder))
    }

    fn fill(&self) {
        let mut file = File::create(self.0.join("fill")).expect("a file");
        for size in [64 << 10, 1] {
            while file.write_all(&vec![0; size]).is_ok() {}
        }
    }

    fn free(&self) {
        fs::remove_file(self.0.join("fill")).expect("there is one");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[expect(clippy::print_stderr, reason = "a skipped test says so")]
fn skipped() {
    eprintln!("skipped: only a system administrator can mount a small disk");
}

#[test]
fn a_server_whose_disk_is_full_is_told_and_recovered_from() {
    let Some(server) = PostgresProcess::start() else {
        return;
    };
    let Some(disk) = Disk::mounted(&server) else {
        return skipped();
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
    let cluster = Cluster::at(format!("{}/site", server.url()), 2, "");
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
