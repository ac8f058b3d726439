//! Rows 13, 14, 23 and 99 to 101: requests that are no requests, and lengths that lie.

use std::io::{Read, Write};

use super::site::{End, JSON, LOGIN, PASSWORD, Site, basic};

/// What a server says to a head that is none: 400 or 431, or nothing.
const NO_HEAD: [u16; 3] = [0, 400, 431];

fn head(headers: impl AsRef<[u8]>) -> Vec<u8> {
    [
        b"GET /api/profile/ HTTP/1.1\r\nHost: localhost\r\n",
        headers.as_ref(),
        b"\r\n",
    ]
    .concat()
}

#[test]
fn heads_that_are_none_are_refused_and_the_connection_closed() {
    let site = Site::new();
    let good = basic("alice", PASSWORD);
    let headers: [(&str, Vec<u8>); 10] = [
        (
            "23 space before the colon",
            format!("Authorization : {good}\r\n").into(),
        ),
        (
            "23 folding",
            format!("Authorization: Basic\r\n {good}\r\n").into(),
        ),
        (
            "23 folding by a tab",
            format!("Authorization:\r\n\t{good}\r\n").into(),
        ),
        ("23 CR", format!("Authorization: {good}\rX: y\r\n").into()),
        ("23 NUL", format!("Authorization: {good}\0\r\n").into()),
        ("14 no colon", b"Authorization Basic\r\n".into()),
        ("no name", b": value\r\n".into()),
        ("a name of other bytes", b"Auth\xFForization: x\r\n".into()),
        ("control characters", b"X-Colour: \x1b[31mred\r\n".into()),
        ("DEL", b"X-Colour: \x7f\r\n".into()),
    ];
    for (row, header) in headers {
        let answer = site.send(&head(header));
        site.refuses(row, &answer, &NO_HEAD);
        assert!(answer.count() <= 1, "{row}: {answer:?}");
    }
    assert!(!site.server.log().contains('\u{1b}'), "{}", site.server.log());
}

#[test]
fn a_bare_line_feed_makes_no_second_request() {
    let site = Site::new();
    let good = basic("alice", PASSWORD);
    let answer = site.exchange(&head(format!("X: a\nAuthorization: {good}\r\n")), End::Shut);
    site.holds("23 LF", &answer);
    assert!(answer.count() <= 1, "{answer:?}");
}

#[test]
fn heads_without_measure_are_refused() {
    let site = Site::new();
    let large = format!("Authorization: Basic {}\r\n", "A".repeat(1_000_000));
    site.refuses("14 one of 1 MB", &site.send(&head(large)), &NO_HEAD);
    let many = "X-Many: a\r\n".repeat(10_000);
    site.refuses("14 of 10 000", &site.send(&head(many)), &NO_HEAD);
    let some = "A: b\r\n".repeat(1_000);
    site.refuses("14 of 1 000", &site.send(&head(some)), &NO_HEAD);
    let value = format!(
        "Authorization: Basic {}\r\nConnection: close\r\n",
        "A".repeat(60_000)
    );
    site.refuses("13 60 KB", &site.send(&head(value)), &[0, 401, 431]);
}

#[test]
fn starts_that_are_none_are_refused() {
    let site = Site::new();
    let starts: [&[u8]; 9] = [
        b"\r\n\r\n\r\n\r\n",
        b"GARBAGE\r\n\r\n",
        b"GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1 \r\nHost: localhost\r\n\r\n",
        b"GET\t/ HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"G\xFFT / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\xff\xff\xff\xff\xff\xff\xff\xff\xff",
        b"GET / HTTP/1.0\r\n\r\n",
    ];
    for start in starts {
        let answer = site.exchange(start, End::Shut);
        site.holds(&start.escape_ascii().to_string(), &answer);
        assert!(![200, 401].contains(&answer.status()), "{answer:?}");
    }
}

