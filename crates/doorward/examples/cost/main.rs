//! What one request costs, for `cargo xtask cost`: a door of its own, asked so many times by one kind of caller.
//!
//! ```text
//! cost token|jwt|session|bare called|served|idle COUNT
//! ```
//!
//! `called` gives requests to the service that a server mounts ([`Limits`], security, router, guard, handler) in this
//! process; `served` sends them over one TCP connection to a server; `idle` makes so many connections, and tells the memory
//! of each. `bare` is axum's router with the same handler and the same headers. Only what runs inside of `measured` counts:
//! everything is opened, and asked once, before it. What is looked up then the cache remembers as long as this runs, so that no SQL
//! does.

#![expect(clippy::print_stdout, reason = "it tells what it has measured")]

mod called;
mod served;
mod site;

use std::convert::Infallible;
use std::error::Error;

use axum::extract::Request;
use axum::response::Response;
use doorward::serve::Limits;
use tokio::runtime::{Builder, Runtime};
use tower::Service;

/// What can go wrong: the program ends with it.
type Failure = Box<dyn Error + Send + Sync>;

/// How requests reach the service.
#[derive(Clone, Copy)]
enum Way {
    Called,
    Served,
    Idle,
}

fn main() -> Result<(), Failure> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let [caller, way, count] = words.as_slice() else {
        return Err("usage: cost token|jwt|session|bare called|served|idle COUNT".into());
    };
    let way = match way.as_str() {
        "called" => Way::Called,
        "served" => Way::Served,
        "idle" => Way::Idle,
        other => return Err(format!("`{other}` is no way to a service").into()),
    };
    let runtime = Builder::new_current_thread().enable_all().build()?;
    measure(&runtime, caller, way, count.parse()?)
}

fn measure(runtime: &Runtime, caller: &str, way: Way, count: usize) -> Result<(), Failure> {
    if caller == "bare" {
        return ask(runtime, site::bare(), None, way, count);
    }
    let (door, user) = runtime.block_on(site::open())?;
    let service = Limits::new(site::routes(&door, &user).into_service()?);
    let credential = runtime.block_on(site::credential(caller, &door, &user, &service))?;
    ask(runtime, service, Some(&credential), way, count)
}

fn ask<S>(
    runtime: &Runtime,
    service: S,
    credential: Option<&site::Credential>,
    way: Way,
    count: usize,
) -> Result<(), Failure>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send,
{
    match way {
        Way::Called => called::ask(runtime, service, credential, count),
        Way::Served => served::serve(runtime, service, credential, served::one_connection, count),
        Way::Idle => served::serve(runtime, service, credential, served::idle_connections, count),
    }
}
