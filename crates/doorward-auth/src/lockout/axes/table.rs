//! [`AxesAttempts`]: what django-axes has counted, in its own table, which is read and never written.

use std::net::IpAddr;

use doorward_core::stores::StoreError;
use doorward_db::schema::Times;
use doorward_db::{Database, Row, Sql};
use doorward_django::timestamp::Timestamp;

use crate::lockout::counters::CountedBefore;

const TABLE: &str = "axes_accessattempt";

/// Rows that are read at once.
const PAGE: u32 = 1_000;

/// The failed logins of django-axes (`AccessAttempt`).
#[derive(Debug)]
pub(crate) struct AxesAttempts {
    database: Database,
    page: Sql,
}

/// A row: the failures for a name from an address with a browser.
#[derive(Debug)]
pub(super) struct AxesAttempt {
    id: i64,
    pub(super) username: Option<String>,
    pub(super) address: Option<IpAddr>,
    pub(super) counted: CountedBefore,
}

impl AxesAttempts {
    pub(crate) fn on(database: &Database) -> Self {
        let dialect = database.dialect();
        let address = dialect.address("ip_address");
        let page = format!(
            "SELECT id, username, {address}, attempt_time, failures_since_start FROM {} \
             WHERE id > ? AND attempt_time > ? ORDER BY id LIMIT ?",
            dialect.quote(TABLE)
        );
        Self {
            database: database.clone(),
            page: Sql::rendered(page),
        }
    }

    /// Whether the project has that table.
    pub(super) async fn is_there(&self) -> Result<bool, StoreError> {
        let has_table = self.database.dialect().has_table();
        let row = self.database.fetch_optional(has_table, [TABLE.into()]).await?;
        Ok(row.is_some())
    }

    /// The rows after that one whose last failure is later than that, a thousand of them.
    pub(super) async fn page(
        &self,
        last: Option<&AxesAttempt>,
        since: Timestamp,
        times: &Times,
    ) -> Result<Vec<AxesAttempt>, StoreError> {
        let last = last.map_or(i64::MIN, |row| row.id);
        let marks = [last.into(), times.of_django(since), PAGE.into()];
        let mut rows = self.database.fetch_all(&self.page, marks).await?;
        rows.iter_mut().map(|row| read(row, times)).collect()
    }
}

fn read(row: &mut Row, times: &Times) -> Result<AxesAttempt, StoreError> {
    let address: Option<String> = row.read(2)?;
    let failures: i64 = row.read(4)?;
    Ok(AxesAttempt {
        id: row.read(0)?,
        username: row.read(1)?,
        address: address.and_then(|text| text.parse().ok()),
        counted: CountedBefore {
            at: times.take(row, 3)?,
            failures: u32::try_from(failures.max(0)).unwrap_or(u32::MAX),
        },
    })
}
