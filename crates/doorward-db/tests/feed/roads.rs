//! Every road of a revocation, as the ORM or `psql` takes it.

use std::collections::HashSet;

use doorward_db::Sql;
use doorward_db::feed::{Changes, Key};

use crate::site::{OLD_SESSION, SESSION, Site};

/// What a statement has to be followed by.
#[derive(Clone, Copy)]
enum Told {
    Nothing,
    User(&'static str),
    Users(&'static [&'static str]),
    Session,
    Jti(&'static str),
    Permissions,
}

use Told::{Jti, Nothing, Permissions, Session, User, Users};

const ROADS: &[(&str, Told)] = &[
    // A login, and Django's `save()` of a whole row.
    (
        "UPDATE auth_user SET last_login = '2026-02-01 00:00:00' WHERE id = 2",
        Nothing,
    ),
    (
        "UPDATE auth_user SET last_login = '2026-02-02 00:00:00', password = password, is_active = is_active",
        Nothing,
    ),
    ("UPDATE auth_user SET is_active = FALSE WHERE id = 2", User("2")),
    ("UPDATE auth_user SET is_active = TRUE WHERE id = 2", User("2")),
    (
        "UPDATE auth_user SET password = 'x' WHERE id > 1",
        Users(&["2", "3"]),
    ),
    ("UPDATE auth_user SET is_staff = TRUE WHERE id = 1", User("1")),
    ("UPDATE auth_user SET is_superuser = TRUE WHERE id = 1", User("1")),
    ("UPDATE auth_user SET username = 'eve' WHERE id = 3", User("3")),
    (
        "UPDATE auth_user SET email = 'e@example.org' WHERE id = 3",
        User("3"),
    ),
    ("UPDATE auth_user SET id = 4 WHERE id = 3", Users(&["3", "4"])),
    ("DELETE FROM auth_user WHERE id = 4", User("4")),
    (
        "INSERT INTO auth_user (id, password, is_superuser, username, last_name, email, is_staff, is_active, date_joined, \
         first_name) VALUES (5, '', FALSE, 'dan', '', '', FALSE, TRUE, '2026-01-01 00:00:00', '')",
        Nothing,
    ),
    // Opaque tokens.
    (
        "UPDATE authtoken_token SET \"key\" = '3333' WHERE user_id = 1",
        User("1"),
    ),
    ("DELETE FROM authtoken_token WHERE user_id = 1", User("1")),
    (
        "INSERT INTO authtoken_token VALUES ('4444', '2026-01-01 00:00:00', 1)",
        Nothing,
    ),
    (
        "UPDATE authtoken_token SET user_id = 5 WHERE user_id = 2",
        Users(&["2", "5"]),
    ),
    // Groups and permissions, taken and given.
    ("DELETE FROM auth_user_groups WHERE user_id = 2", User("2")),
    (
        "INSERT INTO auth_user_groups (user_id, group_id) VALUES (2, 2)",
        User("2"),
    ),
    ("DELETE FROM auth_user_user_permissions", User("2")),
    (
        "INSERT INTO auth_user_user_permissions (user_id, permission_id) VALUES (1, 1002)",
        User("1"),
    ),
    ("DELETE FROM auth_group_permissions", Permissions),
    (
        "INSERT INTO auth_group_permissions (group_id, permission_id) VALUES (2, 1002)",
        Permissions,
    ),
    ("UPDATE auth_group SET name = 'readers' WHERE id = 2", Permissions),
    (
        "UPDATE auth_permission SET codename = 'steal' WHERE id = 1002",
        Permissions,
    ),
    (
        "UPDATE django_content_type SET app_label = 'market' WHERE id = 1001",
        Permissions,
    ),
    ("DELETE FROM auth_permission WHERE id = 1001", Permissions),
    // JSON web tokens.
    (
        "INSERT INTO token_blacklist_blacklistedtoken (id, blacklisted_at, token_id) VALUES (7, '2026-01-01 00:00:00', 1)",
        Jti("jti-1"),
    ),
    (
        "INSERT INTO doorward_revocation (user_id, not_before) VALUES (1, '2026-01-01 00:00:00')",
        User("1"),
    ),
    (
        "UPDATE doorward_revocation SET not_before = '2026-01-02 00:00:00' WHERE user_id = 1",
        User("1"),
    ),
    (
        "INSERT INTO doorward_revocation (user_id, not_before) VALUES (1, '2026-01-03 00:00:00') \
         ON CONFLICT (user_id) DO UPDATE SET not_before = excluded.not_before",
        User("1"),
    ),
    // Sessions: used, filled, ended early, spoilt, deleted; and cleared of old ones.
    (
        "UPDATE django_session SET session_data = 'payload:1bbbbb:autograph', expire_date = '2999-01-02 00:00:00' \
         WHERE session_key = 'abcdefghijklmnopqrstuvwxyz012345'",
        Nothing,
    ),
    (
        "UPDATE django_session SET session_data = 'PAYLOAD:1bbbbb:autograph' \
         WHERE session_key = 'abcdefghijklmnopqrstuvwxyz012345'",
        Session,
    ),
    (
        "UPDATE django_session SET session_data = session_data || 'x' \
         WHERE session_key = 'abcdefghijklmnopqrstuvwxyz012345'",
        Session,
    ),
    (
        "UPDATE django_session SET session_data = 'none' WHERE session_key = 'abcdefghijklmnopqrstuvwxyz012345'",
        Session,
    ),
    (
        "UPDATE django_session SET session_data = 'once' WHERE session_key = 'abcdefghijklmnopqrstuvwxyz012345'",
        Session,
    ),
    (
        "UPDATE django_session SET expire_date = '2998-01-01 00:00:00' \
         WHERE session_key = 'abcdefghijklmnopqrstuvwxyz012345'",
        Session,
    ),
    (
        "DELETE FROM django_session WHERE session_key = 'abcdefghijklmnopqrstuvwxyz012345'",
        Session,
    ),
    (
        "DELETE FROM django_session WHERE session_key = 'zyxwvutsrqponmlkjihgfedcba543210'",
        Nothing,
    ),
    (
        "INSERT INTO django_session VALUES ('abcdefghijklmnopqrstuvwxyz012345', 'payload:1aaaaa:s', '2999-01-01 00:00:00')",
        Nothing,
    ),
];

impl Told {
    fn keys(self, site: &Site) -> HashSet<Key> {
        match self {
            Nothing => HashSet::new(),
            User(id) => [Key::user(id)].into(),
            Users(ids) => ids.iter().map(|id| Key::user(id)).collect(),
            Session => [site.session(SESSION)].into(),
            Jti(jti) => [Key::jti(jti)].into(),
            Permissions => [Key::permissions()].into(),
        }
    }
}

#[tokio::test]
async fn every_road_is_in_the_poll_after_the_commit_and_nothing_else_is() {
    for mut site in Site::all("feed_roads").await {
        for (sql, told) in ROADS {
            site.execute(sql).await;
            let (found, expected) = (site.changes().await, told.keys(&site));
            assert_eq!(found, expected, "{:?}: {sql}", site.dialect());
            assert_eq!(site.changes().await, HashSet::new(), "once only: {sql}");
        }
    }
}

#[tokio::test]
async fn what_is_rolled_back_is_told_to_nobody() {
    for mut site in Site::all("feed_rolled_back").await {
        let mut transaction = site.database.transaction().await.unwrap();
        let sql = "UPDATE auth_user SET is_active = FALSE";
        transaction.execute(sql, []).await.unwrap();
        transaction.rollback().await.unwrap();
        assert_eq!(site.changes().await, HashSet::new(), "{:?}", site.dialect());
    }
}

#[tokio::test]
async fn rows_hold_no_secret() {
    for mut site in Site::all("feed_secrets").await {
        for sql in [
            "UPDATE auth_user SET password = 'canary'",
            "DELETE FROM authtoken_token",
            "UPDATE django_session SET session_data = 'canary', expire_date = '2999-01-01 00:00:00'",
            "DELETE FROM django_session",
        ] {
            site.execute(sql).await;
        }
        let key = site.dialect().quote("key");
        let rows = site
            .database
            .fetch_all(
                Sql::rendered(format!("SELECT kind, {key} FROM doorward_change")),
                [],
            )
            .await
            .unwrap();
        let texts = rows.iter().map(|row| {
            let (kind, key): (String, Option<String>) = (row.read(0).unwrap(), row.read(1).unwrap());
            format!("{kind} {}", key.unwrap_or_default())
        });
        let texts: Vec<_> = texts.collect();
        assert!(texts.len() > 5, "{texts:?}");
        for text in &texts {
            for secret in ["canary", "1111", "2222", "abcd", "zyxw"] {
                assert!(!text.contains(secret), "{text}");
            }
        }
        let expected = [site.session(SESSION), site.session(OLD_SESSION)];
        let found = site.changes().await;
        assert!(
            expected.iter().all(|key| found.contains(key)),
            "{:?}",
            site.dialect()
        );
    }
}

#[tokio::test]
async fn too_many_changes_are_everything() {
    for mut site in Site::all("feed_many").await {
        let rows = vec!["('user', '1')"; 1_100].join(", ");
        site.execute(&format!(
            "INSERT INTO doorward_change (kind, \"key\") VALUES {rows}"
        ))
        .await;
        assert_eq!(site.feed.poll().await.unwrap(), Changes::Everything);
        while site.feed.poll().await.unwrap() != Changes::Keys(Vec::new()) {}
        site.execute("UPDATE auth_user SET is_active = FALSE WHERE id = 2")
            .await;
        assert_eq!(
            site.changes().await,
            [Key::user("2")].into(),
            "{:?}",
            site.dialect()
        );
    }
}
