//! Listeners that are no Redis server, or a slow way to one.

use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::process::RedisProcess;
use crate::{hit, limit, open, until_shared, waiting};

/// Something that answers each read with the same bytes.
async fn impostor(answer: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut bytes = [0; 4096];
                while stream.read(&mut bytes).await.is_ok_and(|length| length > 0) {
                    let _ = stream.write_all(answer).await;
                }
            });
        }
    });
    url
}

#[tokio::test]
async fn nonsense_is_no_verdict() {
    let answers: [&[u8]; 6] = [
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"\xff\x00\xff\x00garbage\r\n",
        b"+OK\r\n+OK\r\n+OK\r\n",
        b"*2\r\n:-1\r\n:99999999999999\r\n",
        b"$2147483647\r\nno",
        b"",
    ];
    for answer in answers {
        let store = open(&impostor(answer).await).await;
        for wanted in [true, false] {
            let start = Instant::now();
            let verdict = hit(&store, "nonsense", &limit("1/min")).await;
            assert_eq!(verdict.is_allowed(), wanted, "{answer:?}");
            assert!(start.elapsed() < crate::faults::DECIDING, "{answer:?}");
        }
        assert!(!store.is_shared(), "{answer:?}");
    }
}

#[tokio::test]
async fn tls_finds_its_cryptography_and_takes_no_plain_answer() {
    let plain = impostor(b"+OK\r\n").await.replace("redis://", "rediss://");
    assert!(!open(&plain).await.is_shared());
}

/// A way to a server on which each answer takes a while.
async fn slow_way(to: &RedisProcess, delay: Duration) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("redis://{}", listener.local_addr().unwrap());
    let to = to.url().trim_start_matches("redis://").to_owned();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(&to).await.unwrap();
            let (mut questions, mut back) = client.into_split();
            let (mut answers, mut on) = server.into_split();
            tokio::spawn(async move { tokio::io::copy(&mut questions, &mut on).await });
            tokio::spawn(async move {
                let mut bytes = [0; 4096];
                while let Ok(length @ 1..) = answers.read(&mut bytes).await {
                    tokio::time::sleep(delay).await;
                    if back.write_all(&bytes[..length]).await.is_err() {
                        return;
                    }
                }
            });
        }
    });
    url
}

#[tokio::test]
async fn a_slow_server_is_away_for_whoever_cannot_wait() {
    let Some(server) = RedisProcess::start() else {
        return;
    };
    let url = slow_way(&server, Duration::from_millis(120)).await;
    let impatient = open(&url).await;
    assert!(!impatient.is_shared());
    let start = Instant::now();
    for number in 0..20 {
        hit(&impatient, &format!("{number}"), &limit("1/min")).await;
    }
    assert!(start.elapsed() < crate::faults::DECIDING);
    let patient = waiting(&url, Duration::from_secs(5)).await;
    until_shared(&patient, true).await;
    assert!(hit(&patient, "slow", &limit("1/min")).await.is_allowed());
    assert!(!hit(&patient, "slow", &limit("1/min")).await.is_allowed());
}
