//! A blacklist that several nodes share beside the table: a hit decides, an absence asks the table.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use doorward_auth::jwt::{Jwt, revocation};
use doorward_core::Answer;
use doorward_core::app::App;
use doorward_core::command::Failure;
use doorward_core::settings::Settings;
use doorward_core::stores::{BlacklistedToken, Outage, SharedBlacklist, StoreAnswer, StoreError};
use doorward_core::user::UserId;
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use doorward_testing::TestConsole;
use http::StatusCode;
use serde_json::json;

use super::site::{ALICE, Site};

const REFRESH: &str = "/api/token/refresh/";

/// A copy in the process, which can go away.
#[derive(Debug, Default)]
struct InProcess {
    tokens: Mutex<BTreeMap<String, Timestamp>>,
    is_away: AtomicBool,
    hits: AtomicU32,
}

impl InProcess {
    fn ids(&self) -> Vec<String> {
        self.tokens.lock().unwrap().keys().cloned().collect()
    }

    fn hits(&self) -> u32 {
        self.hits.load(Ordering::Relaxed)
    }

    fn answer<T>(&self, value: impl FnOnce(&mut BTreeMap<String, Timestamp>) -> T) -> Result<T, StoreError> {
        match self.is_away.load(Ordering::Relaxed) {
            true => Err(StoreError::new("away", Outage::Passing, "away")),
            false => Ok(value(&mut self.tokens.lock().unwrap())),
        }
    }
}

impl SharedBlacklist for InProcess {
    fn holds<'a>(&'a self, jti: &'a str) -> Answer<'a, bool> {
        let held = self.answer(|tokens| tokens.contains_key(jti)).unwrap_or(false);
        self.hits.fetch_add(u32::from(held), Ordering::Relaxed);
        Answer::ready(held)
    }

    fn add<'a>(&'a self, tokens: &'a [BlacklistedToken]) -> StoreAnswer<'a, ()> {
        let added = tokens.iter().map(|token| (token.jti.clone(), token.expires_at));
        Answer::ready(self.answer(|tokens| tokens.extend(added)))
    }

    fn clear(&self) -> StoreAnswer<'_, u64> {
        Answer::ready(self.answer(|tokens| {
            let count = tokens.len();
            tokens.clear();
            count as u64
        }))
    }
}

fn rotating(settings: &mut Settings) {
    settings.jwt.rotate_refresh_tokens = true;
    settings.jwt.blacklist_after_rotation = true;
    settings.jwt.reuse_grace = doorward_core::settings::Period::from_secs(0);
}

fn id(site: &Site, token: &str) -> String {
    site.claims(token)["jti"].as_str().unwrap().to_owned()
}

async fn is_good(site: &Site, refresh: &str) -> bool {
    let answer = site.post(REFRESH, json!({ "refresh": refresh })).await;
    assert!(
        [StatusCode::OK, StatusCode::UNAUTHORIZED].contains(&answer.status),
        "{}",
        answer.body
    );
    answer.status == StatusCode::OK
}

async fn blacklist(site: &Site, refresh: &str) {
    site.post("/api/token/blacklist/", json!({ "refresh": refresh }))
        .await
        .is(200, "{}");
}

#[tokio::test]
async fn what_is_taken_back_is_shared_and_a_hit_decides() {
    let copy = Arc::new(InProcess::default());
    let site = Site::sharing(&copy, |_| {});
    let (refresh, _) = site.pair().await;
    assert!(is_good(&site, &refresh).await);
    assert_eq!(
        (copy.ids().len(), copy.hits()),
        (0, 0),
        "the table knew that it was good"
    );
    blacklist(&site, &refresh).await;
    assert_eq!(copy.ids(), [id(&site, &refresh)]);
    assert!(!is_good(&site, &refresh).await);
    assert_eq!(copy.hits(), 1);
    // It leaves the copy when it ends.
    let ends = site.claims(&refresh)["exp"].as_i64().unwrap();
    let kept_until = *copy.tokens.lock().unwrap().values().next().unwrap();
    assert_eq!(kept_until, Timestamp::from_secs(ends));
}

#[tokio::test]
async fn an_absence_asks_the_table() {
    let copy = Arc::new(InProcess::default());
    let site = Site::sharing(&copy, |_| {});
    let (refresh, _) = site.pair().await;
    // As Django does it, who knows of no copy.
    let (django, _) = site.pair().await;
    blacklist(&site, &django).await;
    copy.tokens.lock().unwrap().clear();
    assert!(!is_good(&site, &django).await);
    assert!(is_good(&site, &refresh).await);
    assert_eq!(copy.hits(), 0);
}

