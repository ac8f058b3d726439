use serde_json::json;

use crate::stage::stage;

#[tokio::test]
async fn a_bad_token_is_nobody_and_a_good_one_somebody() {
    let stage = stage().await;
    let key = stage.site.obtain_token(&stage.alice).await;
    let nobody = json!({ "user": null, "auth": null });
    for header in [
        "Token 0000",
        "Token",
        "Token a b",
        "Basic x",
        &format!("Token {}", "f".repeat(50_000)),
    ] {
        let answer = stage.site.authorization(header).get("/optional/").await;
        answer.assert_status(200).assert_json(nobody.clone());
    }
    let known = stage
        .site
        .authorization(&format!("Token {key}"))
        .get("/optional/")
        .await;
    known
        .assert_status(200)
        .assert_json(json!({ "user": "alice", "auth": "Token" }));
    stage.door.change_user(&stage.alice, |row| row.is_active = false);
    let left = stage
        .site
        .authorization(&format!("Token {key}"))
        .get("/optional/")
        .await;
    left.assert_status(200).assert_json(nobody);
}
