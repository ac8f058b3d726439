//! [`ClientStream`]: a stream that tells its [`Activity`] what comes and goes.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::time::{Instant, Sleep, sleep, timeout};

use crate::activity::Activity;
use crate::patience::{BYTES, SILENCE, WHOLE};

/// What a client says first over HTTP/2 (RFC 9113 §3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// A stream whose reads and writes are told.
///
/// It ends as RFC 9112 §9.6 wants it: a stream that is closed while its client still sends is reset, and the client may
/// lose the answer that says why. So first only the answers end, and what comes is thrown away for a while.
#[derive(Debug)]
pub(crate) struct ClientStream<T> {
    stream: T,
    activity: Activity,
    /// What was read already, and belongs to whoever reads next.
    early: Vec<u8>,
    end: End,
}

/// What a client begins with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opening {
    /// A request over HTTP/1.1, as far as can be seen.
    Http1,
    /// What HTTP/2 begins with.
    Http2,
}

#[derive(Debug)]
enum End {
    Open,
    Listening(Listening),
}

/// Who is listened to once more.
#[derive(Debug)]
struct Listening {
    /// Until when, if it says nothing.
    silence: Pin<Box<Sleep>>,
    /// Until when, whatever it says.
    end: Instant,
    /// How much more it may say.
    bytes: u64,
}

impl Listening {
    fn new() -> Self {
        Self {
            silence: Box::pin(sleep(SILENCE)),
            end: Instant::now() + WHOLE,
            bytes: BYTES,
        }
    }

    /// Whether it may go on after that much.
    fn hears(&mut self, bytes: usize) -> bool {
        let now = Instant::now();
        self.silence.as_mut().reset(self.end.min(now + SILENCE));
        self.bytes = self.bytes.saturating_sub(bytes as u64);
        self.bytes > 0 && now < self.end
    }
}

impl<T> ClientStream<T> {
    pub(crate) fn new(stream: T, activity: Activity) -> Self {
        let end = End::Open;
        Self {
            stream,
            activity,
            early: Vec::new(),
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

impl<T: AsyncRead + Unpin> ClientStream<T> {
    /// Waits for what the client begins with; `None` where it ends. Nothing is lost where this is dropped.
    pub(crate) async fn opening(&mut self) -> io::Result<Option<Opening>> {
        loop {
            if let Some(opening) = self.recognised() {
                return Ok(Some(opening));
            }
            let missing = PREFACE.len().saturating_sub(self.early.len());
            let mut beginning = (&mut self.stream).take(missing as u64);
            if beginning.read_buf(&mut self.early).await? == 0 {
                return Ok(None);
            }
            self.activity.read();
        }
    }

    fn recognised(&self) -> Option<Opening> {
        match self.early.as_slice() {
            [] => None,
            // It stays what it was.
            _ if self.activity.is_http1() => Some(Opening::Http1),
            PREFACE => Some(Opening::Http2),
            some if PREFACE.starts_with(some) => None,
            _ => Some(Opening::Http1),
        }
    }

    /// Takes back what was read and not used.
    pub(crate) fn put_back(&mut self, unread: &[u8]) {
        if !unread.is_empty() {
            self.early.splice(..0, unread.iter().copied());
            self.activity.read();
        }
    }

    /// Reads what was read already.
    fn read_early(&mut self, buf: &mut ReadBuf<'_>) {
        let some = self.early.len().min(buf.remaining());
        for byte in self.early.drain(..some) {
            buf.put_slice(&[byte]);
        }
        if self.early.is_empty() {
            self.early = Vec::new();
        }
    }

    /// Throws away what comes, until nothing more will, or it was enough.
    fn poll_silence(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut bytes = [0; 16 * 1024];
        while let End::Listening(listening) = &mut self.end {
            let mut buf = ReadBuf::new(&mut bytes);
            match Pin::new(&mut self.stream).poll_read(cx, &mut buf) {
                Poll::Ready(Ok(())) if listening.hears(buf.filled().len()) && !buf.filled().is_empty() => {}
                Poll::Ready(_) => break,
                Poll::Pending => return listening.silence.as_mut().poll(cx),
            }
        }
        Poll::Ready(())
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> ClientStream<T> {
    /// Ends it as politely as can be done in a moment.
    pub(crate) async fn close(&mut self) {
        let _ = timeout(SILENCE, self.shutdown()).await;
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for ClientStream<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if !self.early.is_empty() {
            self.read_early(buf);
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        if buf.filled().len() > before {
            self.activity.read();
        }
        read
    }
}

impl<T: AsyncRead + AsyncWrite + Unpin> AsyncWrite for ClientStream<T> {
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
            self.activity.no_rest();
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
            if !self.activity.is_spoken_to() {
                return Poll::Ready(Ok(()));
            }
            self.end = End::Listening(Listening::new());
        }
        self.poll_silence(cx).map(Ok)
    }
}