#[tokio::test]
async fn while_the_copy_is_away_the_table_decides() {
    let copy = Arc::new(InProcess::default());
    let site = Site::sharing(&copy, |_| {});
    let [(before, _), (meanwhile, _), (good, _)] = [site.pair().await, site.pair().await, site.pair().await];
    blacklist(&site, &before).await;
    copy.is_away.store(true, Ordering::Relaxed);
    blacklist(&site, &meanwhile).await;
    assert!(!is_good(&site, &before).await && !is_good(&site, &meanwhile).await);
    assert!(is_good(&site, &good).await);
    // Back, it lacks what it missed, and nothing is decided otherwise.
    copy.is_away.store(false, Ordering::Relaxed);
    assert_eq!(copy.ids(), [id(&site, &before)]);
    assert!(!is_good(&site, &before).await && !is_good(&site, &meanwhile).await);
    assert!(is_good(&site, &good).await);
}

#[tokio::test]
async fn every_way_to_take_a_token_back_is_shared() {
    let copy = Arc::new(InProcess::default());
    let site = Site::sharing(&copy, rotating);
    let (first, _) = site.pair().await;
    let rotated = site.post(REFRESH, json!({ "refresh": first })).await;
    let second = rotated.text("refresh");
    assert_eq!(copy.ids(), [id(&site, &first)], "a rotated token");
    // The first one is shown again: its family ends.
    assert!(!is_good(&site, &first).await);
    assert_eq!(
        copy.ids(),
        sorted([id(&site, &first), id(&site, &second)]),
        "a family"
    );
    // What is taken back at the same moment is told as of the same call.
    site.advance(1);
    copy.tokens.lock().unwrap().clear();
    let (third, _) = site.pair().await;
    let revoked = revocation::revoke(&site.door, &Secret::new(third.clone())).await;
    revoked.unwrap();
    assert_eq!(copy.ids(), [id(&site, &third)], "one that was revoked");
    site.advance(1);
    copy.tokens.lock().unwrap().clear();
    let (fourth, _) = site.pair().await;
    let (fifth, _) = site.pair().await;
    revocation::revoke_all(&site.door, &UserId::Int(ALICE))
        .await
        .unwrap();
    assert_eq!(
        copy.ids(),
        sorted([id(&site, &fourth), id(&site, &fifth)]),
        "all of a user"
    );
}

fn sorted<const N: usize>(mut ids: [String; N]) -> [String; N] {
    ids.sort();
    ids
}

#[tokio::test]
async fn a_token_that_is_rotated_and_kept_is_not_shared() {
    let copy = Arc::new(InProcess::default());
    let site = Site::sharing(&copy, |settings| settings.jwt.rotate_refresh_tokens = true);
    let (refresh, _) = site.pair().await;
    assert!(is_good(&site, &refresh).await);
    assert!(is_good(&site, &refresh).await);
    assert!(copy.ids().is_empty());
}

async fn rebuild(site: &Site) -> (Result<(), Failure>, String) {
    let commands = Jwt::commands();
    let command = commands
        .iter()
        .find(|command| command.name() == "rebuild-blacklist");
    let mut console = TestConsole::new([]);
    let done = console.run(command.unwrap(), &site.door, ["--json"]).await;
    (done, console.text())
}

#[tokio::test]
async fn it_is_rebuilt_from_the_table() {
    let copy = Arc::new(InProcess::default());
    let site = Site::sharing(&copy, |_| {});
    let mut wanted = Vec::new();
    for _ in 0..3 {
        let (refresh, _) = site.pair().await;
        blacklist(&site, &refresh).await;
        wanted.push(id(&site, &refresh));
    }
    wanted.sort();
    // One that somebody took off the table's blacklist, and one that the copy lacks.
    let gone = ("gone".to_owned(), Timestamp::from_secs(4_000_000_000));
    copy.tokens.lock().unwrap().extend([gone]);
    copy.tokens.lock().unwrap().remove(&wanted[0]);
    let (done, told) = rebuild(&site).await;
    done.unwrap();
    assert_eq!(told, "{\"removed\":3,\"written\":3}\n");
    assert_eq!(copy.ids(), wanted);
    // Tokens that have ended are nobody's business.
    site.advance(2 * 86_400);
    assert_eq!(rebuild(&site).await.1, "{\"removed\":3,\"written\":0}\n");
}

#[tokio::test]
async fn it_is_not_rebuilt_where_there_is_none_or_it_is_away() {
    let (done, _) = rebuild(&Site::new()).await;
    assert!(matches!(done, Err(Failure::Settings(told)) if told.starts_with("jwt.blacklist: ")));
    let copy = Arc::new(InProcess::default());
    copy.is_away.store(true, Ordering::Relaxed);
    let (done, _) = rebuild(&Site::sharing(&copy, |_| {})).await;
    assert!(matches!(done, Err(Failure::Command(_))));
}
