//! What is MariaDB's alone: numbers that are given before a transaction ends, `REPLACE`, and triggers.

use std::collections::HashSet;

use doorward_db::feed::{Changes, Key};
use doorward_db::{Database, Sql, Transaction};

use crate::site::Site;

async fn run(transaction: &mut Transaction, sql: &'static str) {
    transaction.execute(sql, []).await.unwrap();
}

#[tokio::test]
async fn a_transaction_that_ends_late_is_not_skipped() {
    let Some(mut site) = Site::mariadb("feed_late").await else {
        return;
    };
    let mut late = site.database.transaction().await.unwrap();
    run(&mut late, "UPDATE auth_user SET is_active = FALSE WHERE id = 1").await;
    for round in 0..30 {
        site.execute("UPDATE auth_user SET is_active = NOT is_active WHERE id = 2")
            .await;
        assert_eq!(site.changes().await, [Key::user("2")].into(), "round {round}");
    }
    late.commit().await.unwrap();
    assert_eq!(site.changes().await, [Key::user("1")].into());
    assert_eq!(site.changes().await, HashSet::new());
}

#[tokio::test]
async fn a_transaction_that_was_open_at_the_first_poll_is_not_skipped() {
    let Some(mut site) = Site::mariadb("feed_before").await else {
        return;
    };
    let mut late = site.database.transaction().await.unwrap();
    run(&mut late, "UPDATE auth_user SET is_active = FALSE WHERE id = 1").await;
    site.execute("UPDATE auth_user SET is_active = FALSE WHERE id = 2")
        .await;
    site.feed.forget();
    site.expect_everything("the first poll").await;
    late.commit().await.unwrap();
    assert_eq!(site.changes().await, [Key::user("1")].into());
}

#[tokio::test]
async fn numbers_of_what_was_rolled_back_are_no_news_and_no_burden() {
    let Some(mut site) = Site::mariadb("feed_gaps").await else {
        return;
    };
    for _ in 0..10 {
        let mut gone = site.database.transaction().await.unwrap();
        run(&mut gone, "UPDATE auth_user SET is_active = FALSE").await;
        gone.rollback().await.unwrap();
    }
    site.execute("UPDATE auth_user SET is_active = FALSE WHERE id = 3")
        .await;
    assert_eq!(site.changes().await, [Key::user("3")].into());
    for _ in 0..30 {
        assert_eq!(site.changes().await, HashSet::new());
    }
}

#[tokio::test]
async fn what_is_replaced_is_noted() {
    let Some(mut site) = Site::mariadb("feed_replace").await else {
        return;
    };
    site.execute("REPLACE INTO authtoken_token VALUES ('1111', '2026-01-01 00:00:00', 2)")
        .await;
    assert_eq!(site.changes().await, [Key::user("1"), Key::user("2")].into());
    site.execute("REPLACE INTO doorward_revocation VALUES (3, '2026-01-05 00:00:00')")
        .await;
    assert_eq!(site.changes().await, [Key::user("3")].into());
}

#[tokio::test]
async fn letters_of_another_case_are_another_text() {
    let Some(mut site) = Site::mariadb("feed_case").await else {
        return;
    };
    site.execute("UPDATE auth_user SET username = 'ANN' WHERE id = 1")
        .await;
    assert_eq!(site.changes().await, [Key::user("1")].into());
}

#[tokio::test]
async fn a_trigger_that_is_dropped_or_altered_is_noticed() {
    let Some(mut site) = Site::mariadb("feed_blind").await else {
        return;
    };
    site.execute("DROP TRIGGER doorward_sessions_delete").await;
    site.expect_blind("doorward_sessions_delete on django_session is missing")
        .await;
    site.install().await;
    site.execute("CREATE OR REPLACE TRIGGER doorward_users_delete AFTER DELETE ON auth_user FOR EACH ROW SET @gone = 1").await;
    site.expect_blind("doorward_users_delete on auth_user is not the one")
        .await;
    site.install().await;
    site.execute("ALTER TABLE auth_user MODIFY email varchar(300) NOT NULL")
        .await;
    site.execute("UPDATE auth_user SET is_active = FALSE WHERE id = 2")
        .await;
    assert_eq!(site.changes().await, [Key::user("2")].into());
}

#[tokio::test]
async fn a_trigger_that_was_away_for_a_moment_only_is_noticed() {
    let Some(mut site) = Site::mariadb("feed_moment").await else {
        return;
    };
    let body = "SELECT action_statement FROM information_schema.triggers \
                WHERE event_object_schema = DATABASE() AND trigger_name = 'doorward_users_update'";
    let row = site.database.fetch_optional(body, []).await.unwrap().unwrap();
    let body: String = row.read(0).unwrap();
    site.execute("DROP TRIGGER doorward_users_update").await;
    site.execute("UPDATE auth_user SET is_active = FALSE WHERE id = 2")
        .await;
    site.execute(&format!(
        "CREATE TRIGGER doorward_users_update AFTER UPDATE ON auth_user FOR EACH ROW {body}"
    ))
    .await;
    site.expect_everything("somebody was revoked unseen").await;
}

#[tokio::test]
async fn who_has_rights_on_djangos_tables_only_goes_on_writing() {
    let Some(mut site) = Site::mariadb("feed_rights").await else {
        return;
    };
    for sql in [
        "CREATE USER IF NOT EXISTS feed_django@'%' IDENTIFIED BY 'django'",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON feed_rights.auth_user TO feed_django@'%'",
    ] {
        site.execute(sql).await;
    }
    let (_, database) = site.url.rsplit_once('@').unwrap();
    let django = format!("mysql://feed_django:django@{database}");
    let django = Database::open(&django).await.unwrap();
    let sql = "UPDATE auth_user SET is_active = FALSE WHERE id = 2";
    django.execute(sql, []).await.unwrap();
    assert_eq!(site.changes().await, [Key::user("2")].into());
    django
        .fetch_all("SELECT * FROM doorward_change", [])
        .await
        .expect_err("not theirs");
}

#[tokio::test]
async fn a_connection_that_was_cut_is_everything() {
    let Some(mut site) = Site::mariadb("feed_cut").await else {
        return;
    };
    let sql = "SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()";
    for row in site.database.fetch_all(sql, []).await.unwrap() {
        let id: i64 = row.read(0).unwrap();
        let sql = Sql::rendered(format!("KILL {id}"));
        let _ = site.database.execute(sql, []).await;
    }
    site.feed.poll().await.expect_err("cut");
    assert_eq!(site.feed.poll().await.unwrap(), Changes::Everything);
}
