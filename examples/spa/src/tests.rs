//! The page, and what its script does. `interop/browser/spa.py` runs it in a real browser.

use doorward_testing::{TestDoor, TestSite};
use serde_json::json;

async fn site() -> TestSite {
    let door = TestDoor::builder().configure(super::in_cookies).build();
    door.user("root").password("toor").create().await;
    door.site(super::routes(&door))
}

/// What a browser's script sends where the cookie says it all.
fn nothing() -> serde_json::Value {
    json!({})
}

#[tokio::test]
async fn the_page_runs_its_own_script_only() {
    let site = site().await;
    for path in ["/", "/app.js", "/style.css"] {
        let answer = site.anonymous().get(path).await;
        answer
            .assert_status(200)
            .assert_header("content-security-policy", super::POLICY);
        assert!(!answer.text().contains("localStorage."), "{path}");
    }
    let page = site.anonymous().get("/").await;
    assert_eq!(page.text().matches("<script").count(), 1);
    assert!(page.text().contains(r#"<script src="/app.js" defer></script>"#));
}

#[tokio::test]
async fn a_login_lasts_in_the_cookie() {
    let site = site().await;
    let browser = site.browser();
    let credentials = json!({ "username": "root", "password": "toor" });
    let login = browser.post("/api/token/").json(&credentials).await;
    login.assert_status(200);
    assert!(login.json().get("refresh").is_none());
    let first = browser.cookie("refresh").expect("the login set it");

    let reloaded = browser.post("/api/token/refresh/").json(&nothing()).await;
    assert_ne!(browser.cookie("refresh").as_ref(), Some(&first));
    let api = site.authorization(&format!("Bearer {}", reloaded.field("access")));
    api.get("/api/profile/").await.assert_status(200);

    let forged = browser.without_csrf().post("/api/token/refresh/");
    forged.json(&nothing()).await.assert_status(403);
    let out = browser.post("/api/token/blacklist/").json(&nothing()).await;
    out.assert_status(200);
    assert_eq!(browser.cookie("refresh"), None);
    let ended = browser.post("/api/token/refresh/").json(&nothing()).await;
    ended.assert_status(401);
}

#[tokio::test]
async fn only_the_page_and_the_tokens_are_open() {
    let open = [
        "/",
        "/app.js",
        "/style.css",
        "/api-token-auth/",
        "/api-auth/login/",
        "/api/token/",
        "/api/token/sliding/",
        "/api/token/sliding/refresh/",
        "/.well-known/jwks.json",
    ];
    site().await.assert_anonymous_denied(open).await;
}
