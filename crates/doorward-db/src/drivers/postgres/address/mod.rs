//! The address of a server, read as libpq and sqlx read it. It may hold a password and is never repeated.

use sqlx::ConnectOptions;
use sqlx::postgres::PgConnectOptions;

use crate::sql::{DatabaseError, Location, Result};

/// More statements than we have, for an application's own.
const STATEMENTS: usize = 500;

/// What is handed on (<https://www.postgresql.org/docs/current/libpq-connect.html>).
const KNOWN: [&str; 13] = [
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "options",
    "password",
    "port",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "statement-cache-capacity",
    "user",
];

/// What libpq knows too, or the readers of addresses in Django projects (django-environ, dj-database-url), and changes
/// nothing here.
const IGNORED: [&str; 13] = [
    "channel_binding",
    "client_encoding",
    "conn_health_checks",
    "conn_max_age",
    "disable_server_side_cursors",
    "connect_timeout",
    "fallback_application_name",
    "gssencmode",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
    "target_session_attrs",
];

/// How to connect, and what errors call it.
pub(super) fn options(url: &str) -> Result<(PgConnectOptions, Location)> {
    let url = with_host(&without_ignored(url)?);
    let options: PgConnectOptions = url.parse().map_err(|_| DatabaseError::Address)?;
    let options = match url.contains("statement-cache-capacity=") {
        true => options,
        false => options.statement_cache_capacity(STATEMENTS),
    };
    let options = options.disable_statement_logging();
    let named = Location::server(&name(&options));
    Ok((options, named))
}

/// `user@/database` names no host, for a socket's folder stands among the parameters; sqlx wants one all the same.
fn with_host(url: &str) -> String {
    match url.split_once("@/") {
        Some((before, after)) if !before.contains('?') => format!("{before}@localhost/{after}"),
        _ => url.to_owned(),
    }
}

/// The address with parameters that sqlx knows.
fn without_ignored(url: &str) -> Result<String> {
    let Some((address, parameters)) = url.split_once('?') else {
        return Ok(url.to_owned());
    };
    let mut kept = Vec::new();
    for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
        let name = parameter.split('=').next().unwrap_or_default();
        match () {
            () if KNOWN.contains(&name) || name.starts_with("options[") => kept.push(parameter),
            () if IGNORED.contains(&name) => {}
            () => return Err(DatabaseError::Parameter(KNOWN.join(", "))),
        }
    }
    Ok(format!("{address}?{}", kept.join("&")))
}

/// `database on host:port`
fn name(options: &PgConnectOptions) -> String {
    let database = options.get_database().unwrap_or_else(|| options.get_username());
    match options.get_socket() {
        Some(folder) => format!("{database} in {}", folder.display()),
        None => format!("{database} on {}:{}", options.get_host(), options.get_port()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(url: &str) -> String {
        options(url).expect(url).1.to_string()
    }

    #[test]
    fn servers_and_sockets_are_named_without_who_logs_in() {
        assert_eq!(
            named("postgres://app:canary@db.example.org/shop"),
            "shop on db.example.org:5432: "
        );
        assert_eq!(
            named("postgresql://app@[::1]:5433/shop?sslmode=disable"),
            "shop on [::1]:5433: "
        );
        assert_eq!(
            named("postgres://app@/shop?host=/run/postgresql"),
            "shop in /run/postgresql: "
        );
        assert_eq!(
            named("postgres:///shop?host=/run/postgresql"),
            "shop in /run/postgresql: "
        );
        assert_eq!(
            named("postgres://app@h/shop?channel_binding=require&connect_timeout=3"),
            "shop on h:5432: "
        );
    }

    #[test]
    fn what_is_wrong_is_told_without_the_password() {
        for url in [
            "postgres://app:canary@h:port/d",
            "postgres://app:canary@h/d?sslmode=canary",
            "postgres://app:canary@h/d?canary=1",
            "postgres://app:canary@h/d?sslmode=require&pass=canary",
        ] {
            let error = options(url).expect_err(url);
            assert!(!format!("{error}{error:?}").contains("canary"), "{url}: {error}");
        }
    }
}
