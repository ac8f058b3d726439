//! `database.url`: a database that there is a driver for. The address may hold a password and is never repeated.

use super::Findings;
use crate::settings::DatabaseSettings;

const ALLOWED: &str = "allowed: `sqlite://path/to/file.sqlite3`";

pub(crate) fn check(database: &DatabaseSettings, found: &mut Findings) {
    let problem = problem(database.url.expose());
    found.require(problem.is_none(), "database.url", || problem.unwrap_or_default());
}

fn problem(url: &str) -> Option<String> {
    let (scheme, rest) = url.split_once(':').unwrap_or_default();
    match scheme {
        "sqlite" => match rest.strip_prefix("//").unwrap_or(rest) {
            "" => Some(format!("names no file; {ALLOWED}")),
            path if path.contains('?') => Some(format!(
                "a sqlite:// address takes no options, and no `?`; {ALLOWED}"
            )),
            path if path.contains('\0') => Some(format!("no file has such a name; {ALLOWED}")),
            _ => None,
        },
        "postgres" | "postgresql" | "mysql" | "mariadb" => {
            Some(format!("`{scheme}://…` is not supported yet; {ALLOWED}"))
        }
        _ => Some(format!("this is no address of a database; {ALLOWED}")),
    }
}
