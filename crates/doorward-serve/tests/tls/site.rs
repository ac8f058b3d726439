//! A server that tells how its requests came in.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request};
use axum::routing::get;
use doorward_core::settings::ServerSettings;
use doorward_django::urls::Scheme;
use doorward_serve::{Error, Server};
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::pki::Pki;

pub(crate) const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

/// It runs until this goes.
pub(crate) struct Site {
    pub(crate) address: SocketAddr,
    task: JoinHandle<()>,
}

impl Drop for Site {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// `[server]` with those files.
pub(crate) fn settings(cert: &Path, key: &Path) -> ServerSettings {
    let mut settings = ServerSettings::default();
    settings.bind = "127.0.0.1:0".to_owned();
    settings.tls_cert = Some(cert.to_str().unwrap().to_owned());
    settings.tls_key = Some(key.to_str().unwrap().to_owned());
    settings
}

impl Site {
    pub(crate) async fn new(pki: &Pki) -> Self {
        let (cert, key) = pki.renew();
        Self::open(&settings(&cert, &key)).await.unwrap()
    }

    pub(crate) async fn open(settings: &ServerSettings) -> Result<Self, Error> {
        let server = Server::bind(settings).await?;
        let address = server.local_addr().unwrap();
        let app = axum::Router::new().route("/", get(how));
        let task = tokio::spawn(async move { server.run(app).await.unwrap() });
        Ok(Self { address, task })
    }

    pub(crate) async fn tcp(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    pub(crate) async fn tls(&self, config: ClientConfig) -> std::io::Result<TlsStream<TcpStream>> {
        let name = ServerName::try_from("localhost").unwrap();
        let connector = TlsConnector::from(Arc::new(config));
        connector.connect(name, self.tcp().await).await
    }

    /// The whole answer over HTTP/1.1 on a new connection.
    pub(crate) async fn get(&self, config: ClientConfig) -> std::io::Result<String> {
        let mut stream = self.tls(config).await?;
        stream.write_all(REQUEST).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok(answer)
    }

    /// What is answered to raw bytes until the server closes; it must do so within `patience`.
    pub(crate) async fn raw(&self, bytes: &[u8], patience: Duration) -> Vec<u8> {
        let mut stream = self.tcp().await;
        stream.write_all(bytes).await.unwrap();
        let mut answer = Vec::new();
        let read = timeout(patience, stream.read_to_end(&mut answer)).await;
        let _ = read.expect("the server ends the connection");
        answer
    }
}

async fn how(ConnectInfo(peer): ConnectInfo<SocketAddr>, request: Request) -> String {
    let scheme = request.extensions().get::<Scheme>().unwrap();
    format!("{scheme:?} {:?} from {}", request.version(), peer.ip())
}
