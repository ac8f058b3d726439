//! `[database]`: a database that there is a driver for. The address may hold a password and is never repeated.

use std::ops::RangeInclusive;

use doorward_django::time_zone::TimeZone;

use crate::app::{App, Site};
use crate::settings::validate::periods::{Least, waits};
use crate::settings::{DatabaseSettings, Findings, SettingsErrors};

const FILE: &str = "allowed: `sqlite://path/to/file.sqlite3`";
const ALLOWED: &str = "allowed: `sqlite://path/to/file.sqlite3`, `postgres://user:password@host:5432/database`, \
    `mysql://user:password@host:3306/database`";

/// The database of a site, which is opened for the door.
pub(crate) struct SiteDatabase;

impl App for SiteDatabase {
    type Settings = DatabaseSettings;
    type State = ();

    fn resolve(settings: DatabaseSettings, _: &Site<'_>) -> Result<(), SettingsErrors> {
        Findings::of(|found| {
            let problem = problem(settings.url.expose());
            found.require(problem.is_none(), "database.url", || problem.unwrap_or_default());
            check_pool(&settings, found);
            let zone = TimeZone::named(&settings.time_zone);
            found.require(zone.is_some(), "database.time_zone", || {
                no_zone(&settings.time_zone)
            });
            Some(())
        })
    }
}

/// Two connections at least, one that reads and one that writes; what a server would ever allow at most.
const CONNECTIONS: RangeInclusive<u32> = 2..=10_000;

fn check_pool(settings: &DatabaseSettings, found: &mut Findings) {
    let count = settings.max_connections;
    found.require(CONNECTIONS.contains(&count), "database.max_connections", || {
        format!(
            "{count} is out of range; allowed: {} to {}",
            CONNECTIONS.start(),
            CONNECTIONS.end()
        )
    });
    let wait = Least::Millisecond("would never wait");
    waits(
        [
            ("database.pool_timeout", settings.pool_timeout, wait),
            ("database.connect_timeout", settings.connect_timeout, wait),
            ("database.lock_timeout", settings.lock_timeout, wait),
            (
                "database.max_lifetime",
                settings.max_lifetime,
                Least::Millisecond("would use no connection twice"),
            ),
        ],
        found,
    );
}

fn no_zone(name: &str) -> String {
    let name = name.escape_debug();
    format!("`{name}` is no time zone; write TIME_ZONE of the project, such as `Europe/Paris`, or `UTC`")
}

fn problem(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once(':').unwrap_or_default();
    match scheme {
        "sqlite" => file(rest.strip_prefix("//").unwrap_or(rest)),
        "postgres" | "postgresql" | "psql" | "pgsql" | "postgis" | "mysql" | "mariadb" => server(rest).err(),
        _ => Some(format!("this is no address of a database; {ALLOWED}")),
    }
}

fn file(path: &str) -> Option<String> {
    match path {
        "" => Some(format!("names no file; {FILE}")),
        path if path.contains('?') => Some(format!(
            "a sqlite:// address takes no options, and no `?`; {FILE}"
        )),
        path if path.contains('\0') => Some(format!("no file has such a name; {FILE}")),
        _ => None,
    }
}

/// As far as it can be told from the text; the driver reads the rest.
fn server(rest: &str) -> Result<(), String> {
    let Some(rest) = rest.strip_prefix("//") else {
        return Err(format!("names no server; {ALLOWED}"));
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (_, hosts) = authority.rsplit_once('@').unwrap_or(("", authority));
    if hosts.split(',').all(has_good_port) {
        return Ok(());
    }
    Err(format!(
        "its port is no number from 1 to 65535; in a password write %2F for a `/`, %3F for a `?`, %23 for a `#`; {ALLOWED}"
    ))
}

fn has_good_port(host: &str) -> bool {
    let port = match host.rsplit_once(':') {
        Some((_, port)) if !port.ends_with(']') => port,
        _ => "",
    };
    port.is_empty() || port.parse::<u16>().is_ok_and(|port| port > 0)
}
