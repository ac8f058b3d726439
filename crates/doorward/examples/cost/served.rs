//! Requests over TCP to a server. Its clients run in a thread of their own, which is not counted.

use std::convert::Infallible;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;
use std::time::Duration;

use axum::extract::Request;
use axum::response::Response;
use doorward::Server;
use doorward::settings::ServerSettings;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tower::Service;

use crate::Failure;
use crate::site::{Credential, PATH};

/// Longer than a connection is quiet before it rests.
const QUIET: Duration = Duration::from_millis(1500);

/// Between one new connection and the next.
const PACE: Duration = Duration::from_millis(1);

/// What clients do: so many times, at that address, with that request.
pub(crate) type Clients = fn(SocketAddr, &str, usize) -> Result<(), Failure>;

/// Serves those clients. What the server does is measured, its connections included.
pub(crate) fn serve<S>(
    runtime: &Runtime,
    service: S,
    credential: Option<&Credential>,
    clients: Clients,
    count: usize,
) -> Result<(), Failure>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send,
{
    let settings = ServerSettings::default();
    let server = runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        Ok::<_, Failure>(Server::on(listener, &settings).await?)
    })?;
    let address = server.local_addr()?;
    let request = text(credential)?;
    let (done, ended) = oneshot::channel();
    let client = thread::spawn(move || {
        let asked = clients(address, &request, count);
        let _ = done.send(());
        asked
    });
    measured(runtime, server, service, ended);
    client.join().map_err(|_| "the client broke off")?
}

#[inline(never)]
fn measured<S>(runtime: &Runtime, server: Server, service: S, ended: oneshot::Receiver<()>)
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send,
{
    runtime.block_on(async {
        tokio::select! {
            () = server.run_beside(service) => {}
            _ = ended => {}
        }
    });
}

fn text(credential: Option<&Credential>) -> Result<String, Failure> {
    let credential = match credential {
        Some((name, value)) => format!("{name}: {}\r\n", value.to_str()?),
        None => String::new(),
    };
    Ok(format!(
        "GET {PATH} HTTP/1.1\r\nhost: localhost\r\nuser-agent: cost/1.0\r\naccept: */*\r\n{credential}\r\n"
    ))
}

/// One request after the other on one connection.
pub(crate) fn one_connection(address: SocketAddr, request: &str, count: usize) -> Result<(), Failure> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    (0..count).try_for_each(|_| exchange(&mut stream, request))
}

/// So many connections, each of which asks once and stays; tells what memory they take when they are quiet.
pub(crate) fn idle_connections(address: SocketAddr, request: &str, count: usize) -> Result<(), Failure> {
    let before = resident()?;
    let connected = (0..count).map(|_| {
        let mut stream = TcpStream::connect(address)?;
        exchange(&mut stream, request)?;
        thread::sleep(PACE);
        Ok(stream)
    });
    let connections = connected.collect::<Result<Vec<_>, Failure>>()?;
    thread::sleep(QUIET);
    let grown = resident()?.saturating_sub(before);
    println!(
        "{} bytes of memory for each connection",
        grown / connections.len().max(1)
    );
    Ok(())
}

/// Asks once; the answer ends with its body, an object.
fn exchange(stream: &mut TcpStream, request: &str) -> Result<(), Failure> {
    stream.write_all(request.as_bytes())?;
    let (mut answer, mut length) = ([0; 4096], 0);
    while !answer.get(..length).is_some_and(|answer| answer.ends_with(b"}")) {
        match stream.read(answer.get_mut(length..).unwrap_or_default())? {
            0 => return Err("the server hung up".into()),
            bytes => length += bytes,
        }
    }
    match answer.starts_with(b"HTTP/1.1 200 ") {
        true => Ok(()),
        false => Err("an answer was no 200".into()),
    }
}

/// The memory of this process, in bytes, where the system has a file that says so.
fn resident() -> Result<usize, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next());
    Ok(kilobytes.ok_or("no VmRSS")?.parse::<usize>()? * 1024)
}
