//! Floods of frames (row 179): they cost their sender the connection, and nobody else anything.

use std::fs;
use std::io::Write;
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use super::frames::{
    self, CONTINUATION, DATA, END_HEADERS, END_STREAM, ENHANCE_YOUR_CALM, Frame, GOAWAY, HEADERS, PING,
    PREFACE, RST_STREAM,
};
use super::support::{Folder, Running};

/// How much memory a flood may leave behind, in KiB.
const MEMORY: u64 = 48 * 1024;

/// Resident memory, in KiB.
fn memory(server: &Running) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", server.id())).expect("it runs");
    let line = status
        .lines()
        .find(|line| line.starts_with("VmRSS"))
        .expect("a line");
    line.split_whitespace().nth(1).unwrap().parse().unwrap()
}

/// Sends `flood` again and again, until the server ends the connection or `times` are over; why it ended it.
fn flood(server: &Running, opening: &[u8], times: u32, mut flood: impl FnMut(u32) -> Vec<u8>) -> Option<u32> {
    let mut stream = server.connect();
    let listener = stream.try_clone().expect("a handle");
    let listening = thread::spawn(move || goodbye(listener));
    let _ = stream.write_all(&[PREFACE, &frames::settings(&[]), opening].concat());
    let _ = (0..times).try_for_each(|turn| stream.write_all(&flood(turn)));
    let _ = stream.shutdown(std::net::Shutdown::Write);
    listening.join().expect("it ends")
}

fn goodbye(mut stream: TcpStream) -> Option<u32> {
    let frames = std::iter::from_fn(|| frames::read(&mut stream));
    frames
        .filter(|frame| frame.kind == GOAWAY)
        .map(|frame| Frame::goodbye(&frame).1)
        .last()
}

/// A good client is served while the flood goes on, and after it.
fn holds(work: impl FnOnce(&Running) + Send) {
    let folder = Folder::migrated();
    let server = folder.serve();
    let before = memory(&server);
    thread::scope(|scope| {
        let flooding = scope.spawn(|| work(&server));
        while !flooding.is_finished() {
            let start = Instant::now();
            assert!(
                server.get("/healthz").starts_with("HTTP/1.1 200"),
                "{}",
                server.log()
            );
            assert!(start.elapsed() < Duration::from_secs(2), "{:?}", start.elapsed());
        }
        flooding.join().expect("it holds");
    });
    let after = memory(&server);
    assert!(after < before + MEMORY, "{before} KiB before, {after} KiB after");
    assert!(!server.log().contains("panicked"), "{}", server.log());
}

#[test]
fn requests_that_are_taken_back_end_the_connection() {
    holds(|server| {
        let cancel = 8_u32.to_be_bytes();
        let end = flood(server, &[], 1_000, |turn| {
            let numbers = (1 + turn * 200..1 + (turn + 1) * 200).step_by(2);
            let taken_back = |number| {
                [
                    frames::get("/healthz", number),
                    frames::frame(RST_STREAM, 0, number, &cancel),
                ]
            };
            numbers.flat_map(taken_back).flatten().collect()
        });
        assert_eq!(end, Some(ENHANCE_YOUR_CALM));
    });
}

#[test]
fn a_head_without_end_ends_the_connection() {
    holds(|server| {
        let head = frames::frame(HEADERS, END_STREAM, 1, &frames::block("/healthz"));
        let more = frames::frame(
            CONTINUATION,
            0,
            1,
            &frames::field("x", &"a".repeat(100)).repeat(10),
        );
        let end = flood(server, &head, 100_000, |_| more.clone());
        assert_eq!(end, Some(ENHANCE_YOUR_CALM));
    });
}

#[test]
fn a_small_head_that_unpacks_to_a_large_one_is_refused() {
    holds(|server| {
        let kept = [&[0x40, 1, b'x', 100][..], &[b'a'; 100]].concat();
        let bomb = [frames::block("/healthz"), kept, vec![0xBE; 10_000]].concat();
        flood(server, &[], 200, |turn| {
            frames::frame(HEADERS, END_HEADERS | END_STREAM, 1 + turn * 2, &bomb)
        });
    });
}

#[test]
fn settings_and_pings_without_end_cost_little() {
    holds(|server| {
        flood(server, &[], 100, |_| {
            frames::settings(&[(frames::WINDOW, 65_535)]).repeat(1_000)
        });
        flood(server, &[], 100, |_| {
            frames::frame(PING, 0, 0, b"8 bytes.").repeat(1_000)
        });
    });
}

/// curl before 8.0 loses an answer whose stream is reset before it has sent its body.
#[test]
fn an_early_answer_waits_for_the_body() {
    let folder = Folder::migrated();
    let server = folder.serve();
    let mut stream = server.connect();
    let opening = [PREFACE, &frames::settings(&[]), &frames::post("/api/profile/", 1)].concat();
    stream.write_all(&opening).unwrap();
    until_answered(&mut stream, 1);
    thread::sleep(Duration::from_millis(300));
    for _ in 0..100 {
        stream
            .write_all(&frames::frame(DATA, 0, 1, &[b'a'; 1_000]))
            .unwrap();
    }
    stream
        .write_all(&frames::frame(DATA, END_STREAM, 1, b"a"))
        .unwrap();
    stream.write_all(&frames::get("/healthz", 3)).unwrap();
    let seen = until_answered(&mut stream, 3);
    assert!(seen.iter().all(|frame| frame.kind != RST_STREAM), "{seen:?}");
}

/// Nobody is waited for longer than a moment.
#[test]
fn who_goes_on_sending_is_reset() {
    let folder = Folder::migrated();
    let server = folder.serve();
    let mut stream = server.connect();
    let opening = [PREFACE, &frames::settings(&[]), &frames::post("/api/profile/", 1)].concat();
    stream.write_all(&opening).unwrap();
    until_answered(&mut stream, 1);
    let start = Instant::now();
    let reset = std::iter::from_fn(|| frames::read(&mut stream)).find(|frame| frame.kind == RST_STREAM);
    assert_eq!(
        reset.map(|frame| frame.payload),
        Some(0_u32.to_be_bytes().to_vec())
    );
    assert!(start.elapsed() < Duration::from_secs(6), "{:?}", start.elapsed());
}

/// The frames until a stream's answer has ended.
fn until_answered(stream: &mut TcpStream, number: u32) -> Vec<Frame> {
    let mut seen = Vec::new();
    while let Some(frame) = frames::read(stream) {
        frames::acknowledge(stream, &frame);
        let is_end = frame.kind <= HEADERS && frame.flags & END_STREAM != 0 && frame.stream == number;
        seen.push(frame);
        if is_end {
            return seen;
        }
    }
    panic!("the connection ended: {seen:?}");
}
