//! What follows the `?` of an address.

use percent_encoding::percent_decode_str;

use crate::sql::{DatabaseError, Result};

/// What is handed on to the driver (<https://www.postgresql.org/docs/current/libpq-connect.html>).
const HANDED_ON: [&str; 8] = [
    "application_name",
    "dbname",
    "options",
    "password",
    "sslcert",
    "sslkey",
    "statement-cache-capacity",
    "user",
];

/// What is read here.
const READ: [&str; 7] = [
    "connect_timeout",
    "host",
    "hostaddr",
    "port",
    "sslmode",
    "sslrootcert",
    "target_session_attrs",
];

/// What libpq knows too, or the readers of addresses in Django projects (django-environ, dj-database-url), and changes
/// nothing here.
const IGNORED: [&str; 11] = [
    "channel_binding",
    "client_encoding",
    "conn_health_checks",
    "conn_max_age",
    "disable_server_side_cursors",
    "fallback_application_name",
    "gssencmode",
    "keepalives",
    "keepalives_count",
    "keepalives_idle",
    "keepalives_interval",
];

/// The parameters of an address.
pub(super) struct Parameters<'a>(Vec<(&'a str, &'a str)>);

impl<'a> Parameters<'a> {
    /// Those of `name=value&…`; what nobody knows is refused, without what it is set to.
    pub(super) fn read(text: &'a str) -> Result<Self> {
        let pairs = text.split('&').filter(|pair| !pair.is_empty());
        let pairs: Vec<_> = pairs
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .collect();
        match pairs.iter().all(|(name, _)| is_known(name)) {
            true => Ok(Self(pairs)),
            false => Err(DatabaseError::Parameter(
                [&HANDED_ON[..], &READ].concat().join(", "),
            )),
        }
    }

    /// What is set, decoded; the last one counts, and an empty one is none.
    pub(super) fn value(&self, name: &str) -> Option<String> {
        let (_, value) = self.0.iter().rfind(|(known, _)| *known == name)?;
        Some(decoded(value)).filter(|value| !value.is_empty())
    }

    /// Those for the driver, as they were written.
    pub(super) fn handed_on(&self) -> String {
        let pairs = self.0.iter().filter(|(name, _)| is_handed_on(name));
        pairs
            .map(|(name, value)| format!("{name}={value}"))
            .collect::<Vec<_>>()
            .join("&")
    }
}

fn is_known(name: &str) -> bool {
    is_handed_on(name) || READ.contains(&name) || IGNORED.contains(&name)
}

fn is_handed_on(name: &str) -> bool {
    HANDED_ON.contains(&name) || name.starts_with("options[")
}

/// As in a form: `+` is a space.
fn decoded(value: &str) -> String {
    percent_decode_str(&value.replace('+', " "))
        .decode_utf8_lossy()
        .into_owned()
}
