//! [`Connection`]: HTTP/1.1, as much of it as our servers speak.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::plan::wrong;

/// Who does not answer for so long is away.
const PATIENCE: Duration = Duration::from_secs(30);
const SIZE: usize = 16 << 10;

/// A connection that is opened when it is needed, and again where the server closed it.
#[derive(Debug)]
pub(crate) struct Connection {
    address: String,
    stream: Option<TcpStream>,
    buffer: Vec<u8>,
}

/// What was answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: Vec<u8>,
}

/// What the head of an answer says.
#[derive(Debug, PartialEq, Eq)]
struct Head {
    status: u16,
    length: usize,
    closes: bool,
}

impl Connection {
    pub(crate) fn new(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            stream: None,
            buffer: Vec::with_capacity(SIZE),
        }
    }

    /// The answer to those bytes. After an error the next request has a connection of its own.
    pub(crate) fn ask(&mut self, request: &[u8]) -> io::Result<Answer> {
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => self.open()?,
        };
        stream.write_all(request)?;
        self.buffer.clear();
        let end = self.read_until_head(&mut stream)?;
        let head = self.buffer.get(..end).and_then(read_head);
        let head = head.ok_or_else(|| wrong("no head of HTTP/1.1 with a length"))?;
        while self.buffer.len() < end + head.length {
            self.read_some(&mut stream)?;
        }
        if !head.closes {
            self.stream = Some(stream);
        }
        Ok(Answer {
            status: head.status,
            body: self.buffer.split_off(end),
        })
    }

    fn open(&self) -> io::Result<TcpStream> {
        let stream = TcpStream::connect(&self.address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(stream)
    }

    /// Where the body begins.
    fn read_until_head(&mut self, stream: &mut TcpStream) -> io::Result<usize> {
        loop {
            self.read_some(stream)?;
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                return Ok(end + 4);
            }
        }
    }

    fn read_some(&mut self, stream: &mut TcpStream) -> io::Result<()> {
        let mut some = [0; SIZE];
        match stream.read(&mut some)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                self.buffer
                    .extend_from_slice(some.get(..read).unwrap_or_default());
                Ok(())
            }
        }
    }
}

fn read_head(bytes: &[u8]) -> Option<Head> {
    let text = std::str::from_utf8(bytes).ok()?;
    let (line, rest) = text.split_once("\r\n")?;
    let mut head = Head {
        status: line.strip_prefix("HTTP/1.")?.get(2..5)?.parse().ok()?,
        length: 0,
        closes: line.starts_with("HTTP/1.0"),
    };
    for (name, value) in rest.split("\r\n").filter_map(|line| line.split_once(':')) {
        let value = value.trim();
        match name.to_ascii_lowercase().as_str() {
            "content-length" => head.length = value.parse().ok()?,
            "transfer-encoding" => return None,
            "connection" if value.eq_ignore_ascii_case("close") => head.closes = true,
            _ => {}
        }
    }
    Some(head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_tells_status_length_and_whether_it_is_the_last() {
        let head = read_head(b"HTTP/1.1 200 OK\r\nContent-Length: 12\r\nconnection: Close\r\n\r\n");
        let expected = Head {
            status: 200,
            length: 12,
            closes: true,
        };
        assert_eq!(head, Some(expected));
        assert_eq!(
            read_head(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"),
            None
        );
        assert_eq!(read_head(b"SSH-2.0\r\n\r\n"), None);
    }
}
