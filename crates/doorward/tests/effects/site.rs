//! A door on a file, what is asked of it, and its rows before and after.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::routing::post;
use doorward::database::{Database, Sql};
use doorward::extract::RequestContext;
use doorward::lockout::{LockoutSettings, LoginAttempts};
use doorward::mail::{EmailMessage, MailError, Mailer};
use doorward::migrations::Migrator;
use doorward::settings::{MailSettings, Settings, UrlSetting};
use doorward::stores::{Created, NewUser, Outage, SessionRow, Stores};
use doorward::user::UserRow;
use doorward::{Answer, ApiException, Door, Schema};
use doorward_auth::jwt::JwtBuilderExt;
use doorward_auth::mail::MailBuilderExt;
use doorward_core::policy::{Policy, RouteExt};
use doorward_core::service::DoorService;
use doorward_django::secret::Secret;
use doorward_django::sessions::{self, SessionData, SessionKey};
use http::{Method, header};
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt;

use super::planted::Plan;

pub(crate) const PASSWORD: &str = "correct horse battery";
pub(crate) const CSRF: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
/// A revocation is written once more where a second has passed meanwhile, which depends on the machine; that it failed
/// then is told in the log.
const LATECOMERS: &str = "revocations.revoke_user";
/// More steps than any request has.
const ENOUGH: usize = 64;

/// What a client sends, as often as it is wanted.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    method: Method,
    path: String,
    headers: Vec<(String, String)>,
    body: String,
}

impl Asked {
    pub(crate) fn get(path: &str) -> Self {
        Self {
            method: Method::GET,
            path: path.to_owned(),
            headers: vec![("host".to_owned(), "localhost".to_owned())],
            body: String::new(),
        }
    }

    pub(crate) fn post(path: &str, body: &Value) -> Self {
        let asked = Self {
            method: Method::POST,
            body: body.to_string(),
            ..Self::get(path)
        };
        asked.with("content-type", "application/json")
    }

