//! [`Plan`]: what is to be asked.

use std::fs;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

/// What is asked, of whom, and how.
#[derive(Debug, Deserialize)]
pub(crate) struct Plan {
    /// A host and a port.
    pub(crate) address: String,
    pub(crate) connections: usize,
    /// How long is measured.
    pub(crate) seconds: f64,
    /// How long is asked before that, and not measured.
    pub(crate) warm_up: f64,
    /// So many requests a second, all connections together, whether they are answered or not; none: as many as are answered.
    pub(crate) rate: Option<f64>,
    pub(crate) ask: Ask,
}

/// What each connection asks.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Ask {
    /// Requests from a file, in turn: a line with the length of each in bytes, and then the bytes.
    File(PathBuf),
    /// A refresh token, and then the one that came for it, and so on: a chain for each of these tokens.
    Chain {
        /// Where tokens are refreshed.
        path: String,
        tokens: Vec<String>,
    },
}

impl Plan {
    /// From the start to the first request that is measured.
    pub(crate) fn warm_up(&self) -> Duration {
        Duration::from_secs_f64(self.warm_up)
    }

    /// From the start to the end.
    pub(crate) fn whole(&self) -> Duration {
        Duration::from_secs_f64(self.warm_up + self.seconds)
    }
}

/// The requests of a file.
pub(crate) fn requests(file: &PathBuf) -> io::Result<Vec<Vec<u8>>> {
    let bytes = fs::read(file)?;
    let (mut rest, mut requests) = (bytes.as_slice(), Vec::new());
    while !rest.is_empty() {
        let (request, after) =
            first(rest).ok_or_else(|| wrong("a length, and then so many bytes, were expected"))?;
        requests.push(request.to_vec());
        rest = after;
    }
    match requests.is_empty() {
        true => Err(wrong("there is no request in it")),
        false => Ok(requests),
    }
}

fn first(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let (line, rest) = bytes.split_at_checked(end)?;
    let length = std::str::from_utf8(line).ok()?.parse().ok()?;
    rest.get(1..)?.split_at_checked(length)
}

pub(crate) fn wrong(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_told_by_their_lengths() {
        assert_eq!(first(b"3\nabc2\nde"), Some((&b"abc"[..], &b"2\nde"[..])));
        assert_eq!(first(b"4\nabc"), None);
        assert_eq!(first(b"x\nabc"), None);
        assert_eq!(first(b"3"), None);
    }
}
