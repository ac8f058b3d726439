//! An app of one's own: settings, an authenticator that `[rest]` names, an endpoint, a subscriber, a chore, a check.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Json;
use axum::routing::get;
use doorward_core::app::{App, Apps, Check, Chore, Endpoint, Installed, Site};
use doorward_core::authentication::Authenticator;
use doorward_core::checks::{CheckMessage, Level};
use doorward_core::expired::Expired;
use doorward_core::extract::RequestContext;
use doorward_core::identity::Identity;
use doorward_core::permissions::AllowAny;
use doorward_core::settings::{
    AuthenticatorName, Section, Settings, SettingsError, SettingsErrors, UrlSetting,
};
use doorward_core::stores::{Outage, StoreError};
use doorward_core::{Answer, Auth, Context, Door, Result, User};
use doorward_testing::TestDatabase;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use support::{ask, json, request, settings, user};

/// `[keycard]`: who shows a card in a header is let in.
#[derive(Clone, Debug, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct KeycardSettings {
    /// The header that holds the card.
    header: String,
}

impl Default for KeycardSettings {
    fn default() -> Self {
        Self {
            header: "x-keycard".to_owned(),
        }
    }
}

impl Section for KeycardSettings {
    const LABEL: &'static str = "keycard";
}

struct Keycards {
    header: HeaderName,
    events: AtomicUsize,
    rounds: AtomicUsize,
}

impl App for Keycards {
    type Settings = KeycardSettings;
    type State = Self;

    fn checks() -> Vec<Check> {
        vec![Check::new(|settings, _| {
            let is_usual = settings.section::<KeycardSettings>().header == "x-keycard";
            let message =
                || CheckMessage::new("keycard.W001", Level::Warning, "the usual header", "rename it");
            is_usual.then(message).into_iter().collect()
        })]
    }

    fn resolve(settings: KeycardSettings, _: &Site<'_>) -> Result<Self, SettingsErrors> {
        let header = settings.header.parse();
        let header = header.map_err(|_| SettingsError::new("keycard.header", "is no name of a header"))?;
        Ok(Self {
            header,
            events: AtomicUsize::new(0),
            rounds: AtomicUsize::new(0),
        })
    }

    fn install(state: &Arc<Self>, to: &mut Installed) {
        to.authenticator("keycard", KeycardAuthentication);
        to.endpoint(Endpoint::new("keycard_holder", "/api/keycard/", || get(holder)));
        let heard = Arc::clone(state);
        to.on(move |_| {
            heard.events.fetch_add(1, Ordering::SeqCst);
        });
        to.chore(Chore::new(
            "keycard_rounds",
            Duration::from_secs(60),
            |door| async move {
                door.app::<Self>().rounds.fetch_add(1, Ordering::SeqCst);
                Ok(())
            },
        ));
    }
}

#[derive(Debug)]
struct KeycardAuthentication;

impl Authenticator for KeycardAuthentication {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        let header = &cx.door().app::<Keycards>().header;
        let holder = cx.headers().get(header).and_then(|value| value.to_str().ok());
        Answer::ready(Ok(holder.map(|name| Identity {
            user: user(name).into(),
            auth: Auth::Other("Keycard"),
        })))
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        None
    }
}

async fn holder(request: RequestContext, user: User) -> Json<String> {
    let header = &request.context().door().app::<Keycards>().header;
    Json(format!("{} by {header}", user.username()))
}

/// An app that needs the keycards.
struct Gates;

/// `[gates]`
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct GateSettings {}

impl Section for GateSettings {
    const LABEL: &'static str = "gates";
}

impl App for Gates {
    type Settings = GateSettings;
    type State = HeaderName;

    fn resolve(_: GateSettings, site: &Site<'_>) -> Result<HeaderName, SettingsErrors> {
        Ok(site.app::<Keycards>()?.header.clone())
    }

    fn install(_: &Arc<HeaderName>, to: &mut Installed) {
        let gates = |door: &Door| {
            let header = door.app::<Self>().to_string();
            get(|| async { header })
        };
        to.endpoint(Endpoint::probe("gates", "/gates", gates));
    }
}

/// An app whose rules have names that others have.
struct Copies;

/// `[copies]`
#[derive(Clone, Debug, Default, Deserialize, Serialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
struct CopySettings {}

impl Section for CopySettings {
    const LABEL: &'static str = "copies";
}

impl App for Copies {
    type Settings = CopySettings;
    type State = ();

    fn resolve(_: CopySettings, _: &Site<'_>) -> Result<(), SettingsErrors> {
        Ok(())
    }

