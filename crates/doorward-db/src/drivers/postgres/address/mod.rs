//! The address of a server, read as libpq and sqlx read it. It may hold a password and is never repeated.

mod parameters;
mod places;
mod tls;

use std::time::Duration;

use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;

use crate::sql::{DatabaseError, Location, Result, Server};
use parameters::Parameters;
use places::Place;

/// More statements than we have, for an application's own.
const STATEMENTS: usize = 500;
/// What the server shows of a connection, where the address says nothing else.
const NAME: &str = "doorward";

/// How to connect.
#[derive(Debug)]
pub(super) struct Address {
    /// The ways to each server, in their order.
    pub(super) servers: Vec<Vec<PgConnectOptions>>,
    /// What errors call it.
    pub(super) named: Location,
    pub(super) wanted: Wanted,
    /// How long one server may take, where the address says so (`connect_timeout`).
    pub(super) connect_timeout: Option<Duration>,
}

/// Which server counts (`target_session_attrs`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// The first that answers.
    Any,
    /// One that takes writes.
    Primary,
}

impl Address {
    /// Reads `postgres://user:password@host:port,host:port/database?parameters`.
    pub(super) fn read(url: &str) -> Result<Self> {
        let (address, parameters) = url.split_once('?').unwrap_or((url, ""));
        let parameters = Parameters::read(parameters)?;
        let rest = address
            .strip_prefix("postgres://")
            .ok_or(DatabaseError::Address)?;
        if url.contains('#') {
            return Err(DatabaseError::Address);
        }
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, hosts) = authority.rsplit_once('@').unwrap_or(("", authority));
        let given = options(user, path, &parameters)?;
        let places = places::places(hosts, &parameters)?;
        let each: Vec<_> = places.iter().map(|place| at(given.clone(), place)).collect();
        Ok(Self {
            named: Location::server(&name(&each), Server::Postgres),
            wanted: wanted(&parameters, each.len())?,
            servers: each
                .into_iter()
                .map(|options| tls::ways(options, &parameters))
                .collect::<Result<_>>()?,
            connect_timeout: seconds(&parameters)?,
        })
    }
}

/// All but where the server is. Who logs in stands in the parameters: an address without a host has no place for a user.
fn options(user: &str, path: &str, parameters: &Parameters<'_>) -> Result<PgConnectOptions> {
    let mut words = vec![parameters.handed_on()];
    let (name, password) = user.split_once(':').unwrap_or((user, ""));
    for (key, value) in [("user", name), ("password", password)] {
        if !value.is_empty() {
            words.insert(
                0,
                format!("{key}={}", value.replace('+', "%2B").replace('&', "%26")),
            );
        }
    }
    let url = format!("postgres:///{path}?{}", words.join("&"));
    let options: PgConnectOptions = url.parse().map_err(|_| DatabaseError::Address)?;
    let options = match parameters.value("statement-cache-capacity") {
        Some(_) => options,
        None => options.statement_cache_capacity(STATEMENTS),
    };
    let options = match options.get_application_name() {
        Some(_) => options,
        None => options.application_name(NAME),
    };
    // Numbers come in binary; PgBouncer refuses this parameter.
    Ok(options.extra_float_digits(None).disable_statement_logging())
}

fn at(options: PgConnectOptions, place: &Place) -> PgConnectOptions {
    let options = match place.port {
        Some(port) => options.port(port),
        None => options,
    };
    match &place.host {
        Some(folder) if folder.starts_with('/') => options.socket(folder),
        Some(host) => options.host(host),
        None => options,
    }
}

/// Where there are several servers, one that takes writes, unless the address says that any will do.
fn wanted(parameters: &Parameters<'_>, servers: usize) -> Result<Wanted> {
    match parameters.value("target_session_attrs").as_deref() {
        None if servers > 1 => Ok(Wanted::Primary),
        None | Some("any") => Ok(Wanted::Any),
        Some("read-write" | "primary") => Ok(Wanted::Primary),
        Some(_) => Err(DatabaseError::Unfit(
            "`target_session_attrs` is one of any, read-write, primary: what decides is read from the primary",
        )),
    }
}

/// As libpq has it: whole seconds, and none for no limit, which is ours then.
fn seconds(parameters: &Parameters<'_>) -> Result<Option<Duration>> {
    let Some(text) = parameters.value("connect_timeout") else {
        return Ok(None);
    };
    let seconds: i64 = text
        .trim()
        .parse()
        .map_err(|_| DatabaseError::Unfit("`connect_timeout` is a number of seconds"))?;
    Ok(u64::try_from(seconds)
        .ok()
        .filter(|seconds| *seconds > 0)
        .map(Duration::from_secs))
}

/// `database on host:port,host:port`, or `database in folder`
fn name(each: &[PgConnectOptions]) -> String {
    let database = each.first().map_or("", |options| {
        options.get_database().unwrap_or_else(|| options.get_username())
    });
    let folder = each.first().and_then(|options| options.get_socket());
    match folder {
        Some(folder) => format!("{database} in {}", folder.display()),
        None => format!(
            "{database} on {}",
            each.iter().map(host_and_port).collect::<Vec<_>>().join(",")
        ),
    }
}

fn host_and_port(options: &PgConnectOptions) -> String {
    match options.get_host() {
        host if host.contains(':') => format!("[{host}]:{}", options.get_port()),
        host => format!("{host}:{}", options.get_port()),
    }
}

#[cfg(test)]
mod tests;
