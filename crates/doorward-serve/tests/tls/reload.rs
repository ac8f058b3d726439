//! New certificates while the server runs.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use rustls::ClientConfig;
use rustls::version::{TLS12, TLS13};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::sleep;

use crate::pki::Pki;
use crate::site::Site;

/// The certificate that a new connection is shown.
async fn shown(site: &Site, config: &ClientConfig) -> Vec<u8> {
    let mut config = config.clone();
    config.resumption = rustls::client::Resumption::disabled();
    let stream = site.tls(config).await.unwrap();
    stream.get_ref().1.peer_certificates().unwrap()[0].to_vec()
}

/// Waits for a certificate that is not `old`.
async fn changed(site: &Site, config: &ClientConfig, old: &[u8]) -> bool {
    for _ in 0..160 {
        if shown(site, config).await != old {
            return true;
        }
        sleep(Duration::from_millis(50)).await;
    }
    false
}

/// Requests on new connections and on an open one, while the pair is changed twice: none is lost.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_under_load_loses_no_request() {
    let pki = Arc::new(Pki::new());
    let site = Arc::new(Site::new(&pki).await);
    let config = pki.client(&[&TLS12, &TLS13], &["http/1.1"]);
    let (stop, served) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let clients: Vec<_> = (0..4)
        .map(|_| {
            let (site, config) = (Arc::clone(&site), config.clone());
            let (stop, served) = (Arc::clone(&stop), Arc::clone(&served));
            tokio::spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    let answer = site.get(config.clone()).await.unwrap();
                    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
                    served.fetch_add(1, Ordering::Relaxed);
                }
            })
        })
        .collect();
    let mut open = site.tls(config.clone()).await.unwrap();
    for _ in 0..2 {
        let old = shown(&site, &config).await;
        let (cert, key) = pki.renew();
        assert!(
            changed(&site, &config, &old).await,
            "the new pair is not taken over"
        );
        ask(&mut open).await;
        drop((cert, key));
    }
    stop.store(true, Ordering::Relaxed);
    for client in clients {
        client.await.unwrap();
    }
    assert!(served.load(Ordering::Relaxed) > 100);
}

/// One more request on a connection that stays open.
async fn ask(stream: &mut (impl AsyncReadExt + AsyncWriteExt + Unpin)) {
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    let mut answer = vec![0; 4096];
    let length = stream.read(&mut answer).await.unwrap();
    assert!(answer[..length].starts_with(b"HTTP/1.1 200"));
}

#[tokio::test]
async fn a_pair_that_does_not_fit_changes_nothing_until_it_does() {
    let pki = Pki::new();
    let site = Site::new(&pki).await;
    let config = pki.client(&[&TLS13], &[]);
    let old = shown(&site, &config).await;
    let (cert, key) = pki.pair();
    pki.write("cert.pem", &cert);
    sleep(Duration::from_millis(6_000)).await;
    assert_eq!(shown(&site, &config).await, old, "half a pair was taken over");
    fs::remove_file(pki.path("key.pem")).unwrap();
    sleep(Duration::from_millis(6_000)).await;
    assert_eq!(shown(&site, &config).await, old);
    pki.write("key.pem", &key);
    assert!(changed(&site, &config, &old).await);
}
