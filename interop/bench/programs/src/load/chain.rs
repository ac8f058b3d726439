//! [`Asking`]: what one connection asks next.

use std::io;

use serde::Deserialize;

use crate::connection::Answer;
use crate::plan::{Ask, requests, wrong};

/// Where somebody's requests come from.
#[derive(Debug)]
pub(crate) enum Asking<'a> {
    /// Every so many of a list, from an offset on.
    List {
        requests: &'a [Vec<u8>],
        next: usize,
        step: usize,
    },
    /// The token that came last.
    Chain { path: &'a str, request: Vec<u8> },
}

#[derive(Deserialize)]
struct Refreshed {
    refresh: String,
}

/// What is read once for all connections.
pub(crate) fn list(ask: &Ask) -> io::Result<Vec<Vec<u8>>> {
    match ask {
        Ask::File(file) => requests(file),
        Ask::Chain { .. } => Ok(Vec::new()),
    }
}

impl<'a> Asking<'a> {
    /// That of connection `number` of `step`.
    pub(crate) fn new(ask: &'a Ask, requests: &'a [Vec<u8>], number: usize, step: usize) -> io::Result<Self> {
        match ask {
            Ask::File(_) => Ok(Self::List {
                requests,
                next: number,
                step,
            }),
            Ask::Chain { path, tokens } => {
                let token = tokens
                    .get(number)
                    .ok_or_else(|| wrong("a token for each connection"))?;
                Ok(Self::Chain {
                    path,
                    request: refresh(path, token),
                })
            }
        }
    }

    pub(crate) fn request(&self) -> &[u8] {
        match self {
            Self::List { requests, next, .. } => requests
                .get(next % requests.len().max(1))
                .map_or(&[], Vec::as_slice),
            Self::Chain { request, .. } => request,
        }
    }

    /// After that answer to it.
    pub(crate) fn go_on(&mut self, answer: &Answer) {
        match self {
            Self::List { next, step, .. } => *next += *step,
            Self::Chain { path, request } => {
                if let Ok(Refreshed { refresh: token }) = serde_json::from_slice(&answer.body) {
                    *request = refresh(path, &token);
                }
            }
        }
    }
}

fn refresh(path: &str, token: &str) -> Vec<u8> {
    let body = format!("{{\"refresh\":\"{token}\"}}");
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}
