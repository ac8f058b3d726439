//! [`HttpsClient`]: asks other services for their keys, and what a token is worth.

use std::error::Error;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use doorward_core::Answer;
use http::{Request, Response};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::crypto::aws_lc_rs;

pub use doorward_core::http_client::{HttpClient, HttpError};

/// How long a whole answer may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// How large an answer may be, in bytes.
const LARGEST: usize = 1 << 20;

/// A client with rustls, AWS-LC and the system's root certificates; it follows no redirects, and uses no proxy. What
/// the process has installed for rustls does not matter to it.
#[derive(Clone, Debug)]
pub struct HttpsClient(Client<HttpsConnector<HttpConnector>, Full<Bytes>>);

impl HttpsClient {
    /// A client.
    ///
    /// # Errors
    /// Where the system has no root certificates.
    pub fn new() -> io::Result<Self> {
        let connector = HttpsConnectorBuilder::new()
            .with_provider_and_native_roots(aws_lc_rs::default_provider())?
            .https_or_http()
            .enable_http1()
            .build();
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(Duration::from_secs(30))
            .build(connector);
        Ok(Self(client))
    }

    pub(crate) async fn answer(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let response = self
            .0
            .request(request.map(Full::new))
            .await
            .map_err(|error| told(&error))?;
        let (parts, body) = response.into_parts();
        let body = Limited::new(body, LARGEST).collect().await?.to_bytes();
        Ok(Response::from_parts(parts, body))
    }
}

/// An error with its causes in one line: the client's own words are "client error" whatever happened.
fn told(error: &hyper_util::client::legacy::Error) -> HttpError {
    let mut told = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        told = format!("{told}: {error}");
        cause = error.source();
    }
    told.into()
}

impl HttpClient for HttpsClient {
    fn send(&self, request: Request<Bytes>) -> Answer<'_, Result<Response<Bytes>, HttpError>> {
        Answer::pending(async move {
            let answer = tokio::time::timeout(PATIENCE, self.answer(request)).await;
            answer.unwrap_or_else(|_| Err("no answer came within five seconds".into()))
        })
    }
}
