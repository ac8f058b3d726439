use crate::stage::stage;

#[tokio::test]
async fn no_csrf_token_is_asked_and_other_sites_pages_are_refused() {
    let stage = stage().await;
    let app = stage.site.session(&stage.alice).await.without_csrf();
    app.get("/session-exempt/").await.assert_status(200);
    app.post("/session-exempt/").await.assert_status(200);
    let post = || app.post("/session-exempt/");
    post()
        .header("sec-fetch-site", "same-origin")
        .await
        .assert_status(200);
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "null"),
        ("referer", "https://evil.example/page"),
    ] {
        post().header(name, value).await.assert_status(403);
    }
    app.get("/session-exempt/")
        .header("sec-fetch-site", "cross-site")
        .await
        .assert_status(200);
}

#[tokio::test]
async fn the_first_authenticator_decides_between_401_and_403() {
    let stage = stage().await;
    stage
        .site
        .anonymous()
        .get("/session-exempt/")
        .await
        .assert_status(403);
    let refused = stage.site.anonymous().get("/session-401/").await;
    refused
        .assert_status(401)
        .assert_header("www-authenticate", "Session");
    let browser = stage.site.session(&stage.alice).await;
    browser.get("/session-401/").await.assert_status(200);
    let forged = browser.without_csrf().post("/session-401/").await;
    forged
        .assert_status(403)
        .assert_detail("CSRF Failed: CSRF token missing.");
}

#[tokio::test]
async fn a_session_of_who_has_left_is_anonymous() {
    let stage = stage().await;
    let app = stage.site.session(&stage.alice).await.without_csrf();
    stage.door.change_user(&stage.alice, |row| row.is_active = false);
    app.post("/session-exempt/").await.assert_status(403);
    let nobody = stage.site.anonymous();
    for cookie in [
        "sessionid=",
        "sessionid=abc",
        "sessionid=a; sessionid=b",
        &format!("sessionid={}", "a".repeat(50_000)),
    ] {
        nobody
            .post("/session-exempt/")
            .header("cookie", cookie)
            .await
            .assert_status(403);
    }
}
