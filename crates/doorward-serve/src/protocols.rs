//! [`Protocols`]: HTTP/1.1 and HTTP/2, as hyper speaks them.

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;

use axum::extract::Request;
use axum::response::Response;
use doorward_core::settings::ServerSettings;
use hyper::server::conn::{http1, http2};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tower::Service;

use crate::answering::Answering;
use crate::stream::ClientStream;
use crate::timeouts::unless_zero;
use crate::watch::{Order, Watch};

/// How both are spoken.
#[derive(Debug)]
pub(crate) struct Protocols {
    http1: http1::Builder,
    http2: http2::Builder<TokioExecutor>,
}

/// Why nothing more is answered.
#[derive(Debug)]
pub(crate) enum Ended {
    /// The client is quiet for a while, and all is answered.
    Quiet,
    /// The connection has ended, or broke off.
    Closed(hyper::Result<()>),
    /// It has to end now, as it was ordered.
    Ordered(Order),
}

impl Protocols {
    pub(crate) fn new(settings: &ServerSettings) -> Self {
        Self {
            http1: http1_builder(settings),
            http2: http2_builder(settings),
        }
    }

    /// Answers requests over HTTP/1.1 until the client is quiet for a while, or the connection ends.
    pub(crate) async fn http1<T, S>(
        &self,
        stream: &mut ClientStream<T>,
        answering: Answering<S>,
        watch: &mut Watch,
    ) -> Ended
    where
        T: AsyncRead + AsyncWrite + Unpin,
        S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
        S::Future: Send,
    {
        let mut talk = self.http1.serve_connection(TokioIo::new(&mut *stream), answering);
        loop {
            let order = tokio::select! {
                biased;
                ended = &mut talk => return Ended::Closed(ended),
                order = watch.next() => order,
            };
            match order {
                Order::Break(_) => return Ended::Ordered(order),
                Order::End => Pin::new(&mut talk).graceful_shutdown(),
                Order::Rest => {
                    Pin::new(&mut talk).graceful_shutdown();
                    // That ends it at once where hyper, too, waits for the next request and for nothing else.
                    let ended = poll_fn(|cx| Poll::Ready(talk.poll_without_shutdown(cx))).await;
                    if ended.is_ready() {
                        let unread = talk.into_parts().read_buf;
                        stream.put_back(&unread);
                        return Ended::Quiet;
                    }
                }
            }
        }
    }

    /// Answers requests over HTTP/2 until the connection ends.
    pub(crate) async fn http2<T, S>(
        &self,
        stream: &mut ClientStream<T>,
        answering: Answering<S>,
        watch: &mut Watch,
    ) -> Ended
    where
        T: AsyncRead + AsyncWrite + Unpin,
        S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
        S::Future: Send,
    {
        let io = TokioIo::new(stream);
        let mut talk = pin!(self.http2.serve_connection(io, answering));
        loop {
            tokio::select! {
                biased;
                ended = &mut talk => return Ended::Closed(ended),
                order = watch.next() => match order {
                    Order::Break(_) => return Ended::Ordered(order),
                    Order::End => talk.as_mut().graceful_shutdown(),
                    Order::Rest => {}
                },
            }
        }
    }
}

fn http1_builder(settings: &ServerSettings) -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder
        .timer(TokioTimer::new())
        // Ours looks at the time between two requests apart.
        .header_read_timeout(None)
        .max_buf_size(settings.max_header);
    builder
}

fn http2_builder(settings: &ServerSettings) -> http2::Builder<TokioExecutor> {
    let http2 = &settings.http2;
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .max_concurrent_streams(http2.max_streams)
        .max_pending_accept_reset_streams(http2.max_pending_resets)
        .max_local_error_reset_streams(http2.max_error_resets)
        .max_header_list_size(u32::try_from(settings.max_header).unwrap_or(u32::MAX))
        .initial_stream_window_size(http2.stream_window)
        .initial_connection_window_size(http2.connection_window)
        .keep_alive_interval(unless_zero(http2.ping_interval.duration()))
        .keep_alive_timeout(http2.ping_timeout.duration());
    builder
}
