//! Two tiers, two rates, and what only one of them may do.

use std::time::Duration;

use doorward_testing::{TestClient, TestDoor};

struct Stage {
    door: TestDoor,
    free: TestClient,
    member: TestClient,
    anonymous: TestClient,
}

async fn stage() -> Stage {
    let rates =
        [("free", "3/min"), ("premium", "5/min")].map(|(tier, rate)| (tier.to_owned(), rate.to_owned()));
    let door = TestDoor::builder()
        .configure(|settings| settings.throttle.rates.extend(rates))
        .build();
    let free = door.user("free").create().await;
    let member = door.user("member").group("premium").create().await;
    let site = door.site(super::routes(&door));
    Stage {
        free: site.basic(&free),
        member: site.basic(&member),
        anonymous: site.anonymous(),
        door,
    }
}

#[tokio::test]
async fn each_tier_has_its_rate() {
    let Stage {
        door, free, member, ..
    } = stage().await;
    for (client, rate) in [(&free, 3), (&member, 5)] {
        for _ in 0..rate {
            client.get("/reports/").await.assert_status(200);
        }
        client
            .get("/reports/")
            .await
            .assert_status(429)
            .assert_header("retry-after", "60")
            .assert_detail("Request was throttled. Expected available in 60 seconds.");
    }
    door.advance(Duration::from_secs(60));
    free.get("/reports/").await.assert_status(200);
}

#[tokio::test]
async fn only_premium_members_may_export() {
    let Stage {
        free,
        member,
        anonymous,
        ..
    } = stage().await;
    free.get("/reports/export/")
        .await
        .assert_status(403)
        .assert_detail("This feature needs the premium tier.");
    anonymous.get("/reports/export/").await.assert_status(401);
    let export = member.get("/reports/export/").await;
    export.assert_status(200);
    assert!(export.text().starts_with("month,visits\n"), "{}", export.text());
}
