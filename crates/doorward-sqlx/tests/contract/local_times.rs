//! Django's tables where it keeps local times (`USE_TZ = False`): what a clock in Paris shows.

use std::sync::Arc;

use doorward_core::stores::{AuthToken, Blacklisting, OutstandingToken, SessionRow, Stores};
use doorward_core::user::UserRow;
use doorward_django::time_zone::TimeZone;
use doorward_django::timestamp::Timestamp;
use doorward_sqlx::schema::Times;
use doorward_sqlx::{Dialect, Schema, Sql, open_stores};

use super::{Bench, secret};

/// Noon in summer, in UTC.
const NOON: &str = "2024-07-01 12:00:00.000250";
/// The same in Paris.
const IN_PARIS: &str = "2024-07-01 14:00:00.000250";
/// The moment at which it is noon in Paris.
const TAKEN_FOR_LOCAL: &str = "2024-07-01 10:00:00.000250";

fn at(text: &str) -> Timestamp {
    Timestamp::from_sqlite(text).unwrap()
}

fn stores(bench: &Bench) -> Stores {
    let schema = Schema {
        times: Times::local(TimeZone::named("Europe/Paris").unwrap()),
        ..Schema::default()
    };
    open_stores(&bench.database, &schema)
}

impl Bench {
    async fn run(&self, sql: &str) {
        let sql = Sql::rendered(sql.to_owned());
        self.database.execute(sql, []).await.unwrap();
    }

    /// What stands in a column, as UTC.
    async fn stored(&self, sql: &str) -> Timestamp {
        let sql = Sql::rendered(sql.to_owned());
        let row = self.database.fetch_optional(sql, []).await.unwrap();
        row.unwrap().read(0).unwrap()
    }

    /// What ought to stand there: what a clock shows, or the moment where the column keeps zones.
    fn expected(&self, moment: &str, local: &str) -> Timestamp {
        at(match self.database.dialect() {
            Dialect::Postgres => moment,
            _ => local,
        })
    }

    /// Takes the zones away from the columns, where there are any.
    async fn without_zones(&self, columns: &[(&str, &str)]) {
        if self.database.dialect() != Dialect::Postgres {
            return;
        }
        for (table, column) in columns {
            let to = "TYPE timestamp without time zone";
            self.run(&format!("ALTER TABLE {table} ALTER COLUMN {column} {to}"))
                .await;
        }
    }
}

fn session(expire_date: &str) -> SessionRow {
    SessionRow {
        key: secret("key"),
        data: secret("data"),
        expire_date: at(expire_date),
    }
}

pub(crate) async fn sessions_end_when_they_should(bench: &Bench) {
    let sessions = stores(bench).sessions;
    assert!(sessions.create(session(NOON)).await.unwrap());
    let stored = bench.stored("SELECT expire_date FROM django_session").await;
    assert_eq!(stored, bench.expected(NOON, IN_PARIS));
    let before = at("2024-07-01 11:59:59");
    let found = sessions.load("key", before).await.unwrap().unwrap();
    assert_eq!(found.expire_date, at(NOON));
    assert_eq!(sessions.delete_expired(before, 10).await.unwrap(), 0);
    let after = at("2024-07-01 12:00:01");
    assert!(sessions.load("key", after).await.unwrap().is_none());
    assert_eq!(sessions.delete_expired(after, 10).await.unwrap(), 1);
}

