//! `database.url`: a database that there is a driver for. The address may hold a password and is never repeated.

use super::{Checked, require};
use crate::settings::{DatabaseSettings, SettingsError};

const KEY: &str = "database.url";
const ALLOWED: &str = "allowed: `sqlite://path/to/file.sqlite3`";

pub(super) fn check(database: &DatabaseSettings) -> Checked {
    let url = database.url.expose();
    let scheme = url.split_once(':').map_or("", |(scheme, _)| scheme);
    match scheme {
        "sqlite" => require(!path(url).is_empty(), KEY, || format!("names no file; {ALLOWED}")),
        "postgres" | "postgresql" | "mysql" | "mariadb" => {
            let problem = format!("`{scheme}://…` is not supported yet; {ALLOWED}");
            Err(SettingsError::new(KEY, problem))
        }
        _ => Err(SettingsError::new(
            KEY,
            format!("this is no address of a database; {ALLOWED}"),
        )),
    }
}

fn path(url: &str) -> &str {
    let rest = url.strip_prefix("sqlite:").unwrap_or_default();
    let path = rest.strip_prefix("//").unwrap_or(rest);
    path.split('?').next().unwrap_or_default()
}
