//! A database as Django leaves it, with some users, and a feed.

use std::collections::HashSet;

use doorward_db::feed::{self, Changes, Feed, FeedProblem, Key};
use doorward_db::migrations::Migrator;
use doorward_db::{Database, Dialect, Schema, Sql};
use doorward_django::timestamp::Timestamp;
use tempfile::TempDir;

/// Keys as Django makes them.
pub(crate) const SESSION: &str = "abcdefghijklmnopqrstuvwxyz012345";
pub(crate) const OLD_SESSION: &str = "zyxwvutsrqponmlkjihgfedcba543210";

/// What two users have, and a third one lacks.
const ROWS: [&str; 12] = [
    "INSERT INTO auth_user (id, password, is_superuser, username, last_name, email, is_staff, is_active, date_joined, \
     first_name) VALUES (1, 'a', FALSE, 'ann', '', '', FALSE, TRUE, '2026-01-01 00:00:00', ''), \
     (2, 'b', FALSE, 'bob', '', '', FALSE, TRUE, '2026-01-01 00:00:00', ''), \
     (3, 'c', FALSE, 'cid', '', '', FALSE, TRUE, '2026-01-01 00:00:00', '')",
    "INSERT INTO authtoken_token (\"key\", created, user_id) VALUES ('1111', '2026-01-01 00:00:00', 1), \
     ('2222', '2026-01-01 00:00:00', 2)",
    "INSERT INTO auth_group (id, name) VALUES (1, 'editors'), (2, 'others')",
    "INSERT INTO auth_user_groups (user_id, group_id) VALUES (1, 1), (2, 1)",
    "INSERT INTO django_content_type (id, app_label, model) VALUES (1001, 'shop', 'product')",
    "INSERT INTO auth_permission (id, content_type_id, codename, name) VALUES (1001, 1001, 'sell', ''), \
     (1002, 1001, 'buy', '')",
    "INSERT INTO auth_group_permissions (group_id, permission_id) VALUES (1, 1001)",
    "INSERT INTO auth_user_user_permissions (user_id, permission_id) VALUES (2, 1001)",
    "INSERT INTO django_session (session_key, session_data, expire_date) VALUES \
     ('abcdefghijklmnopqrstuvwxyz012345', 'payload:1aaaaa:signature', '2999-01-01 00:00:00'), \
     ('zyxwvutsrqponmlkjihgfedcba543210', 'payload:1aaaaa:signature', '2001-01-01 00:00:00')",
    "INSERT INTO token_blacklist_outstandingtoken (id, token, expires_at, user_id, jti) VALUES \
     (1, '', '2999-01-01 00:00:00', 1, 'jti-1'), (2, '', '2999-01-01 00:00:00', 2, 'jti-2')",
    "INSERT INTO token_blacklist_blacklistedtoken (id, blacklisted_at, token_id) VALUES (1, '2026-01-01 00:00:00', 2)",
    "INSERT INTO doorward_revocation (user_id, not_before) VALUES (3, '2026-01-01 00:00:00')",
];

pub(crate) struct Site {
    pub(crate) database: Database,
    pub(crate) url: String,
    pub(crate) feed: Feed,
    _folder: TempDir,
}

impl Site {
    /// On every kind of database that there is, with a feed that was polled once.
    pub(crate) async fn all(name: &str) -> Vec<Self> {
        let mut sites = vec![Self::sqlite().await];
        sites.extend(Self::postgres(name).await);
        sites.extend(Self::mariadb(name).await);
        sites
    }

    pub(crate) async fn mariadb(name: &str) -> Option<Self> {
        let mut site = Self::mariadb_without_feed(name).await?;
        site.install().await;
        Some(site)
    }

    /// In a database of that name, which is made anew.
    pub(crate) async fn mariadb_without_feed(name: &str) -> Option<Self> {
        Some(Self::mariadb_at(&server("MARIADB_FOR_TESTS")?, name).await)
    }

    /// The same on that server.
    pub(crate) async fn mariadb_at(server: &str, name: &str) -> Self {
        let admin = Database::open(&format!("{server}/mysql")).await.unwrap();
        for statement in [
            "DROP DATABASE IF EXISTS ?",
            "CREATE DATABASE ? CHARACTER SET utf8mb4",
        ] {
            let sql = Sql::rendered(statement.replace('?', name));
            admin.execute(sql, []).await.unwrap();
        }
        Self::at(format!("{server}/{name}"), tempfile::tempdir().unwrap()).await
    }

