//! `rediss://` with an authority of one's own, and a certificate that is shown.

use std::time::Duration;

use doorward_core::settings::RedisSettings;
use doorward_redis::{Redis, RedisThrottleHistory};

use crate::process::{RedisProcess, free_port};
use crate::tls_files::{TlsFiles, is_built_in};
use crate::{client, hit, limit, settings, until_shared};

const LONG: Duration = Duration::from_secs(10);

struct Site {
    files: TlsFiles,
    server: RedisProcess,
    url: String,
}

fn site() -> Option<Site> {
    if !is_built_in() {
        return None;
    }
    let (files, port) = (TlsFiles::new(), free_port());
    let server = RedisProcess::start_with(free_port(), &files.options(port))?;
    let url = format!("rediss://127.0.0.1:{port}");
    Some(Site { files, server, url })
}

async fn is_shared(settings: &RedisSettings) -> bool {
    client(settings).await.is_reachable()
}

#[tokio::test]
async fn an_authority_of_one_s_own_is_believed_and_a_certificate_shown() {
    let Some(site) = site() else { return };
    let mut settings = settings(&site.url, LONG);
    site.files.tell(&mut settings);
    let store = RedisThrottleHistory::new(&client(&settings).await);
    assert!(hit(&store, "tls", &limit("1/min")).await.is_allowed());
    assert!(!hit(&store, "tls", &limit("1/min")).await.is_allowed());
    assert!(store.is_shared());
    let keys = site.server.command("KEYS test:throttle:*").unwrap();
    assert!(keys.starts_with("*1"), "{keys}");
}

#[tokio::test]
async fn who_is_not_believed_and_who_shows_nothing_is_not_asked() {
    let Some(site) = site() else { return };
    let mut shows_nothing = settings(&site.url, LONG);
    shows_nothing.tls_ca = Some(site.files.path("ca.pem"));
    assert!(!is_shared(&shows_nothing).await);
    let mut believes_the_system = settings(&site.url, LONG);
    site.files.tell(&mut believes_the_system);
    believes_the_system.tls_ca = None;
    assert!(!is_shared(&believes_the_system).await);
    let mut believes_another = settings(&site.url, LONG);
    site.files.tell(&mut believes_another);
    let other = TlsFiles::new();
    believes_another.tls_ca = Some(other.path("ca.pem"));
    assert!(!is_shared(&believes_another).await);
    let mut is_called_otherwise = settings(&site.url.replace("127.0.0.1", "localhost"), LONG);
    site.files.tell(&mut is_called_otherwise);
    assert!(
        !is_shared(&is_called_otherwise).await,
        "the certificate is for 127.0.0.1"
    );
}

#[tokio::test]
async fn certificates_that_were_renewed_count_from_the_next_connection_on() {
    let Some(mut site) = site() else { return };
    let mut settings = settings(&site.url, LONG);
    site.files.tell(&mut settings);
    let store = RedisThrottleHistory::new(&client(&settings).await);
    until_shared(&store, true).await;
    site.files.sign_anew();
    site.server.kill();
    assert!(hit(&store, "renewed", &limit("1/min")).await.is_allowed());
    assert!(!store.is_shared());
    site.server.start_again();
    until_shared(&store, true).await;
}

#[tokio::test]
async fn files_that_are_none_are_told_at_the_start() {
    let files = TlsFiles::new();
    let (missing, empty) = (files.path("nowhere.pem"), files.path("empty.pem"));
    std::fs::write(&empty, "no certificate").unwrap();
    for (change, key) in [
        ("ca missing", "redis.tls_ca"),
        ("cert missing", "redis.tls_cert"),
        ("key missing", "redis.tls_key"),
        ("ca empty", "redis.tls_ca"),
        ("cert empty", "redis.tls_cert"),
        ("key empty", "redis.tls_cert"),
    ] {
        let mut settings = settings("rediss://127.0.0.1:1", LONG);
        files.tell(&mut settings);
        match change {
            "ca missing" => settings.tls_ca = Some(missing.clone()),
            "cert missing" => settings.tls_cert = Some(missing.clone()),
            "key missing" => settings.tls_key = Some(missing.clone()),
            "ca empty" => settings.tls_ca = Some(empty.clone()),
            "cert empty" => settings.tls_cert = Some(empty.clone()),
            _ => settings.tls_key = Some(empty.clone()),
        }
        let error = Redis::open(&settings).await.unwrap_err();
        assert_eq!(error.key(), key, "{change}: {error}");
    }
}
