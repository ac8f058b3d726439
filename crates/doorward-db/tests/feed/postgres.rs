//! What is PostgreSQL's alone: transactions that end late, `TRUNCATE`, `COPY`, roles, triggers that are switched off.

use std::collections::HashSet;

use doorward_db::feed::{self, FeedProblem, Key};
use doorward_db::{Database, Schema, Trouble};

use crate::site::Site;

#[tokio::test]
async fn a_transaction_that_ends_late_is_not_skipped() {
    let Some(mut site) = Site::postgres("feed_late").await else {
        return;
    };
    let sql = "UPDATE auth_user SET is_active = FALSE WHERE id = ?";
    let mut late = site.database.transaction().await.unwrap();
    late.execute(sql, [1.into()]).await.unwrap();
    for round in 0..3 {
        let mut early = site.database.transaction().await.unwrap();
        early
            .execute("UPDATE auth_user SET is_active = NOT is_active WHERE id = 2", [])
            .await
            .unwrap();
        early.commit().await.unwrap();
        assert_eq!(site.changes().await, [Key::user("2")].into(), "round {round}");
    }
    late.commit().await.unwrap();
    assert_eq!(site.changes().await, [Key::user("1")].into());
}

#[tokio::test]
async fn a_part_that_is_rolled_back_leaves_the_rest() {
    let Some(mut site) = Site::postgres("feed_savepoints").await else {
        return;
    };
    let mut transaction = site.database.transaction().await.unwrap();
    for sql in [
        "UPDATE auth_user SET is_active = FALSE WHERE id = 1",
        "SAVEPOINT one",
        "UPDATE auth_user SET is_active = FALSE WHERE id = 2",
        "ROLLBACK TO SAVEPOINT one",
        "SAVEPOINT two",
        "UPDATE auth_user SET is_active = FALSE WHERE id = 3",
        "RELEASE SAVEPOINT two",
    ] {
        transaction.execute(sql, []).await.unwrap();
    }
    transaction.commit().await.unwrap();
    assert_eq!(site.changes().await, [Key::user("1"), Key::user("3")].into());
}

#[tokio::test]
async fn what_is_emptied_is_everything() {
    let Some(mut site) = Site::postgres("feed_truncate").await else {
        return;
    };
    for sql in [
        "TRUNCATE django_session",
        "TRUNCATE token_blacklist_outstandingtoken CASCADE",
        "TRUNCATE auth_user CASCADE",
    ] {
        site.execute(sql).await;
        site.expect_everything(sql).await;
    }
}

#[tokio::test]
async fn rows_that_are_copied_in_or_deleted_by_a_key_elsewhere_are_noted() {
    let Some(mut site) = Site::postgres("feed_copy").await else {
        return;
    };
    let copy = "COPY auth_user_groups (user_id, group_id) FROM PROGRAM 'echo 3,1' WITH (FORMAT csv)";
    site.execute(copy).await;
    assert_eq!(site.changes().await, [Key::user("3")].into());
    site.execute(
        "ALTER TABLE authtoken_token DROP CONSTRAINT authtoken_token_user_id_35299eff_fk_auth_user_id",
    )
    .await;
    site.execute(
        "ALTER TABLE authtoken_token ADD FOREIGN KEY (user_id) REFERENCES auth_user (id) ON DELETE CASCADE \
         ON UPDATE CASCADE",
    )
    .await;
    let mut transaction = site.database.transaction().await.unwrap();
    for sql in [
        "DELETE FROM auth_user_groups WHERE user_id = 1",
        "DELETE FROM token_blacklist_outstandingtoken WHERE user_id = 1",
        "DELETE FROM auth_user WHERE id = 1",
    ] {
        transaction.execute(sql, []).await.unwrap();
    }
    transaction.commit().await.unwrap();
    assert_eq!(site.changes().await, [Key::user("1")].into());
    let tokens = "SELECT 1 FROM authtoken_token WHERE user_id = 1";
    assert!(site.database.fetch_all(tokens, []).await.unwrap().is_empty());
}

#[tokio::test]
async fn where_others_are_silent_the_triggers_fire() {
    let Some(mut site) = Site::postgres("feed_replica").await else {
        return;
    };
    let mut transaction = site.database.transaction().await.unwrap();
    transaction
        .execute("SET LOCAL session_replication_role = replica", [])
        .await
        .unwrap();
    transaction
        .execute("UPDATE auth_user SET is_active = FALSE WHERE id = 2", [])
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(site.changes().await, [Key::user("2")].into());
}

#[tokio::test]
async fn a_trigger_that_is_disabled_dropped_or_altered_is_noticed() {
    let Some(mut site) = Site::postgres("feed_blind").await else {
        return;
    };
    for (sql, told) in [
        (
            "ALTER TABLE auth_user DISABLE TRIGGER doorward_row",
            "doorward_row on auth_user is disabled",
        ),
        (
            "ALTER TABLE auth_user DISABLE TRIGGER ALL",
            "doorward_truncate on auth_user is disabled",
        ),
        (
            "ALTER TABLE auth_user ENABLE TRIGGER doorward_row",
            "doorward_row on auth_user is disabled",
        ),
        (
            "DROP TRIGGER doorward_row ON django_session",
            "doorward_row on django_session is missing",
        ),
        (
            "CREATE OR REPLACE FUNCTION doorward_note_users() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS \
             'BEGIN RETURN NULL; END'",
            "doorward_row on auth_user is not the one",
        ),
        ("ALTER TABLE auth_group RENAME TO old_group", ""),
    ] {
        site.execute(sql).await;
        if sql.contains("RENAME") {
            site.execute("CREATE TABLE auth_group (LIKE old_group INCLUDING ALL)")
                .await;
            site.expect_blind("doorward_row on auth_group is missing").await;
            continue;
        }
        site.expect_blind(told).await;
        site.install().await;
    }
}

