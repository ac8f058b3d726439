//! Two doors on one database: what one of them remembers, and tokens that the other one makes.

use std::sync::Arc;
use std::time::Duration;

use doorward_auth::jwt::revocation::revoke_all;
use doorward_core::Door;
use doorward_core::settings::Period;
use doorward_testing::TestSite;

use crate::site::{Site, routes};

/// Another node of that site: its database, its clock and its settings, and a memory of its own.
fn another(site: &Site) -> (Door, TestSite) {
    let door = Door::builder(site.door.settings().clone(), site.database.stores())
        .database(site.database.database())
        .clock(Arc::clone(&site.clock) as _)
        .build()
        .unwrap();
    let site = TestSite::new(&door, routes(&door));
    (door, site)
}

/// A token that another node made after a revocation is good at once, though the user is remembered from before it.
#[tokio::test]
async fn a_token_that_knows_more_than_is_remembered_is_let_in() {
    let site = Site::with(|settings| settings.cache.max_staleness = Period::from_secs(3600)).await;
    let (other, other_site) = another(&site);
    revoke_all(&other, site.alice.id()).await.unwrap();
    let before = site.site.jwt(&site.alice).await;
    assert_eq!(
        site.cost(&before, "/me/").await,
        (1, 200),
        "the user is remembered now"
    );
    site.clock.advance(Duration::from_millis(1));
    revoke_all(&other, site.alice.id()).await.unwrap();
    let access = other_site.obtain_token_pair(&site.alice).await.access;
    let after = site.site.authorization(&format!("Bearer {access}"));
    assert_eq!(site.cost(&after, "/me/").await, (1, 200), "he is looked up again");
    assert_eq!(
        site.cost(&before, "/me/").await,
        (2, 401),
        "the old token has ended, and is as young: he is looked up twice"
    );
}

/// The same with a new password, which a token may name too.
#[tokio::test]
async fn a_token_of_a_new_password_is_let_in() {
    let site = Site::with(|settings| {
        settings.cache.max_staleness = Period::from_secs(3600);
        settings.jwt.check_revoke_token = true;
    })
    .await;
    let (other, other_site) = another(&site);
    let before = site.site.jwt(&site.alice).await;
    assert_eq!(site.cost(&before, "/me/").await.1, 200);
    let user = other
        .stores()
        .users
        .by_id(site.alice.id())
        .await
        .unwrap()
        .unwrap();
    let password = doorward_django::secret::Secret::new(site.alice.password().to_owned());
    let encoded = other.passwords().make(&password, other.random()).await.unwrap();
    assert_ne!(encoded.expose(), user.password.expose());
    other
        .stores()
        .users
        .set_password(&user.id, encoded)
        .await
        .unwrap();
    let access = other_site.obtain_token_pair(&site.alice).await.access;
    let after = site.site.authorization(&format!("Bearer {access}"));
    assert_eq!(site.cost(&after, "/me/").await, (1, 200));
}
