//! What a server is: a standby, one of several that take writes, one with a binary log; and who may look.

use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

use doorward_db::feed::{self, Feed, FeedProblem, Key};
use doorward_db::migrations::Migrator;
use doorward_db::{Database, Schema};
use doorward_django::timestamp::Timestamp;
use tokio::time::sleep;

use crate::own_server::OwnServer;
use crate::process::MariaDbProcess;
use crate::site::Site;

#[tokio::test]
async fn a_server_that_becomes_a_standby_or_one_of_several_is_not_relied_on() {
    let Some(server) = OwnServer::start(&[]) else {
        return;
    };
    let mut site = Site::mariadb_at(&server.url, "feed_standby").await;
    site.install().await;
    server.admin("SET GLOBAL read_only = 1").await;
    let problem = site.feed.poll().await.expect_err("a standby");
    assert!(matches!(problem, FeedProblem::Standby), "{problem:?}");
    server.admin("SET GLOBAL read_only = 0").await;
    site.expect_everything("what others wrote meanwhile is not known")
        .await;
    server.admin("SET GLOBAL auto_increment_increment = 2").await;
    let problem = site.feed.poll().await.expect_err("two that write");
    assert!(
        problem.to_string().contains("auto_increment_increment"),
        "{problem}"
    );
    server.admin("SET GLOBAL auto_increment_increment = 1").await;
    site.expect_everything("alone again").await;
}

#[tokio::test]
async fn a_server_that_was_killed_is_everything() {
    let Some(server) = MariaDbProcess::start() else {
        return;
    };
    let mut site = Site::mariadb_at(&server.url(), "feed_killed").await;
    site.install().await;
    server.kill();
    site.feed.poll().await.expect_err("it is away");
    server.run();
    site.expect_everything("another process").await;
    site.execute("UPDATE auth_user SET is_active = FALSE WHERE id = 1")
        .await;
    assert_eq!(site.changes().await, [Key::user("1")].into());
}

#[tokio::test]
async fn a_table_that_was_emptied_or_restored_is_everything() {
    let Some(mut site) = Site::mariadb("feed_restored").await else {
        return;
    };
    site.execute("UPDATE auth_user SET is_active = FALSE WHERE id = 1")
        .await;
    site.changes().await;
    site.execute("DELETE FROM doorward_change").await;
    site.expect_everything("its highest row is gone").await;
    site.execute("UPDATE auth_user SET is_active = FALSE WHERE id = 2")
        .await;
    site.changes().await;
    for sql in [
        "CREATE TABLE copied LIKE doorward_change",
        "INSERT INTO copied SELECT id - 1, kind, \"key\" FROM doorward_change",
        "RENAME TABLE doorward_change TO gone, copied TO doorward_change",
    ] {
        site.execute(sql).await;
    }
    site.expect_everything("it ends lower").await;
    sleep(Duration::from_millis(2_100)).await;
    site.expect_quiet().await;
    for sql in [
        "CREATE TABLE again LIKE doorward_change",
        "INSERT INTO again SELECT * FROM doorward_change",
        "RENAME TABLE doorward_change TO gone_too, again TO doorward_change",
    ] {
        site.execute(sql).await;
    }
    sleep(Duration::from_millis(1_100)).await;
    site.expect_everything("it is another one").await;
}

#[tokio::test]
async fn a_node_of_a_cluster_is_refused_and_migrated_without() {
    let provider = "/usr/lib/galera/libgalera_smm.so";
    if !Path::new(provider).exists() {
        return;
    }
    let options = [
        "--wsrep-on=ON",
        "--wsrep-provider=/usr/lib/galera/libgalera_smm.so",
        "--wsrep-cluster-address=gcomm://",
        "--wsrep-provider-options=base_port=0;gmcast.listen_addr=tcp://127.0.0.1:0",
        "--binlog-format=ROW",
        "--innodb-autoinc-lock-mode=2",
    ];
    let Some(server) = OwnServer::start(&options) else {
        return;
    };
    // It listens before it has joined the cluster, which is itself.
    for _ in 0..100 {
        if let Ok(admin) = Database::open(&format!("{}/mysql", server.url)).await
            && admin.fetch_all("SELECT 1 FROM global_priv", []).await.is_ok()
        {
            break;
        }
        sleep(Duration::from_millis(100)).await;
    }
    let site = Site::mariadb_at(&server.url, "feed_galera").await;
    let problem = feed::install(&site.database, &Schema::default().user)
        .await
        .expect_err("a cluster");
    assert!(problem.to_string().contains("Galera"), "{problem}");
    let mut feed = Feed::new(&site.database, &Schema::default().user);
    let problem = feed.poll().await.expect_err("a cluster");
    assert!(matches!(problem, FeedProblem::SeveralWriters(_)), "{problem:?}");
}

