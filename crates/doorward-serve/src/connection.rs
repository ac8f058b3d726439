//! One connection, from its first byte to its end.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use doorward_core::settings::ServerSettings;
use tokio::io::{AsyncRead, AsyncWrite};
use tower::Service;

use crate::answering::Answering;
use crate::connection_limit::Permit;
use crate::drain::DrainHandle;
use crate::origin::Origin;
use crate::protocols::{Ended, Protocols};
use crate::stream::{ClientStream, Opening};
use crate::timeouts::Timeouts;
use crate::watch::{Order, Watch};

/// What holds for every connection of a server.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) timeouts: Arc<Timeouts>,
    pub(crate) protocols: Protocols,
}

impl Rules {
    pub(crate) fn new(settings: &ServerSettings) -> Self {
        Self {
            timeouts: Arc::new(Timeouts::new(settings)),
            protocols: Protocols::new(settings),
        }
    }
}

/// What a connection holds of its server while it lives.
#[derive(Debug)]
pub(crate) struct Admission {
    pub(crate) rules: Arc<Rules>,
    pub(crate) drain: DrainHandle,
    pub(crate) permit: Permit,
}

/// Serves a connection to its end.
///
/// hyper and its buffers are most of what a connection costs: they stand while it is spoken on, not while it is quiet.
pub(crate) async fn serve<T, S>(stream: T, origin: Origin, service: Arc<S>, admission: Admission)
where
    T: AsyncRead + AsyncWrite + Unpin + Send,
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send,
{
    let Admission { rules, drain, permit } = admission;
    let activity = permit.activity().clone();
    activity.restart();
    let mut stream = ClientStream::new(stream, activity.clone());
    let answering = Answering {
        service,
        origin,
        activity,
        drain: drain.clone(),
    };
    let mut watch = Watch::new(Arc::clone(&rules.timeouts), drain, permit);
    loop {
        let protocols = &rules.protocols;
        let ended = match quiet(&mut stream, &mut watch).await {
            Ok(Opening::Http1) => Box::pin(protocols.http1(&mut stream, answering.clone(), &mut watch)).await,
            Ok(Opening::Http2) => Box::pin(protocols.http2(&mut stream, answering.clone(), &mut watch)).await,
            Err(ended) => ended,
        };
        match ended {
            Ended::Quiet => {}
            Ended::Closed(ended) => return origin.tell_closed(ended),
            Ended::Ordered(order) => return origin.tell_ordered(order),
        }
    }
}

/// Waits until the client speaks.
async fn quiet<T>(stream: &mut ClientStream<T>, watch: &mut Watch) -> Result<Opening, Ended>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    loop {
        tokio::select! {
            biased;
            opening = stream.opening() => match opening {
                Ok(Some(opening)) => return Ok(opening),
                Ok(None) => break,
                Err(_) => return Err(Ended::Closed(Ok(()))),
            },
            order = watch.next() => match order {
                Order::Break(_) => return Err(Ended::Ordered(order)),
                Order::End => break,
                Order::Rest => {}
            },
        }
    }
    stream.close().await;
    Err(Ended::Closed(Ok(())))
}

impl Origin {
    fn tell_closed(self, ended: hyper::Result<()>) {
        if let Err(error) = ended {
            let error: &(dyn std::error::Error + 'static) = &error;
            tracing::debug!(peer = %self.peer, error.cause = error, "a connection broke off");
        }
    }

    fn tell_ordered(self, order: Order) {
        tracing::debug!(peer = %self.peer, ?order, "a connection was closed: its client dawdled");
    }
}