    fn install(_: &Arc<()>, to: &mut Installed) {
        to.authenticator("keycard", KeycardAuthentication);
        to.permission("AllowAny", AllowAny);
    }
}

fn with_keycards() -> Settings {
    let mut settings = settings();
    settings.rest.authentication = vec![AuthenticatorName::of("keycard")];
    settings
}

fn open(settings: Settings, apps: &Apps) -> Result<Door, SettingsErrors> {
    let all = doorward_auth::apps().and(apps);
    Door::new(settings.with_apps(&all), TestDatabase::new().stores())
}

fn keycards() -> Apps {
    Apps::new().app::<Keycards>()
}

async fn show_card(door: &Door, path: &str, header: &str) -> Response<String> {
    let service = door.router().merge(door.endpoints()).into_service().unwrap();
    ask(&service, request("GET", path).header(header, "alice")).await
}

fn refused(settings: Settings, apps: &Apps) -> String {
    open(settings, apps)
        .expect_err("this site is impossible")
        .to_string()
}

#[tokio::test]
async fn an_authenticator_of_an_app_is_named_in_the_settings() {
    let mut settings = with_keycards();
    settings.section_mut::<KeycardSettings>().header = "x-badge".to_owned();
    let door = open(settings, &keycards()).unwrap();
    let answered = show_card(&door, "/api/keycard/", "x-badge").await;
    assert_eq!(answered.status(), StatusCode::OK);
    assert_eq!(json(&answered), "alice by x-badge");
    let stranger = show_card(&door, "/api/keycard/", "x-keycard").await;
    assert_eq!(stranger.status(), StatusCode::FORBIDDEN);
}

#[test]
fn a_name_that_no_app_brings_is_told_with_the_nearest() {
    let mut settings = with_keycards();
    settings.rest.authentication.push(AuthenticatorName::of("keycad"));
    let told = refused(settings, &keycards());
    assert!(
        told.starts_with("rest.authentication: `keycad` is unknown; did you mean `keycard`?"),
        "{told}"
    );
    let told = refused(with_keycards(), &Apps::new());
    assert!(told.starts_with("rest.authentication: "), "{told}");
    assert!(told.contains("jwt-stateless"), "{told}");
}

#[test]
fn a_name_that_another_rule_has_is_refused() {
    let told = refused(with_keycards(), &keycards().app::<Copies>());
    let taken = |name| format!("an app brings `{name}`, and that name is taken; give its rule another one");
    assert_eq!(
        told,
        format!(
            "rest.authentication: {}\nrest.permission: {}",
            taken("keycard"),
            taken("AllowAny")
        )
    );
}

#[test]
fn an_app_refuses_its_settings_together_with_all_else_that_is_wrong() {
    let mut settings = with_keycards();
    settings.section_mut::<KeycardSettings>().header = "no header".to_owned();
    settings.server.max_body = 0;
    let told = refused(settings, &keycards());
    assert!(told.contains("keycard.header: is no name of a header"), "{told}");
    assert!(told.contains("server.max_body: "), "{told}");
    assert_eq!(told.lines().count(), 2, "{told}");
}

#[tokio::test]
async fn an_endpoint_of_an_app_is_moved_and_switched_off_by_its_name() {
    let placed = |setting| {
        let mut settings = with_keycards();
        settings.urls.0.insert("keycard_holder".to_owned(), setting);
        open(settings, &keycards()).unwrap()
    };
    let moved = placed(UrlSetting::Path("/card/".to_owned()));
    assert_eq!(
        show_card(&moved, "/card/", "x-keycard").await.status(),
        StatusCode::OK
    );
    assert_eq!(
        show_card(&moved, "/api/keycard/", "x-keycard").await.status(),
        StatusCode::NOT_FOUND
    );
    let off = placed(UrlSetting::Switch(false));
    assert_eq!(
        show_card(&off, "/api/keycard/", "x-keycard").await.status(),
        StatusCode::NOT_FOUND
    );
}

#[test]
fn a_path_that_another_endpoint_has_is_refused() {
    let mut settings = with_keycards();
    let path = UrlSetting::Path("/api/token/".to_owned());
    settings.urls.0.insert("keycard_holder".to_owned(), path);
    let told = refused(settings, &keycards());
    assert!(
        told.starts_with("urls.keycard_holder: `/api/token/` is the path of"),
        "{told}"
    );
}

