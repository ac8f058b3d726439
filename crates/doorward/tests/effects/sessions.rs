//! Logging in and out, and sessions that a handler writes.

use doorward::settings::Settings;
use doorward_django::sessions::{SessionData, session_auth_hash};
use serde_json::{Value, json};

use super::site::{Asked, Effects, PASSWORD, Site};

const LOGIN: &str = "/api-auth/login/";
const OLD_KEY: &str = "an-older-key-that-is-long-enough-0123456789";

fn plain(_: &mut Settings) {}

fn save_every_request(settings: &mut Settings) {
    settings.session.save_every_request = true;
}

fn with_older_key(settings: &mut Settings) {
    settings.secret_key_fallbacks = vec![doorward_django::secret::Secret::new(OLD_KEY.to_owned())];
}

fn credentials() -> Value {
    json!({ "username": "alice", "password": PASSWORD })
}

fn cart() -> SessionData {
    SessionData::from_iter([("cart".to_owned(), json!([1, 2, 3]))])
}

#[tokio::test]
async fn a_login_with_no_session_before() {
    let ask = async |_: &Site| Asked::post(LOGIN, &credentials()).in_browser("a=b");
    Effects::of(plain).check(ask).await;
    Effects::of(save_every_request).check(ask).await;
}

#[tokio::test]
async fn a_login_over_a_visitor_s_session() {
    let ask = async |site: &Site| {
        let key = site.session(cart()).await;
        Asked::post(LOGIN, &credentials()).in_browser(&format!("sessionid={key}"))
    };
    Effects::of(plain).check(ask).await;
    Effects::of(save_every_request).check(ask).await;
}

#[tokio::test]
async fn a_login_over_one_s_own_session() {
    let ask =
        async |site: &Site| Asked::post(LOGIN, &credentials()).in_browser(&site.logged_in("alice").await);
    Effects::of(plain).check(ask).await;
}

#[tokio::test]
async fn a_login_over_another_s_session() {
    let ask = async |site: &Site| {
        site.user("bob").await;
        Asked::post(LOGIN, &credentials()).in_browser(&site.logged_in("bob").await)
    };
    Effects::of(plain).check(ask).await;
}

#[tokio::test]
async fn a_login_by_the_form() {
    let ask = async |site: &Site| {
        let key = site.session(cart()).await;
        let password = PASSWORD.replace(' ', "+");
        Asked::form(LOGIN, &format!("username=alice&password={password}"))
            .in_browser(&format!("sessionid={key}"))
    };
    Effects::of(plain).check(ask).await;
}

#[tokio::test]
async fn a_logout() {
    let given = &[
        (
            "revocations.holder",
            "",
            "whose session it was is for subscribers only",
        ),
        ("sessions.load", "", "the same"),
    ];
    let logout = Effects {
        given,
        ..Effects::of(plain)
    };
    let json = async |site: &Site| {
        Asked::post("/api-auth/logout/", &json!({})).in_browser(&site.logged_in("alice").await)
    };
    logout.check(json).await;
    let form = async |site: &Site| {
        Asked::form("/api-auth/logout/", "next=/there/").in_browser(&site.logged_in("alice").await)
    };
    logout.check(form).await;
}

#[tokio::test]
async fn a_word_in_the_session() {
    let ask = async |site: &Site| {
        let key = site.session(cart()).await;
        Asked::post("/note/", &json!({})).in_browser(&format!("sessionid={key}"))
    };
    Effects::of(plain).check(ask).await;
    Effects::of(save_every_request).check(ask).await;
}

#[tokio::test]
async fn a_session_that_is_only_prolonged() {
    let prolonged = Effects {
        given: &[("sessions.update", "", "the session is as good as it was")],
        ..Effects::of(save_every_request)
    };
    let ask = async |site: &Site| Asked::get("/api/profile/").in_browser(&site.logged_in("alice").await);
    prolonged.check(ask).await;
}

/// Tokens were issued, and the session that came along was not looked at.
#[tokio::test]
async fn a_session_that_comes_along() {
    let prolonged = Effects {
        given: &[
            ("sessions.load", "", "nobody looked at the session"),
            ("sessions.update", "", "the session is as good as it was"),
        ],
        ..Effects::of(save_every_request)
    };
    let ask = async |site: &Site| {
        let key = site.session(cart()).await;
        Asked::post("/api/token/", &credentials()).in_browser(&format!("sessionid={key}"))
    };
    prolonged.check(ask).await;
}

#[tokio::test]
async fn a_session_that_an_older_key_vouches_for() {
    let renewed = Effects {
        given: &[("sessions.replace", "", "the row of before is as good")],
        ..Effects::of(with_older_key)
    };
    let ask = async |site: &Site| {
        let mut settings = Settings::default().with_apps(&doorward::own_apps());
        settings.secret_key = doorward_django::secret::Secret::new(OLD_KEY.to_owned());
        let other = doorward::Door::new(settings, site.stores.clone()).unwrap();
        let hash = session_auth_hash(site.alice.password.expose(), &other.secret_keys().current);
        let data = SessionData::from_iter([
            ("_auth_user_id".to_owned(), json!(site.alice.id.to_string())),
            (
                "_auth_user_backend".to_owned(),
                json!("django.contrib.auth.backends.ModelBackend"),
            ),
            ("_auth_user_hash".to_owned(), json!(hash)),
        ]);
        let key = site.session_signed_by(data, OLD_KEY).await;
        Asked::get("/api/profile/").in_browser(&format!("sessionid={key}"))
    };
    renewed.check(ask).await;
}
