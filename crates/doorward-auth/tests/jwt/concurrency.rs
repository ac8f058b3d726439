//! What happens when many ask at once.

use std::collections::BTreeSet;

use doorward_auth::authtoken::TokenSettings;
use futures_util::future::join_all;
use http::StatusCode;
use serde_json::{Value, json};

use super::site::{Answer, Site, credentials};

/// So many requests of one kind, each on a task of its own.
async fn at_once(site: &'static Site, count: usize, path: &'static str, body: Value) -> Vec<Answer> {
    let tasks = (0..count).map(|_| tokio::spawn(site.post(path, body.clone())));
    join_all(tasks).await.into_iter().map(Result::unwrap).collect()
}

fn successes(answers: &[Answer]) -> usize {
    answers
        .iter()
        .filter(|answer| answer.status == StatusCode::OK)
        .count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_refresh_wins() {
    for count in [16, 64] {
        let site: &'static Site = Box::leak(Box::new(Site::with(|settings| {
            settings.jwt.rotate_refresh_tokens = true;
            settings.jwt.blacklist_after_rotation = true;
            settings.jwt.reuse_grace = "0s".parse().unwrap();
        })));
        let (refresh, _) = site.pair().await;
        let answers = at_once(site, count, "/api/token/refresh/", json!({ "refresh": refresh })).await;
        assert_eq!(successes(&answers), 1);
        for loser in answers.iter().filter(|answer| answer.status != StatusCode::OK) {
            loser.refuses_token("Token is blacklisted");
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn within_the_grace_all_get_the_one_successor() {
    let site: &'static Site = Box::leak(Box::new(Site::with(|settings| {
        settings.jwt.rotate_refresh_tokens = true;
        settings.jwt.blacklist_after_rotation = true;
    })));
    for count in [16, 64] {
        let (refresh, _) = site.pair().await;
        let answers = at_once(site, count, "/api/token/refresh/", json!({ "refresh": refresh })).await;
        assert_eq!(successes(&answers), count);
        let successors: BTreeSet<_> = answers.iter().map(|answer| answer.text("refresh")).collect();
        assert_eq!(successors.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn one_blacklisting_wins() {
    let site: &'static Site = Box::leak(Box::new(Site::new()));
    let (refresh, _) = site.pair().await;
    let answers = at_once(site, 16, "/api/token/blacklist/", json!({ "refresh": refresh })).await;
    assert_eq!(successes(&answers), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn first_logins_share_one_token() {
    let site: &'static Site = Box::leak(Box::new(Site::new()));
    let answers = at_once(
        site,
        16,
        "/api-token-auth/",
        credentials("alice", "wonderland-42"),
    )
    .await;
    assert_eq!(successes(&answers), 16);
    let keys: BTreeSet<_> = answers.iter().map(|answer| &answer.body).collect();
    assert_eq!(keys.len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_old_token_is_renewed_once() {
    let site: &'static Site = Box::leak(Box::new(Site::with(|settings| {
        settings.section_mut::<TokenSettings>().max_age = Some("1h".parse().unwrap());
    })));
    let login = credentials("alice", "wonderland-42");
    let old = site.post("/api-token-auth/", login.clone()).await.body;
    site.advance(3_600);
    let answers = at_once(site, 16, "/api-token-auth/", login).await;
    let keys: BTreeSet<_> = answers.iter().map(|answer| &answer.body).collect();
    assert!(keys.len() == 1 && !keys.contains(&old));
}