/// One file may be shared by the ready server and by a program that has none of its endpoints.
#[tokio::test]
async fn endpoints_of_the_ready_server_may_be_named_and_are_nowhere() {
    let mut settings = with_keycards();
    for (name, path) in [("healthz", "/api/keycard/"), ("metrics", "/counts/")] {
        let path = UrlSetting::Path(path.to_owned());
        settings.urls.0.insert(name.to_owned(), path);
    }
    let door = open(settings, &keycards()).unwrap();
    assert_eq!(
        show_card(&door, "/counts/", "x-keycard").await.status(),
        StatusCode::NOT_FOUND
    );
    assert_eq!(
        show_card(&door, "/api/keycard/", "x-keycard").await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn a_probe_of_an_app_is_answered_whatever_the_host() {
    let door = open(with_keycards(), &keycards().app::<Gates>()).unwrap();
    let service = door.endpoints().into_service().unwrap();
    let probe = http::Request::get("/gates").header("host", "10.0.0.1");
    let answer = ask(&service, probe).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(answer.body(), "x-keycard");
    let mut settings = with_keycards();
    let path = UrlSetting::Path("/api/keycard/".to_owned());
    settings.urls.0.insert("gates".to_owned(), path);
    let told = refused(settings, &keycards().app::<Gates>());
    assert!(
        told.starts_with("urls.gates: `/api/keycard/` is the path of"),
        "{told}"
    );
}

#[test]
fn an_app_that_is_missing_is_found_at_start() {
    let alone = refused(settings(), &Apps::new().app::<Gates>());
    assert_eq!(
        alone,
        "gates: needs the app `keycard`; add that one before `gates` where the apps of the site are named"
    );
    let late = refused(with_keycards(), &Apps::new().app::<Gates>().app::<Keycards>());
    assert!(late.starts_with("gates: needs the app `keycard`"), "{late}");
    let door = open(with_keycards(), &keycards().app::<Gates>()).unwrap();
    assert_eq!(door.app::<Gates>(), "x-keycard");
    assert!(
        open(settings(), &Apps::new())
            .unwrap()
            .find_app::<Gates>()
            .is_none()
    );
}

#[test]
fn what_was_wrong_with_one_app_is_not_told_again_of_those_that_need_it() {
    let mut settings = with_keycards();
    settings.section_mut::<KeycardSettings>().header = "no header".to_owned();
    let told = refused(settings, &keycards().app::<Gates>());
    assert_eq!(told, "keycard.header: is no name of a header");
}

#[tokio::test]
async fn subscribers_chores_and_checks_of_an_app_are_the_doors() {
    let door = open(with_keycards(), &keycards()).unwrap();
    let event = doorward_core::signals::Event::login_failed([("username", "alice")], None);
    door.emit(&event).await;
    assert_eq!(door.app::<Keycards>().events.load(Ordering::SeqCst), 1);
    let names: Vec<_> = door.chores().iter().map(Chore::name).collect();
    assert_eq!(names, ["sessions", "tokens", "keycard_rounds"]);
    for chore in door.chores() {
        chore.run(&door).await.unwrap();
    }
    assert_eq!(door.app::<Keycards>().rounds.load(Ordering::SeqCst), 1);
    let ids: Vec<_> = door
        .check_apps(door.settings(), &[])
        .iter()
        .map(|message| message.id)
        .collect();
    assert_eq!(ids, ["keycard.W001"]);
}

#[tokio::test]
async fn a_chore_that_panics_has_its_next_turn() {
    let door = open(with_keycards(), &keycards()).unwrap();
    let turns = Arc::new(AtomicUsize::new(0));
    let taken = Arc::clone(&turns);
    let chore = Chore::new("panics", Duration::from_secs(60), move |_| {
        let turn = taken.fetch_add(1, Ordering::SeqCst);
        assert!(turn > 0, "the first turn panics");
        async { Ok(()) }
    });
    let failed = chore.run(&door).await.unwrap_err();
    assert_eq!(failed.to_string(), "it panicked");
    chore.run(&door).await.unwrap();
    assert_eq!(turns.load(Ordering::SeqCst), 2);
}

/// Whoever watches over chores learns that rows stay which have expired.
#[tokio::test]
async fn a_chore_that_cannot_delete_what_has_expired_fails() {
    let door = open(with_keycards(), &keycards()).unwrap();
    let away = |_: &Door, _, _| {
        let error = StoreError::new("Away.", Outage::Passing, "the database is away");
        Answer::ready(Err(error))
    };
    let expired = Expired::new("rows", Door::now, away);
    let failed = expired.chore(Duration::from_secs(60)).run(&door).await;
    assert!(failed.unwrap_err().is::<StoreError>());
    let none = Expired::new("rows", Door::now, |_, _, _| Answer::ready(Ok(0)));
    none.chore(Duration::from_secs(60)).run(&door).await.unwrap();
}
