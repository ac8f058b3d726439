//! Name tags: good ones, old ones, and what anybody can write.

use std::time::Duration;

use doorward_testing::{TestDoor, TestSite, TestUser};
use serde_json::json;

struct Stage {
    door: TestDoor,
    site: TestSite,
    alice: TestUser,
    tag: String,
}

async fn stage() -> Stage {
    let door = TestDoor::new();
    let alice = door.user("alice").create().await;
    let site = door.site(super::routes(&door));
    let tag = site.basic(&alice).get("/name-tag/").await.field("X-Username");
    Stage {
        door,
        site,
        alice,
        tag,
    }
}

#[tokio::test]
async fn a_name_tag_tells_who_calls() {
    let Stage { site, tag, .. } = stage().await;
    let answer = site.anonymous().get("/example/").header("X-Username", &tag).await;
    answer
        .assert_status(200)
        .assert_json(json!({ "user": "alice", "auth": "None" }));
}

#[tokio::test]
async fn what_is_not_signed_here_is_refused() {
    let Stage { site, tag, .. } = stage().await;
    for forged in [
        "alice",
        "",
        "root:1:1",
        &tag.replace("alice", "root"),
        &tag.to_uppercase(),
    ] {
        let answer = site
            .anonymous()
            .get("/example/")
            .header("X-Username", forged)
            .await;
        answer.assert_status(403).assert_detail("Invalid name tag.");
    }
}

#[tokio::test]
async fn a_name_tag_is_good_for_a_minute() {
    let Stage { door, site, tag, .. } = stage().await;
    for (seconds, status) in [(60, 200), (1, 403)] {
        door.advance(Duration::from_secs(seconds));
        let answer = site.anonymous().get("/example/").header("X-Username", &tag).await;
        answer.assert_status(status);
    }
}

#[tokio::test]
async fn who_has_left_is_no_such_user() {
    let Stage {
        door,
        site,
        alice,
        tag,
    } = stage().await;
    door.change_user(&alice, |row| row.is_active = false);
    let answer = site.anonymous().get("/example/").header("X-Username", &tag).await;
    answer.assert_status(403).assert_detail("No such user");
}

#[tokio::test]
async fn no_other_scheme_opens_the_example() {
    let Stage { site, alice, .. } = stage().await;
    site.basic(&alice).get("/example/").await.assert_status(403);
    site.assert_anonymous_denied([]).await;
}