pub(crate) async fn a_column_without_a_zone_is_local_everywhere(bench: &Bench) {
    bench.without_zones(&[("django_session", "expire_date")]).await;
    let sessions = stores(bench).sessions;
    assert!(sessions.create(session(NOON)).await.unwrap());
    let stored = bench.stored("SELECT expire_date FROM django_session").await;
    assert_eq!(stored, at(IN_PARIS));
    let found = sessions
        .load("key", at("2024-07-01 11:59:59"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(found.expire_date, at(NOON));
    assert!(
        sessions
            .load("key", at("2024-07-01 12:00:01"))
            .await
            .unwrap()
            .is_none()
    );
}

pub(crate) async fn users_and_their_keys_read_back(bench: &Bench) {
    let stores = stores(bench);
    let alice = bench.user("alice").await;
    stores.users.set_last_login(&alice.id, at(NOON)).await.unwrap();
    let stored = bench.stored("SELECT last_login FROM auth_user").await;
    assert_eq!(stored, bench.expected(NOON, IN_PARIS));
    let read = stores.users.by_id(&alice.id).await.unwrap().unwrap();
    assert_eq!(read.last_login, Some(at(NOON)));
    let token = AuthToken {
        key: secret("0123456789012345678901234567890123456789"),
        user: alice.id.clone(),
        created: at(NOON),
    };
    stores.auth_tokens.replace(token).await.unwrap();
    let stored = bench.stored("SELECT created FROM authtoken_token").await;
    assert_eq!(stored, bench.expected(NOON, IN_PARIS));
    let key = "0123456789012345678901234567890123456789";
    let (token, _) = stores.auth_tokens.by_key(key).await.unwrap().unwrap();
    assert_eq!(token.created, at(NOON));
}

fn refresh_token(user: &Arc<UserRow>) -> OutstandingToken {
    OutstandingToken {
        jti: "jti".to_owned(),
        token: secret("token"),
        user: Some(user.id.clone()),
        created_at: Some(at("2024-07-01 11:00:00")),
        expires_at: at(NOON),
    }
}

/// SimpleJWT writes UTC without a zone, which is taken for a local time where the column keeps zones.
pub(crate) async fn json_web_tokens_stand_as_simple_jwt_writes_them(bench: &Bench) {
    let tokens = stores(bench).outstanding_tokens;
    let alice = bench.user("alice").await;
    let taken_back = tokens.blacklist(refresh_token(&alice), at(NOON)).await.unwrap();
    assert_eq!(taken_back, Blacklisting::Done);
    let expires = bench
        .stored("SELECT expires_at FROM token_blacklist_outstandingtoken")
        .await;
    assert_eq!(expires, bench.expected(TAKEN_FOR_LOCAL, NOON));
    let blacklisted = bench
        .stored("SELECT blacklisted_at FROM token_blacklist_blacklistedtoken")
        .await;
    assert_eq!(blacklisted, bench.expected(NOON, IN_PARIS));
    let page = tokens
        .blacklist_page(0, at("2024-07-01 11:59:59"), 10)
        .await
        .unwrap();
    assert_eq!(
        page.iter().map(|token| token.expires_at).collect::<Vec<_>>(),
        [at(NOON)]
    );
    assert!(
        tokens
            .blacklist_page(0, at("2024-07-01 12:00:01"), 10)
            .await
            .unwrap()
            .is_empty()
    );
    // A token that is good still must stay on the list.
    assert_eq!(
        tokens
            .delete_expired(at("2024-07-01 11:59:59"), 10)
            .await
            .unwrap(),
        0
    );
    assert!(tokens.is_blacklisted("jti").await.unwrap());
    assert_eq!(
        tokens
            .delete_expired(at("2024-07-01 12:00:01"), 10)
            .await
            .unwrap(),
        1
    );
}

/// The hour that comes twice: what was written in its second half is read as the first (`fold = 0`), as Django reads it.
pub(crate) async fn an_hour_that_comes_twice_is_the_first(bench: &Bench) {
    bench.without_zones(&[("auth_user", "last_login")]).await;
    let stores = stores(bench);
    let alice = bench.user("alice").await;
    for (written, read) in [
        ("2024-10-27 00:30:00", "2024-10-27 00:30:00"),
        ("2024-10-27 01:30:00", "2024-10-27 00:30:00"),
        ("2024-10-27 02:30:00", "2024-10-27 02:30:00"),
    ] {
        stores.users.set_last_login(&alice.id, at(written)).await.unwrap();
        let user = stores.users.by_id(&alice.id).await.unwrap().unwrap();
        assert_eq!(user.last_login, Some(at(read)), "{written}");
    }
}