#[tokio::test]
async fn a_trigger_that_was_away_for_a_moment_only_is_noticed() {
    let Some(mut site) = Site::postgres("feed_moment").await else {
        return;
    };
    let mut transaction = site.database.transaction().await.unwrap();
    for sql in [
        "ALTER TABLE auth_user DISABLE TRIGGER doorward_row",
        "UPDATE auth_user SET is_active = FALSE WHERE id = 2",
        "ALTER TABLE auth_user ENABLE ALWAYS TRIGGER doorward_row",
    ] {
        transaction.execute(sql, []).await.unwrap();
    }
    transaction.commit().await.unwrap();
    site.expect_everything("somebody was revoked unseen").await;
}

#[tokio::test]
async fn djangos_migrations_alter_a_table_that_is_watched() {
    let Some(mut site) = Site::postgres("feed_alter").await else {
        return;
    };
    for sql in [
        "ALTER TABLE auth_user ALTER COLUMN email TYPE varchar(300)",
        "ALTER TABLE auth_user ALTER COLUMN password TYPE text",
        "ALTER TABLE auth_user ADD COLUMN phone varchar(20) NULL",
        "ALTER TABLE auth_user ALTER COLUMN id TYPE bigint",
    ] {
        site.execute(sql).await;
        site.execute("UPDATE auth_user SET is_active = NOT is_active WHERE id = 2")
            .await;
        assert_eq!(site.changes().await, [Key::user("2")].into(), "{sql}");
    }
    // A column that is compared is gone: nobody's statement fails, and it may have changed.
    site.execute("ALTER TABLE auth_user DROP COLUMN first_name CASCADE")
        .await;
    site.execute("UPDATE auth_user SET last_login = now() WHERE id = 2")
        .await;
    assert_eq!(site.changes().await, [Key::user("2")].into());
    // The key itself: then it cannot be told who.
    site.execute("ALTER TABLE auth_user RENAME COLUMN id TO number")
        .await;
    site.execute("UPDATE auth_user SET is_active = NOT is_active WHERE number = 2")
        .await;
    site.expect_everything("there is no key").await;
}

#[tokio::test]
async fn who_has_rights_on_djangos_tables_only_goes_on_writing() {
    let Some(mut site) = Site::postgres("feed_rights").await else {
        return;
    };
    for sql in [
        "DO $$ BEGIN CREATE ROLE feed_django LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON auth_user, django_session, auth_user_groups TO feed_django",
    ] {
        site.execute(sql).await;
    }
    let (server, database) = site.url.rsplit_once('@').unwrap();
    let _ = server;
    let django = Database::open(&format!("postgres://feed_django@{database}"))
        .await
        .unwrap();
    for sql in [
        "UPDATE auth_user SET is_active = FALSE WHERE id = 2",
        "DELETE FROM auth_user_groups WHERE user_id = 2",
        "DELETE FROM django_session",
    ] {
        django.execute(sql, []).await.unwrap();
    }
    let found = site.changes().await;
    assert!(found.contains(&Key::user("2")) && found.len() == 2, "{found:?}");
    let error = django
        .fetch_all("SELECT * FROM doorward_change", [])
        .await
        .expect_err("not theirs");
    assert_eq!(error.trouble(), Some(Trouble::Denied), "{error:?}");
    let problem = feed::install(&django, &Schema::default().user)
        .await
        .expect_err("not theirs");
    let FeedProblem::Rights(lacking) = &problem else {
        panic!("{problem:?}");
    };
    assert!(
        lacking.iter().any(|lack| lack.contains("does not own auth_user")),
        "{lacking:?}"
    );
    let sql = feed::install_sql(&django, &Schema::default().user)
        .await
        .unwrap()
        .join(";\n");
    assert!(
        sql.contains("TO \"feed_django\"") && sql.contains("CREATE TRIGGER"),
        "{sql}"
    );
}

#[tokio::test]
async fn a_table_that_is_in_use_is_not_waited_for_for_long() {
    let Some(site) = Site::postgres_without_feed("feed_locked").await else {
        return;
    };
    let mut django = site.database.transaction().await.unwrap();
    django
        .execute("UPDATE auth_user SET is_active = FALSE", [])
        .await
        .unwrap();
    let problem = feed::install(&site.database, &Schema::default().user)
        .await
        .expect_err("in use");
    let FeedProblem::Database(error) = &problem else {
        panic!("{problem:?}");
    };
    assert_eq!(error.trouble(), Some(Trouble::Busy), "{error:?}");
    django.commit().await.unwrap();
    feed::install(&site.database, &Schema::default().user)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_connection_that_was_cut_is_everything() {
    let Some(mut site) = Site::postgres("feed_cut").await else {
        return;
    };
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() \
               AND pid <> pg_backend_pid()";
    site.database.fetch_all(cut, []).await.unwrap();
    site.feed.poll().await.expect_err("cut");
    site.expect_everything("another connection").await;
    assert_eq!(site.changes().await, HashSet::new());
}
