//! Authenticators that are made of others: with a check, without refusals, with a challenge; and callers who are no users.

use std::sync::Arc;
use std::time::Duration;

use axum::routing::get;
use doorward_auth::schemes::{
    Authenticator, AuthenticatorExt, BasicAuthentication, SessionAuthentication, TokenAuthentication,
};
use doorward_core::permissions::{
    AllowAny, DjangoModelPermissions, IsAuthenticated, IsPrincipal, Permission,
};
use doorward_core::settings::Period;
use doorward_core::throttling::UserRateThrottle;
use doorward_core::user::PrincipalKind;
use doorward_core::{
    Answer, ApiException, Auth, Context, Door, Identity, Policy, Result, RouteExt, Router, User,
};
use doorward_testing::TestDoor;
use http::HeaderValue;

const DEVICE: PrincipalKind = PrincipalKind::new("Device");

async fn name(user: Option<User>) -> String {
    user.map_or_else(|| "nobody".to_owned(), |user| user.username().to_owned())
}

/// The header names the version that stands in the user's row.
fn versioned(authenticator: impl Authenticator) -> impl Authenticator {
    authenticator.checked(|cx, identity| {
        let said = cx.header("x-version").unwrap_or_default();
        let is_current = identity.user.row().is_some_and(|row| row.last_name == said);
        Answer::ready(match is_current {
            true => Ok(()),
            false => Err(ApiException::authentication_failed("Another version.")),
        })
    })
}

/// A device says its name, and is believed.
#[derive(Debug)]
struct DeviceAuthentication;

impl Authenticator for DeviceAuthentication {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        Answer::ready(Ok(cx.header("x-device").map(|device| Identity {
            user: DEVICE.principal(device),
            auth: Auth::Other("Device"),
        })))
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        None
    }
}

fn route(
    router: Router,
    path: &str,
    authenticator: impl Authenticator + 'static,
    permission: impl Permission + 'static,
) -> Router {
    let policy = Policy::from(permission).authenticate(authenticator);
    router.route(path, get(name).post(name).policy(policy))
}

fn routes(door: &Door) -> Router {
    let token = TokenAuthentication::default;
    let shared: Arc<dyn Authenticator> = Arc::new(versioned(token()));
    let router = route(door.router(), "/version/", versioned(token()), IsAuthenticated);
    let router = route(router, "/shared/", shared.or_anonymous(), AllowAny);
    let router = route(
        router,
        "/session/",
        versioned(SessionAuthentication),
        IsAuthenticated,
    );
    let router = route(router, "/basic/", BasicAuthentication.or_anonymous(), AllowAny);
    let router = route(
        router,
        "/session-or-nobody/",
        SessionAuthentication.or_anonymous(),
        AllowAny,
    );
    let router = route(
        router,
        "/challenged/",
        SessionAuthentication.challenged("Session"),
        IsAuthenticated,
    );
    let router = route(router, "/device/", DeviceAuthentication, IsPrincipal(DEVICE));
    let router = route(
        router,
        "/others/",
        DeviceAuthentication,
        IsPrincipal(PrincipalKind::new("Webhook")),
    );
    let router = route(
        router,
        "/users/",
        DeviceAuthentication,
        DjangoModelPermissions::of("auth", "user"),
    );
    let throttled = Policy::from(IsAuthenticated)
        .authenticators([Arc::new(DeviceAuthentication) as _, Arc::new(token()) as _]);
    router.route(
        "/throttled/",
        get(name).policy(throttled.throttle(UserRateThrottle::default())),
    )
}

/// A door that remembers users for an hour.
fn forgetful_door() -> TestDoor {
    TestDoor::builder()
        .configure(|settings| settings.cache.max_staleness = Period::from_secs(3_600))
        .build()
}