    pub(crate) async fn sqlite() -> Self {
        let mut site = Self::sqlite_without_feed().await;
        site.install().await;
        site
    }

    pub(crate) async fn sqlite_without_feed() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("db.sqlite3").display());
        Self::at(url, folder).await
    }

    pub(crate) async fn postgres(name: &str) -> Option<Self> {
        let mut site = Self::postgres_without_feed(name).await?;
        site.install().await;
        Some(site)
    }

    /// In a database of that name, which is made anew.
    pub(crate) async fn postgres_without_feed(name: &str) -> Option<Self> {
        let server = server("POSTGRES_FOR_TESTS")?;
        let admin = Database::open(&format!("{server}/postgres")).await.unwrap();
        for statement in ["DROP DATABASE IF EXISTS ? WITH (FORCE)", "CREATE DATABASE ?"] {
            let sql = Sql::rendered(statement.replace('?', name));
            admin.execute(sql, []).await.unwrap();
        }
        Some(Self::at(format!("{server}/{name}"), tempfile::tempdir().unwrap()).await)
    }

    async fn at(url: String, folder: TempDir) -> Self {
        let database = Database::open(&url).await.unwrap();
        let schema = Schema::default();
        let migrator = Migrator::new(&database, &schema);
        migrator.apply(Timestamp::from_secs(1_800_000_000)).await.unwrap();
        feed::uninstall(&database).await.unwrap();
        for row in ROWS {
            let row = in_words(database.dialect(), row);
            database.execute(Sql::rendered(row), []).await.unwrap();
        }
        Self {
            feed: Feed::new(&database, &schema.user),
            database,
            url,
            _folder: folder,
        }
    }

    pub(crate) async fn install(&mut self) {
        feed::install(&self.database, &Schema::default().user)
            .await
            .unwrap();
        assert_eq!(self.feed.poll().await.unwrap(), Changes::Everything);
    }

    pub(crate) fn dialect(&self) -> Dialect {
        self.database.dialect()
    }

    /// Runs a statement that is written as SQLite and PostgreSQL have it.
    pub(crate) async fn execute(&self, sql: &str) {
        let sql = in_words(self.dialect(), sql);
        let done = self.database.execute(Sql::rendered(sql.clone()), []).await;
        done.unwrap_or_else(|error| panic!("{sql}: {error:?}"));
    }

    /// What a poll finds.
    pub(crate) async fn changes(&mut self) -> HashSet<Key> {
        match self.feed.poll().await.unwrap() {
            Changes::Keys(keys) => keys.into_iter().collect(),
            Changes::Everything => panic!("everything is no answer to one change"),
        }
    }

    pub(crate) async fn expect_everything(&mut self, why: &str) {
        assert_eq!(self.feed.poll().await.unwrap(), Changes::Everything, "{why}");
        assert_eq!(
            self.feed.poll().await.unwrap(),
            Changes::Keys(Vec::new()),
            "{why}"
        );
    }

    /// Nothing has changed.
    pub(crate) async fn expect_quiet(&mut self) {
        assert_eq!(self.changes().await, HashSet::new());
    }

    /// The feed is down, and says that of a trigger.
    pub(crate) async fn expect_blind(&mut self, told: &str) {
        for _ in 0..2 {
            let problem = self.feed.poll().await.expect_err(told);
            assert!(matches!(problem, FeedProblem::Blind(_)), "{problem:?}");
            assert!(problem.to_string().contains(told), "{problem}");
        }
    }

    pub(crate) fn session(&self, key: &str) -> Key {
        Key::session(self.dialect(), key)
    }
}

fn in_words(dialect: Dialect, sql: &str) -> String {
    match dialect {
        Dialect::MariaDb => {
            let sql = sql.replace('"', "`");
            sql.replace(
                "ON CONFLICT (user_id) DO UPDATE SET not_before = excluded.not_before",
                "ON DUPLICATE KEY UPDATE not_before = VALUES(not_before)",
            )
        }
        _ => sql.to_owned(),
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is how a test run is told its server"
)]
fn server(variable: &str) -> Option<String> {
    std::env::var(variable).ok()
}
