//! A service of anybody's, served as a door's routes are.
#![cfg(feature = "sqlite")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::net::{Ipv4Addr, TcpListener};
use std::time::Duration;

use axum::routing::get;
use doorward::django::secret::Secret;
use doorward::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

const KEY: &str = "a-key-for-tests-that-is-long-enough-0123456789";

async fn site() -> (tempfile::TempDir, Doorward) {
    let folder = tempfile::tempdir().unwrap();
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let mut settings = Settings::default();
    settings.secret_key = Secret::new(KEY.to_owned());
    settings.server.bind = listener.local_addr().unwrap().to_string();
    settings.server.handler_timeout = "200ms".parse().unwrap();
    let path = folder.path().join("site.sqlite3");
    settings.database.url = Secret::new(format!("sqlite://{}", path.display()));
    let door = Doorward::from_settings(settings).await.unwrap();
    door.migrator().apply(door.now()).await.unwrap();
    (folder, door)
}

/// The head and the body of an answer; the server may be a moment late.
async fn answer(address: &str, path: &str) -> String {
    let mut stream = loop {
        match TcpStream::connect(address).await {
            Ok(stream) => break stream,
            Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    };
    let request = format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer
}

#[tokio::test]
async fn an_axum_router_with_the_door_in_it_is_served_within_its_limits() {
    let (_folder, door) = site().await;
    let address = door.settings().server.bind.clone();
    let slow = async || tokio::time::sleep(Duration::from_secs(60)).await;
    let app = door
        .router()
        .route("/guarded/", get(async || "guarded"))
        .public("/open/", get(async || "open"));
    let service = axum::Router::new()
        .route("/outside", get(async || "outside"))
        .route("/slow", get(slow))
        .fallback_service(app.into_service().unwrap());
    let served = tokio::spawn(async move { door.serve_service(service).await });
    for (path, status, body) in [
        ("/outside", "200", "outside"),
        ("/open/", "200", "open"),
        ("/guarded/", "401", "credentials were not provided"),
        ("/slow", "503", "try again later"),
    ] {
        let answer = answer(&address, path).await;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{answer}");
        assert!(answer.contains(body), "{answer}");
    }
    served.abort();
}
