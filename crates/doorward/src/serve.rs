//! [`Server`]: an own accept loop, so that a slow client is cut off and a stop loses no request.

mod start_line;

use std::convert::Infallible;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use doorward_core::{Door, Router};
use tower::Service;
use tower::util::Either;

use crate::access_log::AccessLog;
use crate::chores::Chores;

pub use doorward_serve::{Around, Draining, Error, Limits, Result, Server, Site};
pub use start_line::StartLine;

/// Serves a door's routes as its settings say.
pub(crate) async fn door(door: &Door, app: Router) -> crate::Result {
    let routes = app.routes().len();
    let service = Limits::new(app.into_service()?);
    let server = Server::bind(&door.settings().server).await?;
    run(door, server, service, Some(routes)).await
}

/// Serves any service on that listener as a door's settings say; nobody counts its routes.
pub(crate) async fn service<S>(door: &Door, server: Server, service: S) -> crate::Result
where
    S: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Response: IntoResponse,
    S::Future: Send,
{
    let service = Limits::around(door.router().into_service()?, service);
    run(door, server, service, None).await
}

/// Serves on that listener until the process is told to stop; the door's keys are read again when their files change, and its
/// chores are done. Where the program logs, each request has an id and a line.
pub(crate) async fn run<S>(door: &Door, server: Server, service: S, routes: Option<usize>) -> crate::Result
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
{
    let chores = Chores::start(door)?;
    StartLine::new(door, &server, routes)?.tell();
    let service = match tracing::dispatcher::has_been_set() {
        true => Either::Left(AccessLog::new(door, service)),
        false => Either::Right(service),
    };
    let ended = server.run(service).await;
    chores.finish().await;
    tracing::info!("stopped");
    Ok(ended?)
}
