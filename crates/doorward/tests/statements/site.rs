//! A site on a database of its own, of each kind.

use axum::routing::get;
use doorward::accounts::{NewAccount, create_user};
use doorward::cache::CacheStatus;
use doorward::database::{Database, Dialect, Sql, Statements};
use doorward::django::secret::Secret;
use doorward::exceptions::Result;
use doorward::extract::RequestContext;
use doorward::permissions::DjangoModelPermissions;
use doorward::settings::Settings;
use doorward::{Door, Doorward, Policy, RouteExt, Router, User};
use doorward_testing::{FreshDatabase, TestClient, TestSite, TestUser, test_settings};
use futures_util::future::join_all;
use tokio::time::{Duration, Instant, sleep};

#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    Sqlite,
    Postgres,
    MariaDb,
}

pub(crate) struct Site {
    door: Doorward,
    settings: Settings,
    fresh: FreshDatabase,
    site: TestSite,
    alice: TestUser,
}

impl Site {
    /// `None` where there is no server of that kind.
    pub(crate) async fn open(kind: Kind, change: impl FnOnce(&mut Settings)) -> Option<Self> {
        let fresh = fresh(kind).await?;
        let mut settings = Settings::default();
        settings.database.url = Secret::new(fresh.url().to_owned());
        change(&mut settings);
        let settings = test_settings(settings);
        let door = Doorward::from_settings(settings.clone()).await.unwrap();
        door.migrator().apply(door.now()).await.unwrap();
        let alice = user(&door, "alice").await;
        grant(door.database()).await;
        let site = TestSite::new(&door, routes(&door));
        Some(Self {
            door,
            settings,
            fresh,
            site,
            alice,
        })
    }

    /// The same database, opened as by another process.
    pub(crate) async fn opened_again(self) -> Self {
        let door = Doorward::from_settings(self.settings.clone()).await.unwrap();
        self.door.database().close().await;
        let site = TestSite::new(&door, routes(&door));
        Self { door, site, ..self }
    }

    pub(crate) async fn token(&self) -> TestClient {
        self.site.token(&self.alice).await
    }

    pub(crate) async fn jwt(&self) -> TestClient {
        self.site.jwt(&self.alice).await
    }

    pub(crate) async fn session(&self) -> TestClient {
        self.site.session(&self.alice).await
    }

    pub(crate) async fn access_token(&self) -> String {
        self.site.obtain_token_pair(&self.alice).await.access
    }

    pub(crate) fn bearing(&self, access: &str) -> TestClient {
        self.site.authorization(&format!("Bearer {access}"))
    }

    pub(crate) fn statements(&self) -> Statements {
        self.door.database().statements()
    }

    pub(crate) fn cache(&self) -> Option<CacheStatus> {
        self.door.principals().status()
    }

    pub(crate) fn forget(&self) {
        self.door.principals().forget_everything();
    }

