//! What clients and server agree on.

use http_body_util::{BodyExt, Empty};
use hyper::body::Bytes;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls::version::{TLS12, TLS13};
use rustls::{HandshakeKind, ProtocolVersion};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::pki::Pki;
use crate::site::{REQUEST, Site};

#[tokio::test]
async fn tls_1_2_and_1_3_are_spoken() {
    let pki = Pki::new();
    let site = Site::new(&pki).await;
    for (version, spoken) in [
        (&TLS12, ProtocolVersion::TLSv1_2),
        (&TLS13, ProtocolVersion::TLSv1_3),
    ] {
        let stream = site.tls(pki.client(&[version], &[])).await.unwrap();
        assert_eq!(stream.get_ref().1.protocol_version(), Some(spoken));
        let answer = site.get(pki.client(&[version], &["http/1.1"])).await.unwrap();
        assert!(answer.ends_with("Https HTTP/1.1 from 127.0.0.1"), "{answer}");
    }
}

/// A hello of SSL 3.0, TLS 1.0 and TLS 1.1: `protocol_version` (70) is the alert (RFC 8446 §6.2).
#[tokio::test]
async fn earlier_versions_are_refused() {
    let pki = Pki::new();
    let site = Site::new(&pki).await;
    for minor in 0..=2 {
        let answer = site
            .raw(&old_hello(minor), std::time::Duration::from_secs(5))
            .await;
        let [21, _, _, 0, 2, 2, alert] = answer.as_slice() else {
            panic!("3.{minor}: {answer:?}");
        };
        assert_eq!(*alert, 70, "3.{minor}");
    }
}

/// A hello without extensions but `signature_algorithms` and `supported_groups`, that offers ciphers of TLS 1.2 too.
fn old_hello(minor: u8) -> Vec<u8> {
    let mut body = vec![3, minor];
    body.extend([7; 32]);
    body.push(0);
    body.extend([0, 4, 0xc0, 0x2b, 0xc0, 0x2f]);
    body.extend([1, 0]);
    let extensions: [&[u8]; 2] = [&[0, 13, 0, 4, 0, 2, 4, 3], &[0, 10, 0, 4, 0, 2, 0, 23]];
    let extensions = extensions.concat();
    body.extend([0, u8::try_from(extensions.len()).unwrap()]);
    body.extend(extensions);
    let length = u8::try_from(body.len()).unwrap();
    let mut record = vec![22, 3, minor, 0, length + 4, 1, 0, 0, length];
    record.extend(body);
    record
}

#[tokio::test]
async fn http_2_is_agreed_on_and_spoken() {
    let pki = Pki::new();
    let site = Site::new(&pki).await;
    let stream = site
        .tls(pki.client(&[&TLS13], &["h2", "http/1.1"]))
        .await
        .unwrap();
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(&b"h2"[..]));
    let handshake = hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream));
    let (mut sender, connection) = handshake.await.unwrap();
    tokio::spawn(connection);
    for _ in 0..3 {
        let request = hyper::Request::get("https://localhost/")
            .body(Empty::<Bytes>::new())
            .unwrap();
        let answer = sender.send_request(request).await.unwrap();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(body, "Https HTTP/2.0 from 127.0.0.1");
    }
}

#[tokio::test]
async fn http_1_is_agreed_on_and_no_other_protocol() {
    let pki = Pki::new();
    let site = Site::new(&pki).await;
    for (offered, agreed) in [(&["http/1.1"][..], Some(&b"http/1.1"[..])), (&[], None)] {
        let stream = site.tls(pki.client(&[&TLS12, &TLS13], offered)).await.unwrap();
        assert_eq!(stream.get_ref().1.alpn_protocol(), agreed);
    }
    let error = site
        .tls(pki.client(&[&TLS13], &["smtp", "acme-tls/1"]))
        .await
        .unwrap_err();
    assert!(error.to_string().contains("NoApplicationProtocol"), "{error}");
}

/// Sessions are resumed by tickets, and no request comes before the handshake has ended.
#[tokio::test]
async fn sessions_are_resumed_without_early_data() {
    let pki = Pki::new();
    let site = Site::new(&pki).await;
    for version in [&TLS12, &TLS13] {
        let mut config = pki.client(&[version], &[]);
        config.enable_early_data = true;
        let mut kinds = Vec::new();
        for _ in 0..2 {
            let mut stream = site.tls(config.clone()).await.unwrap();
            stream.write_all(REQUEST).await.unwrap();
            stream.read_to_end(&mut Vec::new()).await.unwrap();
            let client = stream.get_mut().1;
            assert!(client.early_data().is_none() && !client.is_early_data_accepted());
            kinds.push(client.handshake_kind().unwrap());
        }
        assert_eq!(
            kinds,
            [HandshakeKind::Full, HandshakeKind::Resumed],
            "{version:?}"
        );
    }
}
