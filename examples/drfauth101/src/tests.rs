//! The tutorial's commands, one by one.

use doorward_testing::{TestDoor, TestSite, TestUser};
use serde_json::json;

async fn site() -> (TestSite, TestUser) {
    let door = TestDoor::new();
    let root = door.user("root").superuser().password("toor").create().await;
    (door.site(super::routes(&door)), root)
}

#[tokio::test]
async fn all_four_ways_lead_home() {
    let (site, root) = site().await;
    let ways = [
        site.basic(&root),
        site.session(&root).await,
        site.token(&root).await,
        site.jwt(&root).await,
    ];
    for client in ways {
        let home = client.get("/home/").await;
        home.assert_status(200)
            .assert_json(json!({ "message": "Hello, world!" }));
        let echo = client.post("/home/").json(&json!({ "a": 1 })).await;
        echo.assert_json(json!({ "message": "Got some data!", "data": { "a": 1 } }));
    }
}

#[tokio::test]
async fn a_browser_logs_in_at_the_admin_site() {
    let (site, _) = site().await;
    let browser = site.browser();
    browser.get("/admin/").await.assert_status(200);
    let form = [("username", "root"), ("password", "toor")];
    let sent = browser.post("/admin/").form(&form).await;
    sent.assert_status(302).assert_header("location", "/home/");
    browser.get("/home/").await.assert_status(200);
}

#[tokio::test]
async fn tokens_come_for_a_form() {
    let (site, _) = site().await;
    let form = [("username", "root"), ("password", "toor")];
    for (path, field, word) in [
        ("/api-token-auth/", "token", "Token"),
        ("/api/token/", "access", "Bearer"),
    ] {
        let token = site.anonymous().post(path).form(&form).await.field(field);
        let client = site.authorization(&format!("{word} {token}"));
        client.get("/home/").await.assert_status(200);
    }
}

#[tokio::test]
async fn nobody_else_gets_in() {
    let (site, _) = site().await;
    let open = [
        "/admin/",
        "/api-token-auth/",
        "/api/token/",
        "/api/token/refresh/",
    ];
    site.assert_anonymous_denied(open).await;
}
