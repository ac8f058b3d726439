//! Requests that are given to the service in this process: no socket, no bytes.

use std::convert::Infallible;
use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use axum::http::header::{ACCEPT, HOST, USER_AGENT};
use axum::response::Response;
use doorward::django::urls::Scheme;
use tokio::runtime::Runtime;
use tower::Service;

use crate::Failure;
use crate::site::{self, Credential, PATH};

/// Asks once, and then so many times more, which are measured.
pub(crate) fn ask<S>(
    runtime: &Runtime,
    mut service: S,
    credential: Option<&Credential>,
    count: usize,
) -> Result<(), Failure>
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    let requests = (0..=count).map(|_| request(PATH, credential));
    let mut requests = requests.collect::<Result<Vec<_>, Failure>>()?;
    let mut responses = Vec::with_capacity(count + 1);
    let measured_ones = requests.split_off(1);
    measured(runtime, &mut service, requests, &mut responses);
    measured(runtime, &mut service, measured_ones, &mut responses);
    responses.iter().try_for_each(site::check)
}

/// What is made before a request comes, and thrown away after its answer has gone, is not counted.
#[inline(never)]
fn measured<S>(runtime: &Runtime, service: &mut S, requests: Vec<Request>, responses: &mut Vec<Response>)
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    runtime.block_on(async {
        for request in requests {
            let Ok(response) = service.call(request).await;
            responses.push(response);
        }
    });
}

/// A request as a server hands it on.
pub(crate) fn request(path: &str, credential: Option<&Credential>) -> Result<Request, Failure> {
    let mut request = Request::builder()
        .uri(path)
        .header(HOST, "localhost")
        .header(USER_AGENT, "cost/1.0")
        .header(ACCEPT, "*/*")
        .extension(ConnectInfo(SocketAddr::from(([127, 0, 0, 1], 50_000))))
        .extension(Scheme::Http);
    if let Some((name, value)) = credential {
        request = request.header(name, value);
    }
    Ok(request.body(Body::empty())?)
}
