//! [`Watched`]: a stream that tells its [`Activity`] what comes and goes.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Sleep, sleep};

use super::activity::Activity;

/// How long a client is listened to that still sends when its connection ends.
const PATIENCE: Duration = Duration::from_secs(2);

/// A stream whose reads and writes are told.
///
/// It ends as RFC 9112 §9.6 wants it: a stream that is closed while its client still sends is reset, and the client may
/// lose the answer that says why. So first only the answers end, and what comes is thrown away for a moment.
#[derive(Debug)]
pub(super) struct Watched<T> {
    stream: T,
    activity: Activity,
    end: End,
}

#[derive(Debug)]
enum End {
    Open,
    Listening(Pin<Box<Sleep>>),
}

impl<T> Watched<T> {
    pub(super) fn new(stream: T, activity: Activity) -> Self {
        let end = End::Open;
        Self {
            stream,
            activity,
            end,
        }
    }

    fn told<V>(&self, written: Poll<io::Result<V>>) -> Poll<io::Result<V>> {
        match written {
            Poll::Pending => self.activity.is_stuck(),
            Poll::Ready(_) => self.activity.wrote(),
        }
        written
    }
}

impl<T: AsyncRead + Unpin> Watched<T> {
    /// Throws away what comes, until nothing more will.
    fn poll_silence(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut bytes = [0; 4096];
        loop {
            let mut buf = ReadBuf::new(&mut bytes);
            match Pin::new(&mut self.stream).poll_read(cx, &mut buf) {
                Poll::Ready(Ok(())) if !buf.filled().is_empty() => {}
                read => return read.map(drop),
            }
        }
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Watched<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        if buf.filled().len() > before {
            self.activity.read();
        }
        read
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Watched<T> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.told(written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.told(written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        self.told(flushed)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if matches!(self.end, End::Open) {
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
            if !self.activity.is_spoken_to() {
                return Poll::Ready(Ok(()));
            }
            self.end = End::Listening(Box::pin(sleep(PATIENCE)));
        }
        let End::Listening(patience) = &mut self.end else {
            return Poll::Ready(Ok(()));
        };
        if patience.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Ok(()));
        }
        self.poll_silence(cx).map(Ok)
    }
}