#[test]
fn lengths_that_lie_are_refused() {
    let site = Site::new();
    let (length, more) = (LOGIN.len(), LOGIN.len() + 100);
    let lengths = [
        "Content-Length: -1\r\n".to_owned(),
        "Content-Length: +5\r\n".to_owned(),
        "Content-Length: 0x50\r\n".to_owned(),
        "Content-Length: 5 5\r\n".to_owned(),
        "Content-Length:\r\n".to_owned(),
        "Content-Length: 100000000000000000000\r\n".to_owned(),
        "Content-Length: 18446744073709551615\r\n".to_owned(),
        format!("Content-Length: {length}\r\nContent-Length: 5\r\n"),
        format!("Content-Length: {length}, 5\r\n"),
        format!("Content-Length: {more}\r\n"),
    ];
    for header in lengths {
        let request = format!("POST /api/token/ HTTP/1.1\r\nHost: localhost\r\n{header}{JSON}\r\n{LOGIN}");
        let answer = site.exchange(request.as_bytes(), End::Shut);
        site.refuses(&header, &answer, &[0, 400, 413, 431]);
        assert!(answer.count() <= 1, "{header}: {answer:?}");
    }
}

/// What follows a body that was announced too short is no part of it, and no good request either.
#[test]
fn the_rest_of_a_body_is_no_request() {
    let site = Site::new();
    let request =
        format!("POST /api/token/ HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n{JSON}\r\n{LOGIN}");
    let answer = site.exchange(request.as_bytes(), End::Shut);
    site.refuses("100 too small", &answer, &[400]);
    assert_eq!(
        answer.0.matches("HTTP/1.1 400").count(),
        answer.count(),
        "{answer:?}"
    );
}

#[test]
fn a_length_beside_chunks_hides_no_request() {
    let site = Site::new();
    let good = basic("alice", PASSWORD);
    let hidden = format!("GET /api/profile/ HTTP/1.1\r\nHost: localhost\r\nAuthorization: {good}\r\n\r\n");
    let (chunks, length) = ("Transfer-Encoding: chunked\r\n", "Content-Length: 4\r\n");
    let frames = [
        format!("{length}{chunks}"),
        format!("{chunks}{length}"),
        "Transfer-Encoding: chunked, identity\r\n".to_owned(),
        "Transfer-Encoding: xchunked\r\n".to_owned(),
        "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked\r\n".to_owned(),
        "Transfer-Encoding : chunked\r\n".to_owned(),
        "Transfer-Encoding: \x0bchunked\r\n".to_owned(),
    ];
    for frame in frames {
        let request =
            format!("POST /api/token/ HTTP/1.1\r\nHost: localhost\r\n{JSON}{frame}\r\n0\r\n\r\n{hidden}");
        let answer = site.exchange(request.as_bytes(), End::Shut);
        site.refuses(&frame, &answer, &[0, 400]);
        assert!(answer.count() <= 1, "{frame}: {answer:?}");
    }
}

#[test]
fn chunks_that_are_none_are_refused() {
    let site = Site::new();
    let extension = format!("5;{}\r\nhello\r\n0\r\n\r\n", "a".repeat(1_000_000));
    let trailers = format!("0\r\n{}\r\n", "X: y\r\n".repeat(10_000));
    let bodies = [
        "FFFFFFFFFFFFFFFF\r\n{}",
        "FFFFFFFFFFFFFFFFF\r\n{}",
        "-1\r\n{}",
        "0x2\r\n{}\r\n0\r\n\r\n",
        "\r\n{}",
        "nonsense",
        "2\r\n{}garbage",
        "2\r\n{}\r\n",
        &extension,
        &trailers,
    ];
    for body in bodies {
        let request = format!(
            "POST /api/token/ HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n{JSON}\r\n{body}"
        );
        let answer = site.exchange(request.as_bytes(), End::Shut);
        let name: String = body.chars().take(30).collect();
        site.refuses(&name, &answer, &[0, 400, 413]);
        assert!(answer.count() <= 1, "{name}: {answer:?}");
    }
}

/// Requests of one connection are answered in their order, each to its own sender.
#[test]
fn requests_on_one_connection_do_not_mix() {
    let site = Site::new();
    let mut stream = site.server.connect();
    for (name, status) in [("alice", "200"), ("mallory", "401"), ("bob", "200")] {
        let credentials = basic(name, PASSWORD);
        let request = head(format!("Authorization: {credentials}\r\n"));
        stream.write_all(&request).expect("it is sent");
        let mut answer = [0; 2048];
        let read = stream.read(&mut answer).expect("it is answered");
        let answer = String::from_utf8_lossy(&answer[..read]).into_owned();
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
        assert_eq!(
            answer.contains(&format!("\"username\":\"{name}\"")),
            status == "200",
            "{answer}"
        );
    }
}
