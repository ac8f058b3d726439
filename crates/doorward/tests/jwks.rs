//! Keys that are fetched over TLS: from whom the system trusts, and from nobody else.
//!
//! Each case runs in a child process, because the roots are named by its environment (`SSL_CERT_FILE`).
#![cfg(all(feature = "jwks-client", feature = "tls", feature = "asymmetric"))]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use axum::body::Body;
use axum::http::Request;
use axum::routing::get;
use doorward::django::jwt::{Algorithm, Claims, Keyring, RingKey, Rules, TokenType, generate_pem};
use doorward::http_client::{HttpClient, HttpsClient};
use doorward::settings::Settings;
use doorward::{ResourceServer, User};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::{CryptoProvider, aws_lc_rs};
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tower::ServiceExt;

/// An authority, and what it vouches for.
struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    fn write(&self, path: &Path) {
        std::fs::write(path, self.0.pem()).unwrap();
    }

    /// A server of `localhost` that answers everything with that body.
    async fn serve(&self, name: &str, body: String) -> SocketAddr {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new([name.to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let provider = Arc::new(aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let Ok(mut stream) = acceptor.accept(stream).await else {
                    continue;
                };
                let _ = stream.read(&mut [0; 4096]).await;
                let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close";
                let answer = format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len());
                let _ = stream.write_all(answer.as_bytes()).await;
                let _ = stream.shutdown().await;
            }
        });
        address
    }
}

/// An issuer's keys: what it publishes, and a token by them.
fn issuer() -> (String, String) {
    let pem = generate_pem(Algorithm::Es256).unwrap();
    let key = RingKey::new(Algorithm::Es256, pem.expose().as_bytes(), b"").unwrap();
    let keyring =
        Keyring::new([key.signs_from(doorward::django::timestamp::Timestamp::from_secs(0))]).unwrap();
    let now = now();
    let rules = Rules::default();
    let claims = Claims::new_token(TokenType::Access, [7; 16], now, &rules).for_user("7", &rules);
    let token = keyring.encode(&claims, &rules, now).unwrap();
    (keyring.to_jwks(now).to_string(), token)
}

fn now() -> doorward::django::timestamp::Timestamp {
    use doorward::clock::{Clock, SystemClock};
    SystemClock.now()
}

/// What a service answers that fetches its keys at `url` and believes the authorities in `roots`.
fn service(url: String, token: &str, roots: Option<&Path>) -> String {
    let mut child = Command::new(std::env::current_exe().unwrap());
    child
        .args(["--exact", "child_asks", "--ignored", "--nocapture"])
        .env("JWKS_TEST_URL", url)
        .env("JWKS_TEST_TOKEN", token)
        .stderr(Stdio::null());
    match roots {
        Some(roots) => child.env("SSL_CERT_FILE", roots),
        None => child.env_remove("SSL_CERT_FILE"),
    };
    let output = tokio::task::block_in_place(|| child.output()).unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let told = text.lines().filter_map(|line| Some(line.split_once("told: ")?.1));
    told.collect::<Vec<_>>().join("\n")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn keys_come_from_whom_the_system_trusts() {
    let folder = tempfile::tempdir().unwrap();
    let (ours, others) = (Authority::new("ours"), Authority::new("another's"));
    let (trusted, untrusted) = (folder.path().join("ours.pem"), folder.path().join("others.pem"));
    ours.write(&trusted);
    others.write(&untrusted);
    let (jwks, token) = issuer();
    let address = ours.serve("localhost", jwks.clone()).await;
    let url = format!("https://localhost:{}/jwks", address.port());

    let told = service(url.clone(), &token, Some(&trusted));
    assert_eq!(told, "client 200\nservice 200");
    for roots in [Some(&*untrusted), None] {
        let told = service(url.clone(), &token, roots);
        assert!(told.contains("UnknownIssuer"), "{told}");
        assert!(
            told.ends_with("service 503"),
            "nobody is logged out by it: {told}"
        );
    }

    // Another's certificate, of an authority that is trusted.
    let address = ours.serve("elsewhere.example", jwks).await;
    let told = service(
        format!("https://localhost:{}/jwks", address.port()),
        &token,
        Some(&trusted),
    );
    assert!(told.contains("not valid for name"), "{told}");
    assert!(told.ends_with("service 503"), "{told}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_speaks_no_tls_is_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let _ = stream
                .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
                .await;
        }
    });
    let (_, token) = issuer();
    let told = service(format!("https://localhost:{}/jwks", address.port()), &token, None);
    assert!(told.contains("client refused: "), "{told}");
    assert!(told.ends_with("service 503"), "{told}");
}

#[test]
fn plain_http_is_for_this_machine_only() {
    let open = |url: &str| {
        let mut settings = Settings::default();
        settings.jwt.algorithm = "ES256".to_owned();
        settings.jwt.jwk_url = Some(url.to_owned());
        ResourceServer::from_settings(settings)
            .err()
            .map(|error| error.to_string())
    };
    assert_eq!(open("http://127.0.0.1:1/jwks"), None);
    let refused = open("http://id.example/jwks").unwrap();
    assert!(
        refused.contains("jwt.jwk_url") && refused.contains("https://"),
        "{refused}"
    );
}

async fn hello(user: User) -> String {
    user.id().to_string()
}

#[tokio::test]
#[ignore = "runs in the child process of the tests above"]
#[expect(
    clippy::print_stdout,
    clippy::disallowed_methods,
    reason = "how the child is told, and tells"
)]
async fn child_asks() {
    let (Ok(url), Ok(token)) = (std::env::var("JWKS_TEST_URL"), std::env::var("JWKS_TEST_TOKEN")) else {
        return;
    };
    nothing_is_left_to_the_process();
    let request = Request::get(&url).body(bytes::Bytes::new()).unwrap();
    match HttpsClient::new().unwrap().send(request).await {
        Ok(answer) => println!("told: client {}", answer.status().as_u16()),
        Err(error) => println!("told: client refused: {error}"),
    }
    let mut settings = Settings::default();
    settings.jwt.algorithm = "ES256".to_owned();
    settings.jwt.jwk_url = Some(url);
    let service = ResourceServer::from_settings(settings).unwrap();
    let service = service.router().route("/", get(hello)).into_service().unwrap();
    let request = Request::get("/")
        .header("host", "localhost")
        .header("authorization", format!("Bearer {token}"))
        .body(Body::empty())
        .unwrap();
    let Ok(answer) = service.oneshot(request).await;
    println!("told: service {}", answer.status().as_u16());
}

/// Installs a default for rustls with which nobody can speak: what relied on it would fail. (Where two are compiled in
/// and none is installed, it would panic.)
fn nothing_is_left_to_the_process() {
    let mute = CryptoProvider {
        cipher_suites: Vec::new(),
        ..aws_lc_rs::default_provider()
    };
    mute.install_default().unwrap();
}
