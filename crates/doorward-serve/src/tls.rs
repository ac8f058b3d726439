//! TLS 1.2 and 1.3 with rustls: no earlier version, no client certificates, no early data (RFC 8446 §2.3), no
//! renegotiation.

#[cfg(feature = "acme")]
mod acme;
mod certificates;
#[cfg(feature = "acme")]
mod challenge;
mod pair;
mod plain;
mod validity;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use doorward_core::settings::{ServerSettings, SettingsError};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::server::ResolvesServerCert;
use rustls::version::{TLS12, TLS13};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::error::Result;
use certificates::{Certificates, Watch};
use pair::Files;

/// What is spoken over TLS (RFC 7301 §6), the better one first.
const PROTOCOLS: [&[u8]; 2] = [b"h2", b"http/1.1"];

/// How a server encrypts; cheap to clone.
#[derive(Clone)]
pub(crate) struct Tls {
    acceptor: TlsAcceptor,
    _watch: Arc<Watch>,
}

impl Tls {
    /// With the certificate that the settings name, where they name one.
    pub(crate) async fn open(settings: &ServerSettings) -> Result<Option<Self>> {
        if !settings.acme.domains.is_empty() {
            return Self::obtain(settings).await.map(Some);
        }
        let Some(files) = Files::named(settings) else {
            return Ok(None);
        };
        let (certificates, watch) = Certificates::open(files).await?;
        Self::new(certificates, watch, &PROTOCOLS).map(Some)
    }

    #[cfg(feature = "acme")]
    async fn obtain(settings: &ServerSettings) -> Result<Self> {
        let (certificates, watch) = Certificates::obtain(settings.acme.clone()).await?;
        let protocols = [PROTOCOLS[0], PROTOCOLS[1], challenge::PROTOCOL];
        Self::new(certificates, watch, &protocols)
    }

    #[cfg(not(feature = "acme"))]
    #[expect(clippy::unused_async, reason = "with the feature `acme` files are read here")]
    async fn obtain(_: &ServerSettings) -> Result<Self> {
        let problem = "this program was built without ACME; build it with the feature `acme`";
        Err(SettingsError::new("server.acme.domains", problem).into())
    }

    fn new(certificates: Arc<Certificates>, watch: Watch, protocols: &[&[u8]]) -> Result<Self> {
        let config = config(certificates, protocols).map_err(|error| unusable(&error))?;
        Ok(Self {
            acceptor: TlsAcceptor::from(Arc::new(config)),
            _watch: Arc::new(watch),
        })
    }

    /// The encrypted stream; `None` where the peer takes longer than that, or wants what we do not speak.
    pub(crate) async fn handshake(
        &self,
        stream: TcpStream,
        peer: SocketAddr,
        patience: Duration,
    ) -> Option<TlsStream<TcpStream>> {
        match timeout(patience, self.shake_hands(stream)).await {
            Ok(Ok(stream)) => return Some(stream),
            Ok(Err(error)) => tracing::debug!(%peer, error.cause = %error, "a TLS handshake failed"),
            Err(_) => tracing::debug!(%peer, "a TLS handshake took too long"),
        }
        None
    }

    async fn shake_hands(&self, stream: TcpStream) -> io::Result<TlsStream<TcpStream>> {
        match plain::is_http(&stream).await? {
            true => Err(plain::refuse(stream).await),
            false => ended_or_open(self.acceptor.accept(stream).await?),
        }
    }
}

/// A handshake that proves a name has no request after it.
#[cfg(feature = "acme")]
fn ended_or_open(stream: TlsStream<TcpStream>) -> io::Result<TlsStream<TcpStream>> {
    match stream.get_ref().1.alpn_protocol() {
        Some(challenge::PROTOCOL) => Err(io::Error::other("it was an authority's, and has ended")),
        _ => Ok(stream),
    }
}

#[cfg(not(feature = "acme"))]
fn ended_or_open(stream: TlsStream<TcpStream>) -> io::Result<TlsStream<TcpStream>> {
    Ok(stream)
}

impl std::fmt::Debug for Tls {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}

fn config(
    certificates: Arc<dyn ResolvesServerCert>,
    protocols: &[&[u8]],
) -> Result<ServerConfig, rustls::Error> {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&TLS13, &TLS12])?
        .with_no_client_auth()
        .with_cert_resolver(certificates);
    config.alpn_protocols = protocols.iter().map(|name| name.to_vec()).collect();
    // Its keys are changed every six hours and live in memory only.
    config.ticketer = aws_lc_rs::Ticketer::new()?;
    // A request in early data can be sent twice by whoever listens.
    config.max_early_data_size = 0;
    Ok(config)
}

fn unusable(error: &rustls::Error) -> SettingsError {
    SettingsError::new("server.tls_cert", format!("TLS cannot be set up: {error}"))
}
