//! Bare axum: one route that answers always the same, with the status, the headers and the body that it is told. It does what
//! nobody can do less of.
//!
//! `bench-bare ADDRESS ANSWER`: ANSWER is a JSON file of `path`, `status`, `headers` and `body`.

use std::error::Error;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::any;
use http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode};
use serde::Deserialize;

#[derive(Deserialize)]
struct Told {
    path: String,
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// What is answered; made once.
struct Always {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Always {
    fn new(told: Told) -> Result<Self, Box<dyn Error>> {
        let mut headers = HeaderMap::new();
        for (name, value) in told.headers {
            headers.append(name.parse::<HeaderName>()?, HeaderValue::from_str(&value)?);
        }
        Ok(Self {
            status: StatusCode::from_u16(told.status)?,
            headers,
            body: told.body.into(),
        })
    }

    fn answer(&self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body.clone()));
        *response.status_mut() = self.status;
        *response.headers_mut() = self.headers.clone();
        response
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args().skip(1);
    let (Some(address), Some(file)) = (words.next(), words.next()) else {
        return Err("usage: bench-bare ADDRESS ANSWER".into());
    };
    let told: Told = serde_json::from_slice(&std::fs::read(file)?)?;
    let path = told.path.clone();
    let always = Arc::new(Always::new(told)?);
    let route = any(move || {
        let always = Arc::clone(&always);
        async move { always.answer() }
    });
    let listener = tokio::net::TcpListener::bind(address).await?;
    axum::serve(listener, Router::new().route(&path, route)).await?;
    Ok(())
}
