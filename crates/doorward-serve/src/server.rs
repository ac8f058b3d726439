//! [`Server`]: takes connections until a signal comes, then lets them end.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::Request;
use axum::response::Response;
use doorward_core::settings::ServerSettings;
use doorward_django::urls::Scheme;
use tokio::net::{TcpListener, TcpStream};
use tower::Service;

use crate::connection::{Admission, Rules};
use crate::connection_limit::ConnectionLimit;
use crate::drain::{Drain, Draining};
use crate::error::{Error, Result};
use crate::signals::Signals;
use crate::transport::Transport;

/// How long connections are still taken after a signal at least: some were made before it, and wait to be accepted.
const BACKLOG: Duration = Duration::from_millis(20);

/// A listener and how to serve on it.
#[derive(Debug)]
pub struct Server {
    signals: Signals,
    acceptor: Acceptor,
}

#[derive(Debug)]
struct Acceptor {
    listener: TcpListener,
    transport: Transport,
    draining: Draining,
    grace: Duration,
    delay: Duration,
    rules: Arc<Rules>,
    connections: ConnectionLimit,
}

impl Server {
    /// Listens on `server.bind`, and to signals: from here on SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1 and SIGUSR2 do not
    /// kill the process.
    ///
    /// With `server.tls_cert` it speaks HTTPS. The certificate and its key are read again when their files change, and
    /// at SIGHUP; open connections go on.
    ///
    /// # Errors
    /// An address that is none, is taken, or is not ours to listen on, a certificate or key that cannot be used, and
    /// signals that cannot be listened to.
    pub async fn bind(settings: &ServerSettings) -> Result<Self> {
        let failed = |source| Error::Bind {
            address: settings.bind.clone(),
            source,
        };
        let listener = TcpListener::bind(settings.bind.as_str()).await.map_err(failed)?;
        Self::on(listener, settings).await
    }

    /// The same, on a listener that there is already.
    ///
    /// # Errors
    /// As [`bind`](Self::bind) has them, save those of the address.
    pub async fn on(listener: TcpListener, settings: &ServerSettings) -> Result<Self> {
        let signals = Signals::new().map_err(Error::Signals)?;
        let transport = Transport::open(settings).await?;
        let acceptor = Acceptor {
            listener,
            transport,
            draining: Draining::default(),
            grace: settings.shutdown_grace.duration(),
            delay: settings.shutdown_delay.duration().max(BACKLOG),
            rules: Arc::new(Rules::new(settings)),
            connections: ConnectionLimit::new(settings.max_connections),
        };
        Ok(Self { signals, acceptor })
    }

    /// The address that is listened on; its port is a real one where port 0 was asked for.
    ///
    /// # Errors
    /// What the operating system says.
    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        self.acceptor.listener.local_addr()
    }

    /// Whether it speaks HTTP or HTTPS; each request has this among its extensions.
    #[must_use]
    pub fn scheme(&self) -> Scheme {
        self.acceptor.transport.scheme()
    }

    /// Tells whether this server is about to end.
    #[must_use]
    pub fn draining(&self) -> Draining {
        self.acceptor.draining.clone()
    }

    /// Serves until SIGTERM, SIGINT or SIGQUIT, then lets requests in flight end within `server.shutdown_grace`; a second
    /// signal ends at once.
    ///
    /// From the signal on, answers over HTTP/1.1 tell their clients to use another connection (`Connection: close`). When
    /// no more connections are taken, HTTP/2 connections are told so too (GOAWAY), and the others have a last second
    /// for a request that is under way. Streams of server-sent events, which have no end of their own, end there; their
    /// clients connect again.
    ///
    /// A door's service should have its [`Limits`](super::Limits) around it: they are what ends a body or a handler that takes too long.
    ///
    /// A service finds its peer as [`axum::extract::ConnectInfo`] in the request.
    ///
    /// # Errors
    /// None so far: a connection that fails ends alone, and is logged.
    pub async fn run<S>(self, service: S) -> Result
    where
        S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
        S::Future: Send,
    {
        let Self {
            mut signals,
            acceptor,
        } = self;
        let service = Arc::new(service);
        let drain = Drain::new(acceptor.draining.clone());
        tokio::select! {
            () = acceptor.accept(&service, &drain) => {}
            () = signals.next() => {}
        }
        acceptor.draining.begin();
        tracing::info!(
            grace_s = acceptor.grace.as_secs(),
            "stopping: requests in flight may end"
        );
        tokio::select! {
            () = acceptor.drain(&service, drain) => {}
            () = signals.next_later() => tracing::warn!("stopped at once, by a second signal"),
        }
        Ok(())
    }
}

impl Server {
    /// Serves until this is dropped, beside a server that [runs](Self::run): signals are the other's business.
    pub async fn run_beside<S>(self, service: S)
    where
        S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
        S::Future: Send,
    {
        let drain = Drain::new(self.acceptor.draining.clone());
        self.acceptor.accept(&Arc::new(service), &drain).await;
    }
}

impl Acceptor {
    async fn accept<S>(&self, service: &Arc<S>, drain: &Drain)
    where
        S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
        S::Future: Send,
    {
        loop {
            let room = self.connections.room().await;
            let (stream, peer) = self.connection().await;
            let _ = stream.set_nodelay(true);
            let admission = Admission {
                rules: Arc::clone(&self.rules),
                drain: drain.handle(),
                permit: self.connections.permit(room),
            };
            let transport = self.transport.clone();
            tokio::spawn(transport.serve(stream, peer, Arc::clone(service), admission));
        }
    }

    /// The next connection. Where the system has no room for one, it waits a little: others may end meanwhile.
    async fn connection(&self) -> (TcpStream, SocketAddr) {
        loop {
            match self.listener.accept().await {
                Ok(connection) => return connection,
                Err(error) if is_about_one_connection(&error) => {}
                Err(error) => {
                    self.connections.make_room(Some(&error));
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            }
        }
    }

    /// Accepts for `server.shutdown_delay` more, so that who balances load sees `/readyz`; then waits for what runs.
    async fn drain<S>(self, service: &Arc<S>, drain: Drain)
    where
        S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
        S::Future: Send,
    {
        let _ = tokio::time::timeout(self.delay, self.accept(service, &drain)).await;
        drop(self.listener);
        if tokio::time::timeout(self.grace, drain.finish()).await.is_err() {
            tracing::warn!("requests were still running when shutdown_grace was over");
        }
    }
}

fn is_about_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    )
}