    /// Asks until the feed is live.
    pub(crate) async fn until_live(&self, clients: &[(TestClient, &str)]) {
        let begun = Instant::now();
        while self.cache().is_none_or(|status| status.confirmed_age.is_none()) {
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "the feed does not come up"
            );
            for (client, path) in clients {
                client.get(path).await.assert_status(200);
            }
            sleep(Duration::from_millis(5)).await;
        }
    }

    /// As on a database that Django made and `doorward migrate` has not seen.
    pub(crate) async fn drop_own_tables(&self) {
        doorward::feed::uninstall(self.door.database()).await.unwrap();
        for table in [
            "doorward_revocation",
            "doorward_token_family",
            "doorward_token_reuse",
        ] {
            let sql = Sql::rendered(format!("DROP TABLE {table}"));
            self.door.database().execute(sql, []).await.unwrap();
        }
    }

    /// So many users with a token each; the tokens' keys.
    pub(crate) async fn many_tokens(&self, count: u32) -> Vec<String> {
        let mut transaction = self.door.database().transaction().await.unwrap();
        let truth = |truth: bool| self.door.database().dialect().truth(truth);
        let user = Sql::rendered(format!(
            "INSERT INTO auth_user (id, password, is_superuser, username, first_name, last_name, email, is_staff, is_active, \
             date_joined) VALUES (?, '!', {no}, ?, '', '', '', {no}, {yes}, '2020-01-01 00:00:00')",
            no = truth(false),
            yes = truth(true),
        ));
        let key = self.door.database().dialect().quote("key");
        let token = Sql::rendered(format!(
            "INSERT INTO authtoken_token ({key}, created, user_id) VALUES (?, '2020-01-01 00:00:00', ?)"
        ));
        let keys: Vec<_> = (0..count).map(|number| format!("{number:040x}")).collect();
        for (id, name) in (1_000_i64..).zip(&keys) {
            transaction
                .execute(&user, [id.into(), name.as_str().into()])
                .await
                .unwrap();
            transaction
                .execute(&token, [name.as_str().into(), id.into()])
                .await
                .unwrap();
        }
        transaction.commit().await.unwrap();
        keys
    }

    /// All of them at once; each is let in.
    pub(crate) async fn herd(&self, keys: &[String]) {
        let clients: Vec<_> = keys
            .iter()
            .map(|key| self.site.authorization(&format!("Token {key}")))
            .collect();
        let answers = join_all(
            clients
                .iter()
                .map(|client| async move { client.get("/me/").await.status().as_u16() }),
        );
        assert!(answers.await.iter().all(|status| *status == 200));
    }

    pub(crate) async fn end(self) {
        let Self {
            door, site, fresh, ..
        } = self;
        door.database().close().await;
        drop((door, site));
        fresh.end().await;
    }
}

async fn fresh(kind: Kind) -> Option<FreshDatabase> {
    Some(match kind {
        Kind::Sqlite => FreshDatabase::sqlite(),
        Kind::Postgres => FreshDatabase::postgres(&server("POSTGRES_FOR_TESTS")?).await,
        Kind::MariaDb => FreshDatabase::mariadb(&server("MARIADB_FOR_TESTS")?).await,
    })
}

#[expect(clippy::disallowed_methods, reason = "how a test is told something")]
fn server(variable: &str) -> Option<String> {
    std::env::var(variable).ok()
}

async fn user(door: &Door, username: &str) -> TestUser {
    let password = "correct horse battery".to_owned();
    let account = NewAccount {
        username: username.to_owned(),
        password: Some(Secret::new(password.clone())),
        ..NewAccount::default()
    };
    TestUser::known(&create_user(door, account).await.unwrap(), &password)
}

/// The user may view products, and belongs to a group that may add them.
async fn grant(database: &Database) {
    let group = if database.dialect() == Dialect::MariaDb {
        "`auth_group`"
    } else {
        "auth_group"
    };
    for sql in [
        "INSERT INTO django_content_type (app_label, model) VALUES ('shop', 'product')".to_owned(),
        "INSERT INTO auth_permission (name, codename, content_type_id) SELECT 'view', 'view_product', id \
         FROM django_content_type WHERE app_label = 'shop'"
            .to_owned(),
        format!("INSERT INTO {group} (name) VALUES ('staff')"),
        format!(
            "INSERT INTO auth_user_groups (user_id, group_id) SELECT u.id, g.id FROM auth_user u, {group} g \
             WHERE u.username = 'alice'"
        ),
        "INSERT INTO auth_user_user_permissions (user_id, permission_id) SELECT u.id, p.id \
         FROM auth_user u, auth_permission p WHERE u.username = 'alice' AND p.codename = 'view_product'"
            .to_owned(),
    ] {
        database.execute(Sql::rendered(sql), []).await.unwrap();
    }
}

fn routes(door: &Door) -> Router {
    let of_the_model = Policy::from(DjangoModelPermissions::of("shop", "product").strict());
    door.router()
        .route("/me/", get(me))
        .route("/may/", get(may))
        .route("/model/", get(me).policy(of_the_model))
}

async fn me(user: User) -> String {
    user.username().to_owned()
}

async fn may(request: RequestContext) -> Result<String> {
    let cx = request.context();
    assert!(cx.has_perm("shop.view_product").await?);
    Ok(format!("{:?}", cx.groups().await?))
}
