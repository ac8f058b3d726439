//! Owners and others.

use doorward_testing::{TestClient, TestDoor, TestSite};
use serde_json::json;

struct Stage {
    site: TestSite,
    admin: TestClient,
    other: TestClient,
}

async fn stage() -> Stage {
    let door = TestDoor::new();
    let admin = door.user("admin").superuser().create().await;
    let other = door.user("other").create().await;
    let site = door.site(super::routes(&door));
    let (admin, other) = (site.basic(&admin), site.basic(&other));
    let created = other.post("/snippets/").form(&[("code", "print(789)")]).await;
    created.assert_status(201);
    Stage { site, admin, other }
}

#[tokio::test]
async fn everyone_may_read() {
    let snippet = json!({
        "id": 1, "title": "", "code": "print(789)", "linenos": false, "language": "python", "style": "friendly",
        "owner": "other",
    });
    let anonymous = stage().await.site.anonymous();
    anonymous
        .get("/snippets/1/")
        .await
        .assert_status(200)
        .assert_json(snippet.clone());
    anonymous.get("/snippets/").await.assert_json(json!([snippet]));
    anonymous
        .get("/snippets/2/")
        .await
        .assert_status(404)
        .assert_detail("Not found.");
}

#[tokio::test]
async fn only_the_owner_may_change_a_snippet() {
    let Stage { site, admin, other } = stage().await;
    let change = json!({ "code": "print(456)", "title": "sum" });
    let denied = admin.put("/snippets/1/").json(&change).await;
    denied
        .assert_status(403)
        .assert_detail("You do not have permission to perform this action.");
    admin.delete("/snippets/1/").await.assert_status(403);
    let changed = other.put("/snippets/1/").json(&change).await.json();
    assert_eq!(
        (&changed["code"], &changed["title"]),
        (&json!("print(456)"), &json!("sum"))
    );
    other.delete("/snippets/1/").await.assert_status(204);
    site.anonymous().get("/snippets/1/").await.assert_status(404);
}

#[tokio::test]
async fn strangers_write_nothing() {
    let Stage { site, .. } = stage().await;
    let refused = site
        .anonymous()
        .post("/snippets/")
        .form(&[("code", "print(123)")])
        .await;
    refused
        .assert_status(401)
        .assert_detail("Authentication credentials were not provided.");
    site.assert_anonymous_denied(["GET /snippets/", "GET /snippets/{id}/"])
        .await;
}

#[tokio::test]
async fn a_snippet_needs_code() {
    let refused = stage()
        .await
        .admin
        .post("/snippets/")
        .json(&json!({ "title": "x" }))
        .await;
    refused
        .assert_status(400)
        .assert_json(json!({ "code": ["This field is required."] }));
}
