//! What was changed is seen: at once where this process wrote it, within the bound where another did.

use std::time::Duration;

use doorward_auth::authtoken::revoke_auth_token;
use doorward_auth::jwt::revocation::revoke_all;
use doorward_core::settings::{Period, TokenClass};
use doorward_django::secret::Secret;

use crate::site::Site;

/// So long that what is seen within it was told.
async fn site_that_hardly_looks() -> Site {
    Site::with(|settings| settings.cache.max_staleness = Period::from_secs(3600)).await
}

#[tokio::test]
async fn a_revocation_here_is_seen_at_once() {
    let site = site_that_hardly_looks().await;
    let (token, jwt) = (
        site.site.token(&site.alice).await,
        site.site.jwt(&site.alice).await,
    );
    assert_eq!(site.cost(&token, "/me/").await.1, 200);
    assert_eq!(site.cost(&jwt, "/me/").await.1, 200);
    revoke_all(&site.door, site.alice.id()).await.unwrap();
    assert_eq!(site.cost(&token, "/me/").await.1, 401);
    assert_eq!(site.cost(&jwt, "/me/").await.1, 401);
}

#[tokio::test]
async fn a_token_that_is_deleted_here_opens_nothing_any_more() {
    let site = site_that_hardly_looks().await;
    let token = site.site.token(&site.alice).await;
    assert_eq!(site.cost(&token, "/me/").await.1, 200);
    let user = site
        .door
        .stores()
        .users
        .by_id(site.alice.id())
        .await
        .unwrap()
        .unwrap();
    assert!(revoke_auth_token(&site.door, &user).await.unwrap());
    assert_eq!(site.cost(&token, "/me/").await.1, 401);
}

#[tokio::test]
async fn a_logout_is_seen_at_once() {
    let site = site_that_hardly_looks().await;
    let session = site.site.session(&site.alice).await;
    let key = session.cookie("sessionid").unwrap();
    assert_eq!(site.cost(&session, "/me/").await, (2, 200));
    site.door.stores().sessions.delete(&key).await.unwrap();
    assert_eq!(site.cost(&session, "/me/").await.1, 401);
}

#[tokio::test]
async fn a_new_password_ends_sessions_at_once() {
    let site = site_that_hardly_looks().await;
    let session = site.site.session(&site.alice).await;
    assert_eq!(site.cost(&session, "/me/").await.1, 200);
    let encoded = Secret::new("md5$salt$00000000000000000000000000000000".to_owned());
    site.door
        .stores()
        .users
        .set_password(site.alice.id(), encoded)
        .await
        .unwrap();
    assert_eq!(site.cost(&session, "/me/").await.1, 401);
}

#[tokio::test]
async fn a_sliding_token_that_is_blacklisted_here_opens_nothing_any_more() {
    let site = Site::with(|settings| {
        settings.cache.max_staleness = Period::from_secs(3600);
        settings.jwt.auth_token_classes = vec![TokenClass::Sliding];
        settings.jwt.sliding_token_lifetime = Period::from_secs(86_400);
    })
    .await;
    let sliding = site.site.jwt(&site.alice).await;
    assert_eq!(site.cost(&sliding, "/me/").await.1, 200);
    revoke_all(&site.door, site.alice.id()).await.unwrap();
    assert_eq!(site.cost(&sliding, "/me/").await.1, 401);
}

#[tokio::test]
async fn what_is_written_elsewhere_is_seen_within_the_bound() {
    let site = Site::new().await;
    let clients = [
        site.site.token(&site.alice).await,
        site.site.jwt(&site.alice).await,
        site.site.session(&site.alice).await,
    ];
    for client in &clients {
        assert_eq!(site.cost(client, "/me/").await.1, 200);
    }
    site.database
        .change_user(site.alice.id(), |row| row.is_active = false);
    site.pass();
    for client in &clients {
        assert_eq!(site.cost(client, "/me/").await.1, 401);
    }
    site.database
        .change_user(site.alice.id(), |row| row.is_active = true);
    site.pass();
    for client in &clients {
        assert_eq!(site.cost(client, "/me/").await.1, 200);
    }
}

#[tokio::test]
async fn sql_of_an_application_can_be_told_of() {
    let site = site_that_hardly_looks().await;
    let token = site.site.token(&site.alice).await;
    assert_eq!(site.cost(&token, "/me/").await.1, 200);
    site.database
        .change_user(site.alice.id(), |row| row.is_active = false);
    assert_eq!(site.cost(&token, "/me/").await, (0, 200));
    site.door.principals().forget_user(site.alice.id());
    assert_eq!(site.cost(&token, "/me/").await, (1, 401));
}

/// What is remembered is judged anew: a token that ends, a session that ends.
#[tokio::test]
async fn what_ends_while_it_is_remembered_ends() {
    let site = Site::with(|settings| {
        settings.cache.max_staleness = Period::from_secs(86_400);
        settings.cache.max_age = Period::from_secs(86_400);
        settings.jwt.access_token_lifetime = Period::from_secs(60);
        settings.session.cookie_age = Period::from_secs(60);
    })
    .await;
    let (jwt, session) = (
        site.site.jwt(&site.alice).await,
        site.site.session(&site.alice).await,
    );
    assert_eq!(site.cost(&jwt, "/me/").await.1, 200);
    assert_eq!(site.cost(&session, "/me/").await.1, 200);
    site.clock.advance(Duration::from_secs(59));
    assert_eq!(site.cost(&jwt, "/me/").await, (0, 200));
    assert_eq!(site.cost(&session, "/me/").await, (0, 200));
    site.clock.advance(Duration::from_secs(1));
    assert_eq!(site.cost(&jwt, "/me/").await.1, 401);
    assert_eq!(
        site.cost(&session, "/me/").await,
        (1, 401),
        "it is looked for once more"
    );
}

/// The session and its user are remembered apart: what is older of the two is no reason to delete a session.
#[tokio::test]
async fn a_session_that_another_node_kept_through_a_new_password_is_not_deleted() {
    let site = Site::new().await;
    let session = site.site.session(&site.alice).await;
    assert_eq!(site.cost(&session, "/me/").await.1, 200);
    let key = session.cookie("sessionid").unwrap();
    let encoded = Secret::new("md5$salt$00000000000000000000000000000000".to_owned());
    site.database
        .change_user(site.alice.id(), |row| row.password = encoded.clone());
    let user = site
        .door
        .stores()
        .users
        .by_id(site.alice.id())
        .await
        .unwrap()
        .unwrap();
    rewrite(&site, &key, site.door.session_auth_hash(&user)).await;
    // The user is read again, and the session is not.
    site.door.principals().forget_user(site.alice.id());
    assert_eq!(site.cost(&session, "/me/").await.1, 200);
    assert!(
        site.database
            .stores()
            .sessions
            .load(&key, site.door.now())
            .await
            .unwrap()
            .is_some()
    );
}

/// Puts another hash into a session, behind the back of the site.
async fn rewrite(site: &Site, key: &str, hash: String) {
    use doorward_django::sessions::{HASH_SESSION_KEY, decode, encode};

    let (sessions, now) = (site.database.stores().sessions, site.door.now());
    let mut row = sessions.load(key, now).await.unwrap().unwrap();
    let mut data = decode(row.data.expose(), site.door.secret_keys()).unwrap();
    data.insert(HASH_SESSION_KEY.to_owned(), hash.into());
    row.data = Secret::new(encode(&data, now, &site.door.secret_keys().current));
    assert!(sessions.update(row).await.unwrap());
}
