//! Clients that speak plain HTTP where TLS is spoken.

use std::io;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const REFUSAL: &[u8] = b"HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\n\
    Content-Length: 33\r\nConnection: close\r\n\r\nThis port speaks HTTPS, not HTTP.";

/// How long what such a client still sends is read: closing at once could take the answer from it.
const LINGER: Duration = Duration::from_secs(1);

/// Whether the first byte is one of a method. TLS begins with 22; SSL 2 with 128 or more.
pub(super) async fn is_http(stream: &TcpStream) -> io::Result<bool> {
    let mut first = [0];
    match stream.peek(&mut first).await? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(first.iter().all(u8::is_ascii_uppercase)),
    }
}

/// Tells such a client; the error is for the log.
pub(super) async fn refuse(mut stream: TcpStream) -> io::Error {
    let _ = timeout(LINGER, tell(&mut stream)).await;
    io::Error::new(io::ErrorKind::InvalidData, "the client speaks plain HTTP")
}

async fn tell(stream: &mut TcpStream) -> io::Result<()> {
    stream.write_all(REFUSAL).await?;
    stream.shutdown().await?;
    let mut rest = [0; 1024];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}
