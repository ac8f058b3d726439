//! Installed and taken away again, twice and by halves.

use doorward_db::feed::{self, FeedProblem};
use doorward_db::{Dialect, Schema, Sql};

use crate::site::Site;

/// All that a database holds besides rows.
const SQLITE: &str = "SELECT type || name || coalesce(sql, '') FROM sqlite_master ORDER BY 1";
const POSTGRES: &str = "SELECT 'class ' || relname || relkind::text || coalesce(relacl::text, '') FROM pg_class \
    WHERE relnamespace = 'public'::regnamespace \
    UNION ALL SELECT 'trigger ' || tgrelid::regclass::text || tgname || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal \
    UNION ALL SELECT 'function ' || proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace \
    UNION ALL SELECT 'type ' || typname FROM pg_type WHERE typnamespace = 'public'::regnamespace \
    UNION ALL SELECT 'attribute ' || attrelid::regclass::text || attname FROM pg_attribute a \
    INNER JOIN pg_class c ON c.oid = a.attrelid WHERE relnamespace = 'public'::regnamespace ORDER BY 1";

const MARIADB: &str = "SELECT CONCAT('column ', table_name, ' ', column_name, ' ', column_type) FROM information_schema.columns \
    WHERE table_schema = DATABASE() UNION ALL SELECT CONCAT('trigger ', trigger_name, ' ', action_statement) \
    FROM information_schema.triggers WHERE trigger_schema = DATABASE() ORDER BY 1";

async fn catalogue(site: &Site) -> Vec<String> {
    let sql = match site.dialect() {
        Dialect::Postgres => POSTGRES,
        Dialect::MariaDb => MARIADB,
        _ => SQLITE,
    };
    let rows = site.database.fetch_all(sql, []).await.unwrap();
    rows.iter().map(|row| row.read(0).unwrap()).collect()
}

async fn without_feed(name: &str) -> Vec<Site> {
    let mut sites = vec![Site::sqlite_without_feed().await];
    sites.extend(Site::postgres_without_feed(name).await);
    sites.extend(Site::mariadb_without_feed(name).await);
    sites
}

#[tokio::test]
async fn what_is_taken_away_leaves_the_catalogue_as_it_was() {
    let user = Schema::default().user;
    for mut site in without_feed("feed_catalogue").await {
        let before = catalogue(&site).await;
        let problem = feed::status(&site.database, &user).await.expect_err("not there");
        assert!(matches!(problem, FeedProblem::NotInstalled), "{problem:?}");
        site.install().await;
        let installed = catalogue(&site).await;
        assert!(installed.len() > before.len());
        // Once more is the same; what somebody spoilt is mended.
        feed::install(&site.database, &user).await.unwrap();
        assert_eq!(catalogue(&site).await, installed);
        site.execute("DELETE FROM auth_user_groups").await;
        assert!(feed::status(&site.database, &user).await.unwrap().rows > 0);
        feed::uninstall(&site.database).await.unwrap();
        assert_eq!(catalogue(&site).await, before, "{:?}", site.dialect());
        feed::uninstall(&site.database).await.unwrap();
        assert!(site.feed.poll().await.is_err());
    }
}

#[tokio::test]
async fn what_is_printed_installs_it() {
    let user = Schema::default().user;
    for site in without_feed("feed_printed").await {
        let statements = feed::install_sql(&site.database, &user).await.unwrap();
        let mut transaction = site.database.transaction().await.unwrap();
        for statement in statements {
            transaction.execute(Sql::rendered(statement), []).await.unwrap();
        }
        transaction.commit().await.unwrap();
        feed::status(&site.database, &user).await.unwrap();
    }
}

#[tokio::test]
async fn a_view_cannot_be_watched() {
    for site in without_feed("feed_view").await {
        site.execute("CREATE VIEW people AS SELECT * FROM auth_user")
            .await;
        let mut user = Schema::default().user;
        "people".clone_into(&mut user.table);
        let before = catalogue(&site).await;
        let problem = feed::install(&site.database, &user).await.expect_err("a view");
        assert!(
            problem.to_string().contains("people cannot be watched"),
            "{problem}"
        );
        assert_eq!(catalogue(&site).await, before);
    }
}