/// Of a user without `SUPER` the server takes no triggers: the tables are made all the same.
#[tokio::test]
async fn where_a_binary_log_keeps_triggers_out_the_tables_are_made_without() {
    let Some(server) = OwnServer::start(&["--log-bin=log", "--server-id=1"]) else {
        return;
    };
    server
        .admin("CREATE DATABASE feed_log CHARACTER SET utf8mb4")
        .await;
    server.admin("CREATE USER app@'%' IDENTIFIED BY 'app'").await;
    server.admin("GRANT ALL ON feed_log.* TO app@'%'").await;
    let url = format!("{}/feed_log", server.url.replace("root@", "app:app@"));
    let (database, schema) = (Database::open(&url).await.unwrap(), Schema::default());
    let migrate = async || {
        let migrator = Migrator::new(&database, &schema);
        migrator.apply(Timestamp::from_secs(1_800_000_000)).await.unwrap();
        feed::status(&database, &schema.user).await
    };
    let problem = migrate().await.expect_err("no triggers");
    assert!(matches!(problem, FeedProblem::NotInstalled), "{problem:?}");
    server
        .admin("SET GLOBAL log_bin_trust_function_creators = 1")
        .await;
    feed::install(&database, &schema.user).await.unwrap();
    migrate().await.unwrap();
}

/// As `feed install --print-sql` frames the statements.
#[tokio::test]
async fn the_client_of_the_server_takes_what_is_printed() {
    let Some(server) = OwnServer::start(&[]) else {
        return;
    };
    let mut site = Site::mariadb_at(&server.url, "feed_client").await;
    let statements = feed::install_sql(&site.database, &Schema::default().user)
        .await
        .unwrap();
    let text = format!("DELIMITER //\n{}//\nDELIMITER ;\n", statements.join("//\n"));
    let file = tempfile::NamedTempFile::new().unwrap();
    file.as_file().write_all(text.as_bytes()).unwrap();
    let client = server
        .client("feed_client")
        .stdin(fs::File::open(file.path()).unwrap())
        .status();
    assert!(client.unwrap().success());
    site.expect_everything("the first poll").await;
    site.execute("UPDATE auth_user SET is_active = FALSE WHERE id = 1")
        .await;
    assert_eq!(site.changes().await.len(), 1);
}

#[tokio::test]
async fn who_may_not_see_triggers_is_told_so_and_who_lost_the_right_to_note_notes_nothing() {
    let Some(server) = OwnServer::start(&[]) else {
        return;
    };
    let site = Site::mariadb_at(&server.url, "feed_eyes").await;
    server.admin("CREATE USER reader@'%' IDENTIFIED BY 'r'").await;
    server.admin("GRANT SELECT ON feed_eyes.* TO reader@'%'").await;
    server.admin("CREATE USER deploy@'%' IDENTIFIED BY 'd'").await;
    server.admin("GRANT ALL ON feed_eyes.* TO deploy@'%'").await;
    let user = Schema::default().user;
    let open = async |who: &str| Database::open(&site.url.replace("root@", who)).await.unwrap();
    feed::install(&open("deploy:d@").await, &user).await.unwrap();
    let mut feed = Feed::new(&open("reader:r@").await, &user);
    for _ in 0..2 {
        let problem = feed.poll().await.expect_err("it sees none");
        assert!(
            problem.to_string().contains("lacks the right TRIGGER"),
            "{problem}"
        );
        assert!(problem.advice().unwrap().contains("TRIGGER"), "{problem}");
    }
    server.admin("GRANT TRIGGER ON feed_eyes.* TO reader@'%'").await;
    let mut feed = Feed::new(&open("reader:r@").await, &user);
    feed.poll().await.unwrap();
    // Whatever the installer loses, nothing changes that is not noted.
    let revoke = "UPDATE auth_user SET is_active = FALSE WHERE id = 1";
    for lost in [
        "REVOKE INSERT ON feed_eyes.* FROM deploy@'%'",
        "REVOKE TRIGGER ON feed_eyes.* FROM deploy@'%'",
        "DROP USER deploy@'%'",
    ] {
        server.admin(lost).await;
        site.database.execute(revoke, []).await.expect_err(lost);
    }
    feed::install(&site.database, &user).await.unwrap();
    site.execute(revoke).await;
}
