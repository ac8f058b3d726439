//! [`Samples`]: some of the credentials that a database holds, to see whether these settings open them.

use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;

use crate::database::{Database, Result, Sql, Value};
use crate::names::Names;
use crate::schema::Schema;

/// How many of each kind are looked at.
const MANY: u32 = 200;

/// Some credentials of each kind, the latest first. Where a table is missing there are none.
#[derive(Debug, Default)]
pub struct Samples {
    /// Encoded passwords of users.
    pub passwords: Vec<Secret<String>>,
    /// Sessions that have not ended, as the column keeps them.
    pub sessions: Vec<Secret<String>>,
    /// Keys of opaque tokens.
    pub opaque_tokens: Vec<Secret<String>>,
    /// Refresh and sliding tokens that have not ended.
    pub json_web_tokens: Vec<Secret<String>>,
}

impl Samples {
    /// Reads them; nothing is written.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn read(database: &Database, schema: &Schema, now: Timestamp) -> Result<Self> {
        let names = Names::new(database.dialect(), schema);
        let times = &names.times;
        let (user, key) = (&names.user, names.dialect.quote("key"));
        let (users, id, session, token) = (&user.table, &user.id, &names.session, &names.token);
        let outstanding = &names.outstanding;
        let passwords = format!("SELECT password FROM {users} ORDER BY {id} DESC LIMIT {MANY}");
        let sessions = format!(
            "SELECT session_data FROM {session} WHERE expire_date > ? ORDER BY expire_date DESC LIMIT {MANY}"
        );
        let opaque = format!("SELECT {key} FROM {token} ORDER BY created DESC LIMIT {MANY}");
        let tokens =
            format!("SELECT token FROM {outstanding} WHERE expires_at > ? ORDER BY id DESC LIMIT {MANY}");
        Ok(Self {
            passwords: texts(database, &user.schema.table, passwords, None).await?,
            sessions: texts(database, "django_session", sessions, Some(times.of_django(now))).await?,
            opaque_tokens: texts(database, "authtoken_token", opaque, None).await?,
            json_web_tokens: texts(
                database,
                "token_blacklist_outstandingtoken",
                tokens,
                Some(times.of_simple_jwt(now)),
            )
            .await?,
        })
    }
}

async fn texts(
    database: &Database,
    table: &str,
    sql: String,
    after: Option<Value>,
) -> Result<Vec<Secret<String>>> {
    let there = database.fetch_optional(database.dialect().has_table(), [table.into()]);
    if there.await?.is_none() {
        return Ok(Vec::new());
    }
    let values: Vec<Value> = after.into_iter().collect();
    let rows = database.fetch_all(Sql::rendered(sql), values).await?;
    rows.iter().map(|row| row.read(0).map(Secret::new)).collect()
}