    pub(crate) fn form(path: &str, body: &str) -> Self {
        let asked = Self {
            method: Method::POST,
            body: body.to_owned(),
            ..Self::get(path)
        };
        asked.with("content-type", "application/x-www-form-urlencoded")
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn bearer(self, token: &Secret<String>) -> Self {
        self.with("authorization", &format!("Bearer {}", token.expose()))
    }

    /// With that cookie, and what a page of this site sends along.
    pub(crate) fn in_browser(self, cookie: &str) -> Self {
        self.with("cookie", &format!("csrftoken={CSRF}; {cookie}"))
            .with("x-csrftoken", CSRF)
    }

    fn request(&self) -> Request {
        let mut request = Request::builder().method(self.method.clone()).uri(&self.path);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body(Body::from(self.body.clone())).unwrap()
    }
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Told {
    pub(crate) status: u16,
    pub(crate) cookies: Vec<String>,
    /// For whoever reads why a test failed.
    #[expect(dead_code, reason = "read by `Debug` alone")]
    text: String,
}

impl Told {
    pub(crate) fn is_given(&self) -> bool {
        self.status < 400
    }
}

/// The letters that were sent, or refused.
#[derive(Clone, Debug, Default)]
pub(crate) struct Letters(Arc<Mutex<Vec<String>>>);

impl Letters {
    pub(crate) fn last(&self) -> Option<String> {
        self.0.lock().unwrap().last().cloned()
    }

    pub(crate) fn count(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

impl Mailer for Letters {
    fn send<'a>(&'a self, letter: &'a EmailMessage) -> Answer<'a, Result<(), MailError>> {
        self.0.lock().unwrap().push(letter.body.expose().clone());
        Answer::ready(Ok(()))
    }
}

pub(crate) struct Site {
    pub(crate) door: Door,
    pub(crate) plan: Plan,
    pub(crate) letters: Letters,
    pub(crate) alice: UserRow,
    /// The stores as they are, of which nothing fails.
    pub(crate) stores: Stores,
    service: DoorService,
    database: Database,
    _folder: TempDir,
}

impl Site {
    pub(crate) async fn new(change: fn(&mut Settings)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite://{}", folder.path().join("site.sqlite3").display());
        let (database, schema) = (Database::open(&url).await.unwrap(), Schema::default());
        let stores = doorward_sqlx::open_stores(&database, &schema);
        let (plan, letters) = (Plan::default(), Letters::default());
        let door = Door::builder(settings(change), plan.over(stores.clone()))
            .give(plan.throttle_history())
            .database(&database)
            .give(plan.over_attempts(LoginAttempts::on(&database)))
            .token_claims(plan.clone())
            .mailer(letters.clone())
            .build()
            .unwrap();
        let apps = door.settings().all_apps().tables().into_iter();
        let migrator = apps.fold(Migrator::new(&database, &schema), Migrator::app);
        migrator.apply(door.now()).await.unwrap();
        let alice = user(&door, "alice").await;
        let routes = door
            .endpoints()
            .route("/note/", post(note).policy(Policy::open()));
        Self {
            service: routes.into_service().unwrap(),
            door,
            plan,
            letters,
            alice,
            stores,
            database,
            _folder: folder,
        }
    }

    pub(crate) async fn user(&self, name: &str) -> UserRow {
        user(&self.door, name).await
    }

    pub(crate) async fn ask(&self, asked: &Asked) -> Told {
        let Ok(answer) = self.service.clone().oneshot(asked.request()).await;
        let (parts, body) = answer.into_parts();
        let cookies = parts.headers.get_all(header::SET_COOKIE).iter();
        Told {
            status: parts.status.as_u16(),
            cookies: cookies
                .map(|cookie| cookie.to_str().unwrap().to_owned())
                .collect(),
            text: String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap(),
        }
    }

    /// The key of a new session with that in it.
    pub(crate) async fn session(&self, data: SessionData) -> String {
        self.session_signed_by(data, "a-key-for-tests-that-is-long-enough-0123456789")
            .await
    }

    /// The same, as an instance with another secret key wrote it.
    pub(crate) async fn session_signed_by(&self, data: SessionData, secret_key: &str) -> String {
        let mut settings = Settings::default().with_apps(&doorward::own_apps());
        settings.secret_key = Secret::new(secret_key.to_owned());
        let other = Door::new(settings, self.stores.clone()).unwrap();
        let now = self.door.now();
        let key = SessionKey::generate(&self.door.random());
        let row = SessionRow {
            key: Secret::new(key.as_str().to_owned()),
            data: Secret::new(sessions::encode(&data, now, &other.secret_keys().current)),
            expire_date: now.saturating_add(Duration::from_secs(3600)),
        };
        assert!(self.stores.sessions.create(row).await.unwrap());
        key.as_str().to_owned()
    }

    /// The cookie of a browser in which that user is logged in.
    pub(crate) async fn logged_in(&self, user: &str) -> String {
        let body = serde_json::json!({ "username": user, "password": PASSWORD });
        let told = self
            .ask(&Asked::post("/api-auth/login/", &body).in_browser("a=b"))
            .await;
        let cookie = told
            .cookies
            .iter()
            .find(|cookie| cookie.starts_with("sessionid="));
        cookie.unwrap().split(';').next().unwrap().to_owned()
    }

    /// Every row of every table.
    pub(crate) async fn rows(&self) -> BTreeMap<String, Vec<String>> {
        let mut all = BTreeMap::new();
        let tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
        for table in self.texts(tables).await {
            let columns = format!("SELECT 'quote(\"' || name || '\")' FROM pragma_table_info('{table}')");
            let columns = self.texts(&columns).await.join(" || ',' || ");
            let rows = self
                .texts(&format!("SELECT {columns} FROM {table} ORDER BY 1"))
                .await;
            all.insert(table, rows);
        }
        all
    }

    async fn texts(&self, sql: &str) -> Vec<String> {
        let rows = self
            .database
            .fetch_all(Sql::rendered(sql.to_owned()), [])
            .await
            .unwrap();
        rows.iter().map(|row| row.read(0).unwrap()).collect()
    }
}

/// A handler's own work: a word in the session.
async fn note(request: RequestContext) -> Result<&'static str, ApiException> {
    let cx = request.context();
    cx.session().insert("note", "a word").await?;
    Ok("noted")
}

async fn user(door: &Door, name: &str) -> UserRow {
    let password = Secret::new(PASSWORD.to_owned());
    let user = NewUser {
        username: name.to_owned(),
        password: door.passwords().make(&password, door.random()).await.unwrap(),
        email: format!("{name}@example.com"),
        is_staff: true,
        is_superuser: false,
        date_joined: door.now(),
        further: Vec::new(),
    };
    match door.stores().users.create(user).await.unwrap() {
        Created::User(user) => UserRow::clone(&user),
        Created::UsernameTaken => panic!("{name} is taken"),
    }
}

fn settings(change: fn(&mut Settings)) -> Settings {
    let mut settings = Settings::default().with_apps(&doorward_auth::apps());
    settings.cache.max_staleness = doorward::settings::Period::from_secs(0);
    settings.secret_key = Secret::new("a-key-for-tests-that-is-long-enough-0123456789".to_owned());
    settings.passwords.hashers = vec!["md5".to_owned()];
    settings.passwords.revoke_tokens_on_change = true;
    settings.section_mut::<LockoutSettings>().failures = None;
    settings.section_mut::<LockoutSettings>().address_failures = None;
    settings.section_mut::<MailSettings>().reset_url =
        Some("https://localhost/reset/{uid}/{token}/".to_owned());
    settings.jwt.update_last_login = true;
    settings.jwt.revoke_on_password_change = true;
    settings.jwt.refresh_claims = true;
    for name in ["token_revoke", "token_introspect"] {
        settings.urls.0.insert(name.to_owned(), UrlSetting::Switch(true));
    }
    change(&mut settings);
    settings
}

/// A step that may fail, what is otherwise then, and why that is right.
pub(crate) type Exception = (&'static str, &'static str, &'static str);

/// One request, and what is otherwise where one of its steps fails.
pub(crate) struct Effects {
    pub(crate) settings: fn(&mut Settings),
    /// The answer is given though that step failed.
    pub(crate) given: &'static [Exception],
    /// Rows of that table stay though no answer was given.
    pub(crate) stays: &'static [Exception],
}

impl Effects {
    pub(crate) const fn of(settings: fn(&mut Settings)) -> Self {
        Self {
            settings,
            given: &[],
            stays: &[],
        }
    }

    /// Asks with a failure at each step, until none is left.
    pub(crate) async fn check(&self, prepare: impl AsyncFn(&Site) -> Asked) {
        let (mut given, mut stays) = (BTreeSet::new(), BTreeSet::new());
        for outage in [Outage::Passing, Outage::Lasting] {
            let mut site = Site::new(self.settings).await;
            let mut asked = prepare(&site).await;
            for step in 0..=ENOUGH {
                assert!(step < ENOUGH, "it never ended");
                let before = site.rows().await;
                site.plan.fail_after(step, outage);
                let told = site.ask(&asked).await;
                let failed = site.plan.lift();
                match (told.is_given(), failed) {
                    (true, None) => {
                        assert!(step > 0, "no step was ever taken");
                        break;
                    }
                    (true, Some(failed)) => {
                        if failed != LATECOMERS {
                            given.insert(failed);
                        }
                        site = Site::new(self.settings).await;
                        asked = prepare(&site).await;
                    }
                    (false, None) => panic!("refused without a failure: {told:?}"),
                    (false, Some(failed)) => {
                        assert_eq!(told.status, status(outage), "{failed}: {told:?}");
                        let handed = told
                            .cookies
                            .iter()
                            .filter(|cookie| !cookie.starts_with("csrftoken="));
                        assert_eq!(handed.count(), 0, "{failed}: {told:?}");
                        let after = site.rows().await;
                        for (table, rows) in &before {
                            if after.get(table) != Some(rows) {
                                stays.insert((failed, table.clone()));
                            }
                        }
                    }
                }
            }
        }
        let listed = self.given.iter().map(|(step, ..)| *step).collect();
        assert_eq!(given, listed, "given though a step failed");
        let listed = self
            .stays
            .iter()
            .map(|(step, table, _)| (*step, (*table).to_owned()))
            .collect();
        assert_eq!(stays, listed, "written though no answer was given");
    }

    /// Asks while tokens are too large for a cookie, and then again.
    pub(crate) async fn check_large(&self, prepare: impl AsyncFn(&Site) -> Asked) {
        let site = Site::new(self.settings).await;
        let asked = prepare(&site).await;
        let before = site.rows().await;
        site.plan.give_large_tokens();
        let told = site.ask(&asked).await;
        site.plan.lift();
        assert_eq!((told.status, told.cookies.len()), (500, 0), "{told:?}");
        assert_eq!(site.rows().await, before);
        let told = site.ask(&asked).await;
        assert_eq!(told.status, 200, "{told:?}");
        assert!(
            told.cookies.iter().any(|cookie| cookie.starts_with("access=")),
            "{told:?}"
        );
    }
}

fn status(outage: Outage) -> u16 {
    match outage {
        Outage::Passing => 503,
        Outage::Lasting => 500,
        Outage::Unstorable => 400,
    }
}
