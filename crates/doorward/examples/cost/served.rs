//! Requests over one TCP connection to a server. Its client runs in a thread of its own, which is not counted.

use std::convert::Infallible;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread;

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

/// Serves one connection with so many requests, all of which are measured; so is the connection.
pub(crate) fn ask<S>(
    runtime: &Runtime,
    service: S,
    credential: Option<&Credential>,
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
        let asked = ask_at(address, &request, count);
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

/// One request after the other; every answer is as long as the first.
fn ask_at(address: SocketAddr, request: &str, count: usize) -> Result<(), Failure> {
    let mut stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut answer = [0; 4096];
    for _ in 0..count {
        stream.write_all(request.as_bytes())?;
        let mut length = 0;
        while !answer.get(..length).is_some_and(|answer| answer.ends_with(b"}")) {
            let rest = answer.get_mut(length..).unwrap_or_default();
            match stream.read(rest)? {
                0 => return Err("the server hung up".into()),
                bytes => length += bytes,
            }
        }
        if !answer.starts_with(b"HTTP/1.1 200 ") {
            return Err("an answer was no 200".into());
        }
    }
    Ok(())
}
