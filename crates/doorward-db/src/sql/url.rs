//! The address of a database.

use std::path::PathBuf;
use std::str::FromStr;

use doorward_django::secret::Secret;

use super::DatabaseError;

/// Where a database is, by kind.
#[derive(Debug)]
pub(crate) enum DatabaseUrl {
    Sqlite(Place),
    /// The whole address, for the driver.
    Postgres(Secret<String>),
    /// The same, of MariaDB or MySQL.
    MariaDb(Secret<String>),
}

/// Where a SQLite database lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In this process.
    Memory,
    /// In a file.
    File(PathBuf),
}

impl FromStr for DatabaseUrl {
    type Err = DatabaseError;

    fn from_str(url: &str) -> Result<Self, DatabaseError> {
        let (scheme, rest) = url.split_once(':').ok_or(DatabaseError::UnknownScheme)?;
        match scheme {
            "sqlite" => sqlite(rest).map(Self::Sqlite),
            "postgres" | "postgresql" | "psql" | "pgsql" | "postgis" => {
                Ok(Self::Postgres(Secret::new(format!("postgres:{rest}"))))
            }
            "mysql" | "mariadb" => Ok(Self::MariaDb(Secret::new(format!("mysql:{rest}")))),
            _ => Err(DatabaseError::UnknownScheme),
        }
    }
}

/// The path is taken as it stands, without percent-decoding, as the reference site takes it; `sqlite:////path`, as
/// dj-database-url writes an absolute one, begins with one slash.
fn sqlite(rest: &str) -> Result<Place, DatabaseError> {
    match rest.strip_prefix("//").unwrap_or(rest) {
        "" => Err(DatabaseError::NoFile),
        ":memory:" => Ok(Place::Memory),
        path if path.contains('?') => Err(DatabaseError::Options),
        path if path.starts_with("//") => {
            let path = path.trim_start_matches('/');
            Ok(Place::File(PathBuf::from(format!("/{path}"))))
        }
        path => Ok(Place::File(PathBuf::from(path))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_addresses() {
        let file = |path: &str| Place::File(path.into());
        for (url, expected) in [
            ("sqlite://doorward.sqlite3", file("doorward.sqlite3")),
            ("sqlite:doorward.sqlite3", file("doorward.sqlite3")),
            ("sqlite:///var/lib/a b%20.db", file("/var/lib/a b%20.db")),
            ("sqlite:////var/lib/a.db", file("/var/lib/a.db")),
            ("sqlite::memory:", Place::Memory),
            ("sqlite://:memory:", Place::Memory),
        ] {
            let DatabaseUrl::Sqlite(place) = url.parse().expect(url) else {
                panic!("{url} is of another kind");
            };
            assert_eq!(place, expected);
        }
    }

    #[test]
    fn addresses_of_servers_are_never_shown() {
        for scheme in ["postgres", "postgresql", "psql", "pgsql", "postgis"] {
            let url = format!("{scheme}://u:canary@h/d");
            let parsed: DatabaseUrl = url.parse().expect(scheme);
            let DatabaseUrl::Postgres(address) = &parsed else {
                panic!("{scheme} is of another kind");
            };
            assert_eq!(address.expose(), "postgres://u:canary@h/d", "as libpq spells it");
            assert!(!format!("{parsed:?}").contains("canary"), "{parsed:?}");
        }
        for scheme in ["mysql", "mariadb"] {
            let parsed: DatabaseUrl = format!("{scheme}://u:canary@h/d").parse().expect(scheme);
            assert!(matches!(parsed, DatabaseUrl::MariaDb(_)), "{scheme}");
            assert!(!format!("{parsed:?}").contains("canary"), "{parsed:?}");
        }
    }

    #[test]
    fn other_addresses_say_what_is_wrong_and_show_no_password() {
        for (url, expected) in [
            ("oracle://u:canary@h/d", "begins with sqlite://"),
            ("canary", "begins with sqlite://"),
            ("", "begins with sqlite://"),
            ("sqlite://", "names no file"),
            ("sqlite://a.db?mode=ro", "takes no options"),
        ] {
            let error = url.parse::<DatabaseUrl>().expect_err(url);
            assert!(error.to_string().contains(expected), "{url}: {error}");
            assert!(!format!("{error:?}{error}").contains("canary"), "{url}");
        }
    }
}
