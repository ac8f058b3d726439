//! The address of a server, read as sqlx and the readers of addresses in Django projects read it. It may hold a password
//! and is never repeated.

use sqlx::ConnectOptions;
use sqlx::mysql::MySqlConnectOptions;

use crate::sql::{DatabaseError, Location, Result, Server};

/// More statements than we have, for an application's own.
const STATEMENTS: usize = 500;

/// What is handed on.
const KNOWN: [&str; 6] = [
    "socket",
    "ssl-ca",
    "ssl-cert",
    "ssl-key",
    "ssl-mode",
    "statement-cache-capacity",
];

/// What clients, django-environ and dj-database-url spell otherwise.
const SPELLINGS: [(&str, &str); 9] = [
    ("unix_socket", "socket"),
    ("ssl_ca", "ssl-ca"),
    ("sslca", "ssl-ca"),
    ("ssl_cert", "ssl-cert"),
    ("sslcert", "ssl-cert"),
    ("ssl_key", "ssl-key"),
    ("sslkey", "ssl-key"),
    ("ssl_mode", "ssl-mode"),
    ("sslmode", "ssl-mode"),
];

/// What they know too, and changes nothing here: a session is always set up in the same way.
const IGNORED: [&str; 13] = [
    "autocommit",
    "charset",
    "collation",
    "conn_health_checks",
    "conn_max_age",
    "connect_timeout",
    "init_command",
    "isolation_level",
    "read_timeout",
    "sql_mode",
    "use_unicode",
    "write_timeout",
    "zeroDateTimeBehavior",
];

/// How to connect, and what errors call it.
pub(super) fn options(url: &str) -> Result<(MySqlConnectOptions, Location)> {
    let url = with_host(&with_known_parameters(url)?);
    let options: MySqlConnectOptions = url.parse().map_err(|_| DatabaseError::Address)?;
    let name = name(&options).ok_or(DatabaseError::Address)?;
    let bare = options
        .get_host()
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    let options = match bare {
        // For its colons an IPv6 address stands in brackets; a socket wants it without.
        Some(host) => options.clone().host(host),
        None => options,
    };
    let options = match url.contains("statement-cache-capacity=") {
        true => options,
        false => options.statement_cache_capacity(STATEMENTS),
    };
    // As Django leaves it: what stands in a `timestamp` is shown in the server's zone to both.
    let options = options.timezone(None::<String>);
    Ok((
        options.disable_statement_logging(),
        Location::server(&name, Server::MariaDb),
    ))
}

/// `user@/database` names no host, for a socket stands among the parameters; sqlx wants one all the same.
fn with_host(url: &str) -> String {
    match url.split_once("@/") {
        // Another `@` belongs to a password that is not escaped.
        Some((before, after)) if !before.contains('?') && !database_of(after).contains('@') => {
            format!("{before}@localhost/{after}")
        }
        _ => url.to_owned(),
    }
}

fn database_of(after: &str) -> &str {
    after.split_once('?').map_or(after, |(name, _)| name)
}

/// The address with parameters that sqlx knows.
fn with_known_parameters(url: &str) -> Result<String> {
    let Some((address, parameters)) = url.split_once('?') else {
        return Ok(url.to_owned());
    };
    let mut kept = Vec::new();
    for parameter in parameters.split('&').filter(|parameter| !parameter.is_empty()) {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let spelling = SPELLINGS.iter().find(|(other, _)| *other == name);
        let name = spelling.map_or(name, |(_, ours)| ours);
        match () {
            () if KNOWN.contains(&name) => kept.push(format!("{name}={value}")),
            () if IGNORED.contains(&name) => {}
            () => return Err(DatabaseError::Parameter(KNOWN.join(", "))),
        }
    }
    Ok(format!("{address}?{}", kept.join("&")))
}

/// `database on host:port`; nothing for an address that names no database.
fn name(options: &MySqlConnectOptions) -> Option<String> {
    let database = options.get_database()?;
    Some(match options.get_socket() {
        Some(socket) => format!("{database} at {}", socket.display()),
        None => format!("{database} on {}:{}", options.get_host(), options.get_port()),
    })
}

#[cfg(test)]
mod tests {
    use sqlx::mysql::MySqlSslMode;

    use super::*;

    fn named(url: &str) -> String {
        options(url).expect(url).1.to_string()
    }

    #[test]
    fn servers_and_sockets_are_named_without_who_logs_in() {
        for (url, expected) in [
            (
                "mysql://app:canary@db.example.org/shop",
                "shop on db.example.org:3306: ",
            ),
            (
                "mysql://app@[::1]:3307/shop?ssl-mode=disabled",
                "shop on [::1]:3307: ",
            ),
            (
                "mysql://app@/shop?socket=/run/mysqld/mysqld.sock",
                "shop at /run/mysqld/mysqld.sock: ",
            ),
            (
                "mysql://app@h/shop?unix_socket=/run/mysqld/mysqld.sock&charset=utf8mb4",
                "shop at /run/mysqld/mysqld.sock: ",
            ),
            (
                "mysql://app@h/shop?conn_max_age=600&sql_mode=ANSI",
                "shop on h:3306: ",
            ),
        ] {
            assert_eq!(named(url), expected, "{url}");
        }
    }

    #[test]
    fn tls_is_as_the_address_says() {
        for (url, mode) in [
            ("mysql://h/d", MySqlSslMode::Preferred),
            (
                "mysql://h/d?ssl-mode=VERIFY_IDENTITY&ssl-ca=/etc/ca.pem",
                MySqlSslMode::VerifyIdentity,
            ),
            ("mysql://h/d?ssl_mode=REQUIRED", MySqlSslMode::Required),
            ("mysql://h/d?sslmode=verify_ca", MySqlSslMode::VerifyCa),
        ] {
            let given = options(url).expect(url).0.get_ssl_mode();
            assert_eq!(format!("{given:?}"), format!("{mode:?}"), "{url}");
        }
    }

    #[test]
    fn what_is_wrong_is_told_without_the_password() {
        for url in [
            "mysql://app:canary@h:port/d",
            "mysql://app:canary@h",
            "mysql://app:canary@h/",
            "mysql://app:canary@h/d?ssl-mode=canary",
            "mysql://app:canary@h/d?canary=1",
            "mysql://app:canary@h/d?time-zone=canary",
        ] {
            let error = options(url).expect_err(url);
            assert!(!format!("{error}{error:?}").contains("canary"), "{url}: {error}");
        }
    }
}
