//! Which servers are served: those that have `SKIP LOCKED`.

use crate::sql::{DatabaseError, Result};

const MARIADB: (u32, u32) = (10, 6);
const MYSQL: (u32, u32) = (8, 0);

/// Refuses a server that is too old, by its `VERSION()`; whose version cannot be read is taken.
pub(super) fn demand(version: &str) -> Result<()> {
    let least = match version.contains("MariaDB") {
        true => MARIADB,
        false => MYSQL,
    };
    match numbers(version) {
        Some(found) if found < least => Err(DatabaseError::Outdated(version.to_owned())),
        _ => Ok(()),
    }
}

fn numbers(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split(['.', '-']).map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_that_cannot_pass_over_locked_rows_are_refused() {
        for version in [
            "10.6.0-MariaDB",
            "11.4.2-MariaDB-ubu2404",
            "8.0.36",
            "9.1.0",
            "odd",
        ] {
            assert!(demand(version).is_ok(), "{version}");
        }
        for version in ["10.5.23-MariaDB-1:10.5", "5.5.5-MariaDB", "5.7.44-log"] {
            let told = demand(version).expect_err(version).to_string();
            assert!(told.contains(version) && told.contains("10.6"), "{told}");
        }
    }
}
