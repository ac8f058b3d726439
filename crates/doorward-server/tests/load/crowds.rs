//! More connections than there is room for (rows 177, 178; F9, F19).

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::support::{Folder, Running};

const REQUEST: &[u8] = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n";

/// So many connections, each of which was answered once, and says nothing more.
fn idle(server: &Running, count: usize) -> Vec<TcpStream> {
    let connection = |_| {
        let mut stream = server.connect();
        stream.write_all(REQUEST).expect("it is sent");
        let mut answer = [0; 1024];
        assert!(stream.read(&mut answer).expect("it is answered") > 0);
        stream
    };
    (0..count).map(connection).collect()
}

/// A server that may open so many files.
fn with_files(folder: &Folder, files: u32) -> Running {
    let program = folder.command(&[]).get_program().to_owned();
    let line = format!("ulimit -n {files}; exec \"$0\" runserver 127.0.0.1:0");
    let mut command = Command::new("sh");
    command
        .arg("-c")
        .arg(line)
        .arg(program)
        .current_dir(folder.path(""));
    Running::start(command)
}

/// Seconds of processor time so far.
fn cpu(server: &Running) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{}/stat", server.id())).expect("it runs");
    let fields: Vec<_> = stat.rsplit_once(')').expect("a name").1.split(' ').collect();
    let ticks: f64 = fields[12].parse::<f64>().unwrap() + fields[13].parse::<f64>().unwrap();
    ticks / 100.0
}

fn is_served_within(server: &Running, patience: Duration) {
    let start = Instant::now();
    assert!(
        server.get("/healthz").starts_with("HTTP/1.1 200"),
        "{}",
        server.log()
    );
    assert!(start.elapsed() < patience, "{:?}", start.elapsed());
}

#[test]
fn idle_connections_do_not_keep_good_clients_out() {
    let folder = Folder::migrated();
    let server = folder.serve();
    let _idle = idle(&server, 1_000);
    for _ in 0..20 {
        is_served_within(&server, Duration::from_secs(2));
    }
}

#[test]
fn who_is_idle_longest_makes_room() {
    let folder = Folder::migrated();
    let server = folder.serve_with(&[("DOORWARD_SERVER__MAX_CONNECTIONS", "8")]);
    let mut idle = idle(&server, 8);
    is_served_within(&server, Duration::from_secs(8));
    let ended = idle
        .iter_mut()
        .filter_map(|stream| stream.read(&mut [0; 64]).ok());
    assert!(ended.count() > 0, "nobody made room");
}

#[test]
fn a_process_that_may_open_few_files_keeps_some_for_itself() {
    let folder = Folder::migrated();
    let server = with_files(&folder, 64);
    let connections: Vec<_> = (0..200).map(|_| server.connect()).collect();
    thread::sleep(Duration::from_millis(500));
    let open = fs::read_dir(format!("/proc/{}/fd", server.id()))
        .expect("it runs")
        .count();
    assert!(open < 60, "{open} files are open");
    let before = cpu(&server);
    thread::sleep(Duration::from_secs(1));
    let busy = cpu(&server) - before;
    assert!(
        busy < 0.5,
        "{busy} s of processor time in a second in which nothing could be done"
    );
    drop(connections);
    is_served_within(&server, Duration::from_secs(8));
    assert!(server.says("no room for another connection"), "{}", server.log());
}

#[test]
fn connections_that_come_and_go_leave_nothing_behind() {
    let folder = Folder::migrated();
    let server = folder.serve();
    let files = || {
        fs::read_dir(format!("/proc/{}/fd", server.id()))
            .expect("it runs")
            .count()
    };
    let before = files();
    for _ in 0..5_000 {
        drop(server.connect());
    }
    is_served_within(&server, Duration::from_secs(5));
    let start = Instant::now();
    while files() > before + 2 {
        assert!(
            start.elapsed() < Duration::from_secs(10),
            "{} files, {before} before",
            files()
        );
        thread::sleep(Duration::from_millis(50));
    }
}
