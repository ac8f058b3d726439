use doorward_testing::TestResponse;
use serde_json::json;

use crate::stage::{Stage, stage};

const CSRF: &str = "0123456789abcdefghijklmnopqrstuv";

async fn send(
    stage: &Stage,
    method: &str,
    path: &str,
    cookie: &str,
    headers: &[(&str, &str)],
) -> TestResponse {
    let anonymous = stage.site.anonymous();
    let mut request = anonymous
        .request(method.parse().unwrap(), path)
        .header("cookie", cookie);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    request.await
}

#[tokio::test]
async fn a_cookie_opens_what_reads_and_wants_a_csrf_token_for_what_changes() {
    let stage = stage().await;
    let key = stage.site.obtain_token(&stage.alice).await;
    let cookie = format!("auth_token={key}; csrftoken={CSRF}");
    let read = send(&stage, "GET", "/cookie/", &cookie, &[]).await;
    read.assert_status(200)
        .assert_json(json!({ "user": "alice", "auth": "Token" }));
    assert!(read.header("vary").unwrap().contains("Cookie"), "{read:?}");
    let bare = send(&stage, "POST", "/cookie/", &cookie, &[]).await;
    bare.assert_status(403)
        .assert_detail("CSRF Failed: CSRF token missing.");
    let meant = send(&stage, "POST", "/cookie/", &cookie, &[("x-csrftoken", CSRF)]).await;
    meant.assert_status(200);
    let foreign = [("x-csrftoken", CSRF), ("origin", "https://evil.example")];
    send(&stage, "POST", "/cookie/", &cookie, &foreign)
        .await
        .assert_status(403);
}

#[tokio::test]
async fn without_csrf_token_the_browser_says_who_wrote_the_page() {
    let stage = stage().await;
    let cookie = format!("auth_token={}", stage.site.obtain_token(&stage.alice).await);
    let post = |headers: &'static [(&'static str, &'static str)]| {
        send(&stage, "POST", "/cookie-exempt/", &cookie, headers)
    };
    post(&[]).await.assert_status(200);
    post(&[("sec-fetch-site", "same-origin")])
        .await
        .assert_status(200);
    for foreign in [
        &[("sec-fetch-site", "cross-site")][..],
        &[("origin", "https://evil.example")],
        &[("origin", "null")],
    ] {
        let anonymous = stage.site.anonymous();
        let request = anonymous.post("/cookie-exempt/").header("cookie", &cookie);
        let request = foreign
            .iter()
            .fold(request, |request, (name, value)| request.header(name, value));
        request.await.assert_status(403);
    }
}

#[tokio::test]
async fn a_bad_cookie_and_two_cookies_are_anonymous() {
    let stage = stage().await;
    let key = stage.site.obtain_token(&stage.alice).await;
    let nul = "0".repeat(40);
    let long = "f".repeat(100_000);
    for cookie in [
        format!("auth_token={nul}"),
        format!("auth_token={long}"),
        "auth_token=".to_owned(),
        format!("auth_token={key}; auth_token={key}"),
        format!("auth_token={nul}; auth_token={key}"),
        format!("Auth_Token={key}"),
    ] {
        let refused = send(&stage, "GET", "/cookie/", &cookie, &[]).await;
        refused
            .assert_status(403)
            .assert_detail("Authentication credentials were not provided.");
    }
    let two = [
        ("cookie", &*format!("auth_token={key}")),
        ("cookie", &*format!("auth_token={key}")),
    ];
    assert_eq!(
        stage.raw("GET", "/cookie/", &two).await,
        403,
        "two headers are two cookies"
    );
}

#[tokio::test]
async fn a_cookie_of_who_has_left_is_anonymous() {
    let stage = stage().await;
    let cookie = format!("auth_token={}", stage.site.obtain_token(&stage.alice).await);
    stage.door.change_user(&stage.alice, |row| row.is_active = false);
    send(&stage, "GET", "/cookie/", &cookie, &[])
        .await
        .assert_status(403);
}