#[tokio::test]
async fn nobody_is_refused_by_a_row_that_is_out_of_date() {
    let door = forgetful_door();
    let alice = door.user("alice").create().await;
    door.change_user(&alice, |row| row.last_name = "1".to_owned());
    let site = door.site(routes(&door));
    let client = site.token(&alice).await;
    let get = |path: &str, version: &str| client.get(path).header("x-version", version);
    get("/version/", "1").await.assert_status(200);
    door.change_user(&alice, |row| row.last_name = "2".to_owned());
    get("/version/", "2").await.assert_status(200);
    get("/shared/", "2").await.assert_status(200);
    get("/version/", "3")
        .await
        .assert_status(401)
        .assert_detail("Another version.");
    assert_eq!(get("/shared/", "3").await.text(), "nobody");
    door.change_user(&alice, |row| row.last_name = "3".to_owned());
    door.change_user(&alice, |row| row.is_active = false);
    get("/version/", "3").await.assert_status(401);
}

#[tokio::test]
async fn what_a_check_lets_pass_is_no_older_than_the_settings_say() {
    let door = forgetful_door();
    let alice = door.user("alice").create().await;
    door.change_user(&alice, |row| row.last_name = "1".to_owned());
    let site = door.site(routes(&door));
    let client = site.token(&alice).await;
    let get = || client.get("/version/").header("x-version", "1");
    get().await.assert_status(200);
    door.change_user(&alice, |row| row.last_name = "2".to_owned());
    door.advance(Duration::from_secs(3_600));
    get().await.assert_status(401).assert_detail("Another version.");
}

#[tokio::test]
async fn a_check_leaves_csrf_as_it_is() {
    let door = TestDoor::new();
    let alice = door.user("alice").create().await;
    let site = door.site(routes(&door));
    let browser = site.session(&alice).await;
    browser
        .post("/session/")
        .header("x-version", "")
        .await
        .assert_status(200);
    let forged = browser
        .without_csrf()
        .post("/session/")
        .header("x-version", "")
        .await;
    forged
        .assert_status(403)
        .assert_detail("CSRF Failed: CSRF token missing.");
}

#[tokio::test]
async fn a_refused_credential_is_nobody_and_other_refusals_stay() {
    let door = TestDoor::new();
    let alice = door.user("alice").create().await;
    let site = door.site(routes(&door));
    for header in ["Basic", "Basic %%%", "Basic YWxpY2U6d3Jvbmc="] {
        assert_eq!(
            site.authorization(header)
                .get("/basic/")
                .await
                .assert_status(200)
                .text(),
            "nobody"
        );
    }
    assert_eq!(site.basic(&alice).get("/basic/").await.text(), "alice");
    let foreign = site
        .basic(&alice)
        .post("/basic/")
        .header("origin", "https://evil.example")
        .await;
    foreign.assert_status(403);
    let browser = site.session(&alice).await;
    browser
        .without_csrf()
        .post("/session-or-nobody/")
        .await
        .assert_status(403);
}

#[tokio::test]
async fn a_challenge_makes_a_401() {
    let door = TestDoor::new();
    let site = door.site(routes(&door));
    let refused = site.anonymous().get("/challenged/").await;
    refused
        .assert_status(401)
        .assert_header("www-authenticate", "Session");
}

#[tokio::test]
async fn who_is_no_user_has_nothing_of_a_user_s() {
    let door = TestDoor::builder()
        .configure(|settings| {
            settings
                .throttle
                .rates
                .insert("user".to_owned(), "1/hour".to_owned());
        })
        .build();
    let alice = door.user("alice").create().await;
    let site = door.site(routes(&door));
    let id = alice.id().to_string();
    let device = |path: &str, name: &str| site.anonymous().get(path).header("x-device", name);
    assert_eq!(
        device("/device/", &id).await.assert_status(200).text(),
        format!("Device:{id}")
    );
    device("/others/", &id).await.assert_status(403);
    device("/users/", &id).await.assert_status(403);
    device("/throttled/", &id).await.assert_status(200);
    device("/throttled/", &id).await.assert_status(429);
    site.token(&alice)
        .await
        .get("/throttled/")
        .await
        .assert_status(200);
}
