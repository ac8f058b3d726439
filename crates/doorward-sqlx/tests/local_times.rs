//! Whether local times in a database are noticed, and sound ones are not.

#![expect(clippy::unwrap_used, reason = "a test fails by a panic")]

use std::time::Duration;

use doorward_django::secret::{SecretKey, SecretKeys};
use doorward_django::sessions::{self, SessionData};
use doorward_django::time_zone::TimeZone;
use doorward_django::timestamp::Timestamp;
use doorward_sqlx::local_times::{LocalTimes, evidence};
use doorward_sqlx::migrations::Migrator;
use doorward_sqlx::schema::Times;
use doorward_sqlx::{Database, Schema};

const NOW: i64 = 1_800_000_000;
const AGE_S: i64 = 1_209_600;
const HOUR_S: i64 = 3_600;

fn keys() -> SecretKeys {
    SecretKeys::new(SecretKey::new("a-key-for-tests-that-is-long-enough-0123456789"))
}

async fn site() -> Database {
    let database = Database::open("sqlite::memory:").await.unwrap();
    let migrator = Migrator::new(&database, &Schema::default());
    migrator
        .apply(Timestamp::from_secs(NOW - 400 * 86_400))
        .await
        .unwrap();
    database
}

/// A login at `login_s`, kept as Django does whose clock shows UTC plus `offset_s`, with another save of the session at
/// `saved_s` and the given age.
async fn login(database: &Database, id: i64, login_s: i64, saved_s: i64, offset_s: i64, age_s: i64) {
    let local = |seconds: i64| Timestamp::from_secs(seconds + offset_s);
    let user = "INSERT INTO auth_user (id, username, password, last_login, is_superuser, last_name, email, is_staff, \
                is_active, date_joined, first_name) VALUES (?, 'u' || ?, '!', ?, 0, '', '', 0, 1, ?, '')";
    let joined = local(login_s - 86_400);
    let values = [id.into(), id.into(), local(login_s).into(), joined.into()];
    database.execute(user, values).await.unwrap();
    let data = SessionData::from_iter([("_auth_user_id", id.to_string())]);
    let text = sessions::encode(&data, Timestamp::from_secs(saved_s), &keys().current);
    let session =
        "INSERT INTO django_session (session_key, session_data, expire_date) VALUES ('k' || ?, ?, ?)";
    let values = [id.into(), text.into(), local(saved_s + age_s).into()];
    database.execute(session, values).await.unwrap();
}

async fn found(database: &Database) -> Option<LocalTimes> {
    found_in(database, &Schema::default()).await
}

async fn found_in(database: &Database, schema: &Schema) -> Option<LocalTimes> {
    let age = Duration::from_secs(AGE_S.unsigned_abs());
    let now = Timestamp::from_secs(NOW);
    evidence(database, schema, &keys(), age, now).await.unwrap()
}

#[tokio::test]
async fn a_login_in_local_time_is_noticed_east_and_west() {
    for offset_s in [
        -8 * HOUR_S,
        9 * HOUR_S,
        5 * HOUR_S + 1_800,
        -9 * HOUR_S - 1_800,
        14 * HOUR_S,
        HOUR_S,
    ] {
        let database = site().await;
        // Long ago, so that nothing lies in the future; and others that were saved later say nothing.
        login(&database, 1, NOW - 86_400, NOW - 50_000, offset_s, AGE_S).await;
        login(&database, 2, NOW - 86_400, NOW - 86_399, offset_s, AGE_S).await;
        assert_eq!(
            found(&database).await,
            Some(LocalTimes::Session { offset_s }),
            "{offset_s}"
        );
    }
}

#[tokio::test]
async fn what_happens_in_the_future_is_noticed() {
    let database = site().await;
    let token = "INSERT INTO authtoken_token (key, created, user_id) VALUES ('k', ?, 1)";
    login(&database, 1, NOW - 86_400, NOW - 86_400, 0, AGE_S).await;
    for (ahead_s, expected) in [
        (-60, None),
        (200, None),
        (9 * HOUR_S, Some(9 * HOUR_S)),
        (400 * HOUR_S, None),
    ] {
        database.execute("DELETE FROM authtoken_token", []).await.unwrap();
        database
            .execute(token, [Timestamp::from_secs(NOW + ahead_s).into()])
            .await
            .unwrap();
        let ahead = found(&database).await.map(|evidence| match evidence {
            LocalTimes::Future { ahead_s, .. } => ahead_s,
            other => panic!("{other}"),
        });
        assert_eq!(ahead, expected, "{ahead_s}");
    }
}

#[tokio::test]
async fn sound_databases_raise_no_alarm() {
    let database = site().await;
    let mut id = 0;
    // The age was changed since, by what is a zone's offset; sessions were saved a zone's offset after their login.
    for age_s in [AGE_S, AGE_S - 8 * HOUR_S, AGE_S + 9 * HOUR_S, HOUR_S] {
        for later_s in [0, 3, 900, 8 * HOUR_S - 60, 8 * HOUR_S + 7] {
            id += 1;
            login(&database, id, NOW - 86_400, NOW - 86_400 + later_s, 0, age_s).await;
        }
    }
    // Their users logged in again elsewhere, hours later.
    database
        .execute("UPDATE auth_user SET last_login = datetime(last_login, '+9 hours') WHERE id % 5 = 1 AND id <> 11", [])
        .await
        .unwrap();
    assert_eq!(found(&database).await, None);
}

#[tokio::test]
async fn sessions_of_another_key_or_of_nobody_say_nothing() {
    let database = site().await;
    login(&database, 1, NOW - 86_400, NOW - 86_400, 9 * HOUR_S, AGE_S).await;
    let others = SecretKeys::new(SecretKey::new("another-key-for-tests-that-is-long-enough-01234"));
    let age = Duration::from_secs(AGE_S.unsigned_abs());
    let now = Timestamp::from_secs(NOW);
    let found = evidence(&database, &Schema::default(), &others, age, now)
        .await
        .unwrap();
    assert_eq!(found, None);
}

#[tokio::test]
async fn local_times_of_the_right_zone_raise_no_alarm_and_others_do() {
    let database = site().await;
    login(&database, 1, NOW - 86_400, NOW - 86_400, 9 * HOUR_S, AGE_S).await;
    let schema = |zone| Schema {
        times: Times::local(TimeZone::named(zone).unwrap()),
        ..Schema::default()
    };
    assert_eq!(found_in(&database, &schema("Asia/Tokyo")).await, None);
    let off = Some(LocalTimes::Session { offset_s: HOUR_S });
    assert_eq!(found_in(&database, &schema("Asia/Singapore")).await, off);
}
