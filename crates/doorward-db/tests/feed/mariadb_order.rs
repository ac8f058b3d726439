//! Numbers that are given before a transaction ends: what commits late, however late, is in the next poll; and what keeps nobody from
//! writing.

use std::time::Duration;

use doorward_db::feed::{self, Changes, Key};
use doorward_db::{Schema, Sql};
use tokio::time::sleep;

use crate::site::Site;

const REVOKED: &str = "UPDATE auth_user SET is_active = FALSE WHERE id = 1";

/// As many changes of another user.
async fn others_change(site: &Site, many: usize) {
    let rows = vec!["('user', '2')"; many].join(", ");
    site.execute(&format!(
        "INSERT INTO doorward_change (kind, \"key\") VALUES {rows}"
    ))
    .await;
}

/// Numbers that are never used, one by one between others.
async fn numbers_are_lost(site: &Site, many: usize) {
    for _ in 0..many {
        let mut gone = site.database.transaction().await.unwrap();
        let sql = "INSERT INTO doorward_change (kind, `key`) VALUES ('user', '3')";
        gone.execute(sql, []).await.unwrap();
        gone.rollback().await.unwrap();
        others_change(site, 1).await;
    }
}

/// A poll tells of that user, or that everything may have changed.
async fn told(site: &mut Site, id: &str) -> bool {
    match site.feed.poll().await.unwrap() {
        Changes::Everything => true,
        Changes::Keys(keys) => keys.contains(&Key::user(id)),
    }
}

#[tokio::test]
async fn who_was_open_when_the_feed_began_is_not_skipped_however_much_came_since() {
    let Some(mut site) = Site::mariadb("feed_order_begin").await else {
        return;
    };
    let mut late = site.database.transaction().await.unwrap();
    late.execute(REVOKED, []).await.unwrap();
    others_change(&site, 500).await;
    site.feed.forget();
    site.expect_everything("the first poll").await;
    late.commit().await.unwrap();
    assert_eq!(site.changes().await, [Key::user("1")].into());
    site.expect_quiet().await;
}

#[tokio::test]
async fn who_commits_after_many_others_and_many_lost_numbers_is_not_skipped() {
    let Some(mut site) = Site::mariadb("feed_order_late").await else {
        return;
    };
    let mut late = site.database.transaction().await.unwrap();
    late.execute(REVOKED, []).await.unwrap();
    for _ in 0..4 {
        numbers_are_lost(&site, 150).await;
        site.feed.poll().await.unwrap();
    }
    late.commit().await.unwrap();
    assert!(told(&mut site, "1").await, "the one that came late");
}

/// Rows whose numbers were missing are many at once, and more than are read at once.
#[tokio::test]
async fn a_transaction_of_many_rows_that_commits_late_is_everything() {
    let Some(mut site) = Site::mariadb("feed_order_many").await else {
        return;
    };
    let mut late = site.database.transaction().await.unwrap();
    let rows = vec!["('user', '3')"; 2_500].join(", ");
    let sql = format!("INSERT INTO doorward_change (kind, `key`) VALUES {rows}");
    late.execute(Sql::rendered(sql), []).await.unwrap();
    others_change(&site, 1).await;
    assert_eq!(site.changes().await, [Key::user("2")].into());
    late.commit().await.unwrap();
    assert_eq!(site.feed.poll().await.unwrap(), Changes::Everything);
    for _ in 0..5 {
        site.feed.poll().await.unwrap();
    }
    site.expect_quiet().await;
}

/// A number that stands nowhere for a minute is given up, and one at which something stands is not.
#[tokio::test]
#[ignore = "takes more than a minute"]
async fn who_commits_after_more_than_a_minute_is_not_skipped() {
    let Some(mut site) = Site::mariadb("feed_order_minute").await else {
        return;
    };
    let mut late = site.database.transaction().await.unwrap();
    late.execute(REVOKED, []).await.unwrap();
    numbers_are_lost(&site, 3).await;
    site.feed.poll().await.unwrap();
    for _ in 0..70 {
        sleep(Duration::from_secs(1)).await;
        site.expect_quiet().await;
        // The server takes an idle transaction back after a minute.
        late.fetch_all("SELECT 1", []).await.unwrap();
    }
    late.commit().await.unwrap();
    assert_eq!(site.changes().await, [Key::user("1")].into());
}

/// As the installer writes them, but with less patience.
#[tokio::test]
async fn who_stood_still_before_writing_a_row_writes_another_one() {
    let Some(site) = Site::mariadb_without_feed("feed_order_slow").await else {
        return;
    };
    for sql in feed::install_sql(&site.database, &Schema::default().user)
        .await
        .unwrap()
    {
        let sql = sql.replace("INTERVAL 30 SECOND", "INTERVAL 1 SECOND");
        site.execute(&sql).await;
    }
    site.execute("DELETE FROM doorward_change").await;
    others_change(&site, 1).await;
    let mut holder = site.database.transaction().await.unwrap();
    // So what comes after the last row is locked, too.
    for sql in [
        "ROLLBACK",
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
        "START TRANSACTION",
    ] {
        holder.execute(sql, []).await.unwrap();
    }
    holder
        .fetch_all("SELECT * FROM doorward_change FOR UPDATE", [])
        .await
        .unwrap();
    let writing = site.database.execute(REVOKED, []);
    let waiting = async {
        sleep(Duration::from_millis(1_500)).await;
        holder.rollback().await.unwrap();
    };
    let (written, ()) = tokio::join!(writing, waiting);
    written.unwrap();
    let rows = site
        .database
        .fetch_all("SELECT `key` FROM doorward_change WHERE `key` = '1'", [])
        .await;
    assert_eq!(rows.unwrap().len(), 2, "the second one is not late");
}

#[tokio::test]
async fn a_column_that_is_gone_keeps_nobody_from_writing() {
    let Some(mut site) = Site::mariadb("feed_order_gone").await else {
        return;
    };
    site.execute("ALTER TABLE auth_user DROP COLUMN last_name").await;
    site.execute(REVOKED).await;
    assert_eq!(site.feed.poll().await.unwrap(), Changes::Everything);
    site.execute("ALTER TABLE auth_user RENAME COLUMN email TO mail")
        .await;
    site.execute("UPDATE auth_user SET is_active = FALSE WHERE id = 2")
        .await;
    site.expect_everything("a column that has another name").await;
    site.execute(
        "ALTER TABLE auth_user_groups DROP FOREIGN KEY auth_user_groups_user_id_6a12ed8b_fk_auth_user_id, \
                  DROP KEY auth_user_groups_user_id_group_id_94350c0c_uniq, DROP COLUMN user_id",
    )
    .await;
    site.execute("DELETE FROM auth_user_groups").await;
    site.expect_everything("the column of the key").await;
}
