//! Whether Django keeps local times in a database (`USE_TZ = False`), where we read UTC: what speaks for it.

use std::time::Duration;

use doorward_django::baseconv::base62_decode;
use doorward_django::secret::SecretKeys;
use doorward_django::sessions::{self, SESSION_KEY, SessionExpiry};
use doorward_django::timestamp::Timestamp;

use crate::database::{Database, Result, Row, Sql, Value};
use crate::names::Names;
use crate::schema::{Schema, Times};
use crate::users::parse_id;

/// No zone is further away from UTC, in seconds.
const FURTHEST_S: i64 = 14 * 3_600;
/// All offsets that are in use are multiples of this.
const STEP_S: i64 = 15 * 60;
/// How far apart two times of one login may lie.
const NEAR_S: i64 = 5;
/// In how many rows of a table a time that lies ahead is looked for.
const NEWEST: u32 = 1_000;
/// How far ahead another machine's clock may be.
const SKEW_S: i64 = 5 * 60;

/// What speaks for local times.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum LocalTimes {
    /// A session says itself when it was signed, and its row and its user's `last_login` are this many seconds off.
    Session {
        /// Seconds east of UTC.
        offset_s: i64,
    },
    /// Something happened in the future.
    Future {
        /// The table and the column that say so.
        column: &'static str,
        /// How far in the future, in seconds.
        ahead_s: i64,
    },
}

/// What speaks for local times in that database at `now`, if anything does.
///
/// A session is evidence where three times disagree that one login makes: when its text was signed (which is UTC always),
/// its `expire_date` less `cookie_age` (`SESSION_COOKIE_AGE`), and its user's `last_login`. The last two have to be off by
/// one and the same offset that is a zone's. In sound rows that is no matter of chance: whoever changed `cookie_age`
/// has old sessions whose `expire_date` is off, and a `last_login` that is not.
///
/// # Errors
/// When the database cannot be read.
pub async fn evidence(
    database: &Database,
    schema: &Schema,
    keys: &SecretKeys,
    cookie_age: Duration,
    now: Timestamp,
) -> Result<Option<LocalTimes>> {
    let names = Names::new(database.dialect(), schema);
    for session in recent(database, &names).await? {
        let Some(session) = Signed::read(session, &names.times, keys) else {
            continue;
        };
        let age_s = i64::try_from(cookie_age.as_secs()).unwrap_or(i64::MAX);
        let offset_s = session.expire_date.as_secs().saturating_sub(age_s) - session.signed_at_s;
        let Some(offset_s) = zone(offset_s) else { continue };
        let login = last_login(database, &names, &session.user).await?;
        let login_s = login.map(|login| login.as_secs() - session.signed_at_s);
        if login_s.is_some_and(|off| (off - offset_s).abs() <= NEAR_S) {
            return Ok(Some(LocalTimes::Session { offset_s }));
        }
    }
    future(database, &names, now).await
}

/// The zone's offset that a difference is, give or take a few seconds.
fn zone(difference_s: i64) -> Option<i64> {
    let offset_s = (difference_s + STEP_S / 2).div_euclid(STEP_S) * STEP_S;
    let is_one = offset_s != 0 && offset_s.abs() <= FURTHEST_S && (difference_s - offset_s).abs() <= NEAR_S;
    is_one.then_some(offset_s)
}

/// A session as evidence.
struct Signed {
    user: String,
    signed_at_s: i64,
    expire_date: Timestamp,
}

impl LocalTimes {
    /// What it means, for people.
    pub const MEANING: &str = "Django seems to keep local times in this database (USE_TZ = False) that are not those of \
                               `database.time_zone`: sessions end too early or too late; set it to TIME_ZONE of the project";
}

impl std::fmt::Display for LocalTimes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Session { offset_s } => {
                let (hours, minutes) = (offset_s / 3_600, offset_s.abs() % 3_600 / 60);
                write!(
                    f,
                    "a session and its user's last_login are {hours:+}:{minutes:02} hours off from UTC"
                )
            }
            Self::Future { column, ahead_s } => {
                write!(f, "{column} is {} minutes in the future", ahead_s / 60)
            }
        }
    }
}

impl Signed {
    /// A session that is signed by one of `keys`, has a user, and says nothing of its own age.
    fn read(mut row: Row, times: &Times, keys: &SecretKeys) -> Option<Self> {
        let text: String = row.read(0).ok()?;
        let data = sessions::decode(&text, keys).ok()?;
        if !matches!(SessionExpiry::of(&data), SessionExpiry::Policy) {
            return None;
        }
        Some(Self {
            user: data.get(SESSION_KEY)?.as_str()?.to_owned(),
            signed_at_s: base62_decode(text.rsplit(':').nth(1)?)?,
            expire_date: times.take(&mut row, 1).ok()?,
        })
    }
}

/// Those that end last.
async fn recent(database: &Database, names: &Names) -> Result<Vec<Row>> {
    let sql = format!(
        "SELECT session_data, expire_date FROM {} ORDER BY expire_date DESC LIMIT 200",
        names.session
    );
    database.fetch_all(Sql::rendered(sql), []).await
}

async fn last_login(database: &Database, names: &Names, user: &str) -> Result<Option<Timestamp>> {
    let schema = &names.user.schema;
    let (Some(id), Some(column)) = (parse_id(user, schema.id), &schema.last_login_column) else {
        return Ok(None);
    };
    let sql = format!(
        "SELECT {} FROM {} WHERE {} = ?",
        names.dialect.quote(column),
        names.user.table,
        names.user.id
    );
    let row = database
        .fetch_optional(Sql::rendered(sql), [Value::from(&id)])
        .await?;
    Ok(row.and_then(|mut row| names.times.take(&mut row, 0).ok()))
}

/// What happened later than now, and not much later than any zone's time could be. No index leads to the latest time: it is
/// looked for in the newest rows, so that a start does not take as long as there are users.
async fn future(database: &Database, names: &Names, now: Timestamp) -> Result<Option<LocalTimes>> {
    let last_login = names.user.schema.last_login_column.as_deref();
    let quoted = |name: &str| names.dialect.quote(name);
    for (column, name, table, key) in [
        (
            "last_login of a user",
            last_login,
            names.user.table.as_str(),
            names.user.id.clone(),
        ),
        (
            "created of authtoken_token",
            Some("created"),
            names.token.as_str(),
            quoted("user_id"),
        ),
        (
            "applied of django_migrations",
            Some("applied"),
            "django_migrations",
            quoted("id"),
        ),
    ] {
        let Some(name) = name.map(quoted) else {
            continue;
        };
        let newest = format!("SELECT {name} FROM {table} ORDER BY {key} DESC LIMIT {NEWEST}");
        let sql = Sql::rendered(format!("SELECT max({name}) FROM ({newest}) newest"));
        let row = database.fetch_optional(sql, []).await?;
        let latest: Option<Timestamp> = row.and_then(|mut row| names.times.take(&mut row, 0).ok());
        let ahead_s = latest.map_or(0, |latest| latest.as_secs() - now.as_secs());
        if (SKEW_S..=FURTHEST_S).contains(&ahead_s) {
            return Ok(Some(LocalTimes::Future { column, ahead_s }));
        }
    }
    Ok(None)
}
