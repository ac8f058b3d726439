//! [`Transport`]: how the connections of a server are spoken, plainly or over TLS.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use doorward_core::settings::ServerSettings;
use doorward_django::urls::Scheme;
use tokio::net::TcpStream;
use tower::Service;

use crate::connection::{self, Admission};
use crate::error::Result;
use crate::origin::Origin;
#[cfg(feature = "tls")]
use crate::tls::Tls;

/// How the connections of a server are spoken; cheap to clone.
#[derive(Clone, Debug)]
pub(crate) enum Transport {
    Plain,
    #[cfg(feature = "tls")]
    Tls(Tls),
}

impl Transport {
    /// What the settings ask for; their files are read.
    #[cfg(feature = "tls")]
    pub(crate) async fn open(settings: &ServerSettings) -> Result<Self> {
        Ok(Tls::open(settings).await?.map_or(Self::Plain, Self::Tls))
    }

    #[cfg(not(feature = "tls"))]
    #[expect(clippy::unused_async, reason = "with the feature `tls` files are read here")]
    pub(crate) async fn open(settings: &ServerSettings) -> Result<Self> {
        use doorward_core::settings::SettingsError;

        let problem = "this program was built without TLS; build it with the feature `tls` of `doorward`";
        let key = match (&settings.tls_cert, settings.acme.domains.as_slice()) {
            (None, []) => return Ok(Self::Plain),
            (Some(_), _) => "server.tls_cert",
            (None, _) => "server.acme.domains",
        };
        Err(SettingsError::new(key, problem).into())
    }

    pub(crate) fn scheme(&self) -> Scheme {
        match self {
            Self::Plain => Scheme::Http,
            #[cfg(feature = "tls")]
            Self::Tls(_) => Scheme::Https,
        }
    }

    /// Serves a connection to its end; over TLS its handshake comes first.
    pub(crate) async fn serve<S>(
        self,
        stream: TcpStream,
        peer: SocketAddr,
        service: Arc<S>,
        admission: Admission,
    ) where
        S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
        S::Future: Send,
    {
        let scheme = self.scheme();
        let origin = Origin { peer, scheme };
        match self {
            Self::Plain => connection::serve(stream, origin, service, admission).await,
            #[cfg(feature = "tls")]
            Self::Tls(tls) => {
                let handshake = Box::pin(tls.handshake(stream, peer, admission.rules.timeouts.header));
                if let Some(stream) = handshake.await {
                    // Boxed, so that it adds nothing to the plain ones.
                    Box::pin(connection::serve(stream, origin, service, admission)).await;
                }
            }
        }
    }
}
