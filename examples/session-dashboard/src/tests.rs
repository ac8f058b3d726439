//! A browser's way: form, login, dashboard, logout.

use doorward_testing::TestDoor;
use serde_json::json;

#[tokio::test]
async fn a_browser_logs_in_looks_and_logs_out() {
    let door = TestDoor::new();
    let root = door.user("root").password("toor").create().await;
    let browser = door.site(super::routes(&door)).browser();
    browser.get("/dashboard/").await.assert_status(403);

    browser.get("/api-auth/login/").await.assert_status(200);
    let form = [
        ("username", "root"),
        ("password", root.password()),
        ("next", "/dashboard/"),
    ];
    let login = browser.post("/api-auth/login/").form(&form).await;
    login.assert_status(302).assert_header("location", "/dashboard/");
    let dashboard = browser.get("/dashboard/").await;
    dashboard
        .assert_status(200)
        .assert_json(json!({ "message": "Hello root, welcome to your dashboard" }));

    browser.post("/api-auth/logout/").await;
    browser.get("/dashboard/").await.assert_status(403);
}

#[tokio::test]
async fn another_site_cannot_log_anybody_in() {
    let door = TestDoor::new();
    let root = door.user("root").password("toor").create().await;
    let browser = door.site(super::routes(&door)).browser();
    browser.get("/api-auth/login/").await.assert_status(200);
    let form = [("username", "root"), ("password", root.password())];
    let forged = browser.without_csrf().post("/api-auth/login/").form(&form).await;
    forged.assert_status(403);
    browser.get("/dashboard/").await.assert_status(403);
}

#[tokio::test]
async fn a_session_is_the_only_way_in() {
    let door = TestDoor::new();
    let root = door.user("root").superuser().create().await;
    let site = door.site(super::routes(&door));
    for client in [site.basic(&root), site.token(&root).await, site.jwt(&root).await] {
        client.get("/dashboard/").await.assert_status(403);
    }
    site.assert_anonymous_denied(["/api-auth/login/"]).await;
}
