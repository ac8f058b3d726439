//! What comes to an open port and is no handshake, or half of one.

use std::time::Duration;

use doorward_core::settings::Period;
use rustls::version::{TLS12, TLS13};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::timeout;

use crate::pki::Pki;
use crate::site::{REQUEST, Site, settings};

const PATIENCE: Duration = Duration::from_secs(10);

async fn impatient(pki: &Pki, period: Duration) -> Site {
    let (cert, key) = pki.renew();
    let mut settings = settings(&cert, &key);
    settings.header_timeout = Period::from_millis(u64::try_from(period.as_millis()).unwrap());
    Site::open(&settings).await.unwrap()
}

#[tokio::test]
async fn plain_http_is_told() {
    let pki = Pki::new();
    let site = Site::new(&pki).await;
    for bytes in [
        REQUEST,
        b"POST / HTTP/1.1\r\nHost: a\r\n\r\n",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
    ] {
        let answer = tell(&site, bytes).await;
        assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{answer}");
        assert!(
            answer.ends_with("\r\n\r\nThis port speaks HTTPS, not HTTP."),
            "{answer}"
        );
    }
}

/// The client waits for the answer before it ends: its request is not in the way of it.
async fn tell(site: &Site, bytes: &[u8]) -> String {
    let mut stream = site.tcp().await;
    stream.write_all(bytes).await.unwrap();
    let mut answer = String::new();
    let read = timeout(PATIENCE, stream.read_to_string(&mut answer)).await;
    read.expect("it is answered").unwrap();
    answer
}

/// SSL 2, wrong lengths, other records, other protocols: each is closed at once or at the time-out, with no more than
/// an alert, and others are served.
#[tokio::test]
async fn junk_is_refused() {
    let pki = Pki::new();
    let site = impatient(&pki, Duration::from_millis(500)).await;
    let long = [&[22, 3, 1, 0x40, 0][..], &[0; 20_000]].concat();
    let cases: [&[u8]; 10] = [
        &[0x80, 0x2e, 1, 0, 2, 0, 0x15, 0, 0, 0, 0x10],
        &[22, 3, 1, 0xff, 0xff, 1, 2, 3],
        &[22, 3, 1, 0, 0],
        &[22, 3, 1, 0, 4, 1, 0xff, 0xff, 0xff],
        &[21, 3, 3, 0, 2, 2, 0],
        &[23, 3, 3, 0, 4, 1, 2, 3, 4],
        &[20, 3, 3, 0, 1, 1],
        &[0; 64],
        &[0xff; 4096],
        &long,
    ];
    for bytes in cases {
        let answer = site.raw(bytes, PATIENCE).await;
        let is_alert = matches!(answer.as_slice(), [21, _, _, 0, 2, 2, _]);
        assert!(answer.is_empty() || is_alert, "{bytes:?}: {answer:?}");
    }
    assert!(site.get(pki.client(&[&TLS13], &[])).await.is_ok());
}

/// Every single byte of a good hello bent once: never a hang, never the end of the server.
#[tokio::test]
async fn bent_hellos_hurt_nobody() {
    let pki = Pki::new();
    let site = impatient(&pki, Duration::from_millis(300)).await;
    let hello = hello(&pki);
    let bent = (0..hello.len()).step_by(3).map(|index| {
        let mut bent = hello.clone();
        bent[index] ^= 0x55;
        bent
    });
    let site = &site;
    futures(bent.map(|bytes| async move { site.raw(&bytes, PATIENCE).await })).await;
    assert!(site.get(pki.client(&[&TLS12], &[])).await.is_ok());
}

async fn futures<F: Future>(all: impl Iterator<Item = F>) {
    for one in all.map(Box::pin).collect::<Vec<_>>().chunks_mut(50) {
        futures_util::future::join_all(one).await;
    }
}

fn hello(pki: &Pki) -> Vec<u8> {
    let name = rustls::pki_types::ServerName::try_from("localhost").unwrap();
    let config = std::sync::Arc::new(pki.client(&[&TLS12, &TLS13], &["h2"]));
    let mut client = rustls::ClientConnection::new(config, name).unwrap();
    let mut bytes = Vec::new();
    client.write_tls(&mut bytes).unwrap();
    bytes
}

/// 2 000 clients that begin a handshake and say no more: others get in meanwhile, and the 2 000 are let go.
#[tokio::test(flavor = "multi_thread")]
async fn half_open_handshakes_keep_nobody_out() {
    let pki = Pki::new();
    let site = impatient(&pki, Duration::from_secs(4)).await;
    let hello = hello(&pki);
    let mut idle = Vec::new();
    for index in 0..2_000 {
        let mut stream = site.tcp().await;
        let part = [&[][..], &hello[..5], &hello[..hello.len() / 2], &hello][index % 4];
        stream.write_all(part).await.unwrap();
        idle.push(stream);
    }
    for _ in 0..20 {
        let answer = timeout(Duration::from_secs(2), site.get(pki.client(&[&TLS13], &[]))).await;
        assert!(answer.expect("it is served in time").is_ok());
    }
    for mut stream in idle {
        let mut rest = Vec::new();
        let end = timeout(PATIENCE, stream.read_to_end(&mut rest)).await;
        let _ = end.expect("it is let go");
    }
}
