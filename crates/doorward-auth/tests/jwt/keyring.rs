//! Several keys at once: named in tokens, published, exchanged while requests go on.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use doorward_auth::jwt::JwtDoorExt;
use doorward_auth::jwt::TokenRules;
use doorward_core::settings::{JwtKeySettings, KeyDirectory, SecretFile, Settings};
use doorward_django::jwt::{self, Algorithm, KeyFile, Keys, TokenType, claimed_kid};
use doorward_django::secret::Secret;
use doorward_django::timestamp::Timestamp;
use http::StatusCode;
use serde_json::Value;

use super::site::{NOW, SECRET_KEY, Site, settings};

const OLD: &str = "the secret of last year, which is long enough";
const NEW: &str = "the secret of this year, which is long enough";
const JWKS: &str = "/.well-known/jwks.json";

fn listed(kid: &str, secret: &str) -> JwtKeySettings {
    let mut key = JwtKeySettings::default();
    key.kid = Some(kid.to_owned());
    key.signing_key = Some(Secret::new(secret.to_owned()));
    key
}

fn with_keys(keys: impl IntoIterator<Item = JwtKeySettings>) -> impl FnOnce(&mut Settings) {
    let keys = keys.into_iter().collect();
    |settings| settings.jwt.keys = keys
}

fn key_file(kid: &str, signs_from: Option<i64>, algorithm: Algorithm) -> (String, KeyFile) {
    let pem = jwt::generate_pem(algorithm).unwrap();
    let mut file = KeyFile::new(pem);
    file.kid = Some(kid.to_owned());
    file.algorithm = Some(algorithm);
    file.signs_from = signs_from.map(Timestamp::from_secs);
    (format!("{kid}.key"), file)
}

fn with_directory(settings: &mut Settings, files: Vec<(String, KeyFile)>) {
    let mut directory = KeyDirectory::new("keys");
    directory.fill(files);
    settings.jwt.key_directory = Some(directory);
}

async fn opens(site: &Site, token: &str) -> bool {
    let answer = site.get("/whoami/jwt/", format!("Bearer {token}")).await;
    answer.status == StatusCode::OK
}

#[tokio::test]
async fn without_a_keyring_tokens_name_no_key() {
    let site = Site::new();
    let (refresh, access) = site.pair().await;
    for token in [refresh, access] {
        assert!(
            token.starts_with("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9."),
            "{token}"
        );
    }
    site.get(JWKS, "").await.is(200, r#"{"keys":[]}"#);
}

#[tokio::test]
async fn the_first_key_signs_and_all_verify() {
    let before = Site::with(with_keys([listed("old", OLD)]));
    let site = Site::with(with_keys([listed("new", NEW), listed("old", OLD)]));
    let (_, access) = site.pair().await;
    assert_eq!(claimed_kid(access.as_bytes()).as_deref(), Some("new"));
    let old = before.forge(TokenType::Access, |_| {});
    assert!(opens(&site, &old).await && opens(&site, &access).await);
    assert!(!opens(&before, &access).await, "an unknown name is refused");
}

#[tokio::test]
async fn django_s_tokens_still_verify() {
    let django = Site::new();
    let token = django.forge(TokenType::Access, |_| {});
    let site = Site::with(with_keys([listed("new", NEW), listed("django", SECRET_KEY)]));
    assert!(opens(&site, &token).await);
    let retired = Site::with(with_keys([listed("new", NEW)]));
    assert!(!opens(&retired, &token).await);
}

#[tokio::test]
async fn names_that_lead_elsewhere_are_refused() {
    let site = Site::with(with_keys([listed("a", OLD)]));
    let signing = Keys::hs256(OLD.as_bytes()).signing;
    let good = jwt::encode(&jwt::Claims::new(), site.door.jwt(), &signing).unwrap();
    let rest = good.split_once('.').unwrap().1;
    for kid in [
        "../../../dev/null",
        "/proc/self/environ",
        "x' UNION SELECT 1 --",
        "http://evil.example/k",
    ] {
        let header = serde_json::json!({ "alg": "HS256", "kid": kid, "typ": "JWT" }).to_string();
        let header = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, header);
        assert!(!opens(&site, &format!("{header}.{rest}")).await, "{kid}");
    }
}

#[tokio::test]
async fn public_keys_are_published_and_may_be_kept() {
    let site = Site::with(|settings| {
        let files = vec![
            key_file("ec", Some(NOW), Algorithm::Es256),
            key_file("later", None, Algorithm::EdDsa),
        ];
        with_directory(settings, files);
        settings.jwt.keys = vec![listed("secret", OLD)];
    });
    let answer = site.get(JWKS, "").await;
    let set: Value = serde_json::from_str(&answer.body).unwrap();
    let names: Vec<_> = set["keys"]
        .as_array()
        .unwrap()
        .iter()
        .map(|key| &key["kid"])
        .collect();
    assert_eq!(names, ["ec", "later"]);
    assert!(!answer.body.contains("\"d\"") && !answer.body.contains("\"k\""));
    assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
    assert_eq!(answer.header("content-type"), Some("application/jwk-set+json"));
    let tag = answer.header("etag").unwrap().to_owned();
    let again = http::Request::get(JWKS).header("if-none-match", format!("W/\"x\", {tag}"));
    site.send(again, String::new()).await.is(304, "");
    let other = http::Request::get(JWKS).header("if-none-match", "\"x\"");
    assert_eq!(site.send(other, String::new()).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_key_of_a_directory_signs_from_its_time_on() {
    let site = Site::with(|settings| {
        settings.jwt.keys = vec![listed("listed", OLD)];
        let mut old = key_file("old", Some(NOW - 10), Algorithm::Es256);
        old.1.verifies_until = Some(Timestamp::from_secs(NOW + 100));
        with_directory(
            settings,
            vec![old, key_file("new", Some(NOW + 60), Algorithm::EdDsa)],
        );
    });
    let kid = |token: &str| claimed_kid(token.as_bytes()).unwrap();
    let first = site.forge(TokenType::Access, |_| {});
    assert_eq!(kid(&first), "old");
    site.advance(60);
    let second = site.forge(TokenType::Access, |_| {});
    assert_eq!(kid(&second), "new");
    assert!(opens(&site, &first).await && opens(&site, &second).await);
    site.advance(40);
    assert!(!opens(&site, &first).await && opens(&site, &second).await);
}

/// Eight callers show tokens all the time, while keys come, sign and go; a key goes when no token of its is shown
/// any more.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_rolling_rotation_rejects_no_valid_token() {
    const STEPS: usize = 9;
    let files: Vec<_> = (0..STEPS + 3)
        .map(|number| key_file(&format!("key-{number}"), Some(NOW), Algorithm::EdDsa))
        .collect();
    // Of three keys one is about to retire, one signs, and one is known before it does.
    let window = |step: usize| {
        let mut three = files[step..step + 3].to_vec();
        three[0].1.signs_from = None;
        three[2].1.signs_from = None;
        settings(|settings| with_directory(settings, three))
    };
    let first = window(0);
    let site = Arc::new(Site::with(|settings| *settings = first.clone()));
    let step = Arc::new(AtomicUsize::new(0));
    let signed: Vec<_> = (0..8).map(|_| Arc::new(AtomicUsize::new(0))).collect();
    let callers: Vec<_> = signed
        .iter()
        .map(|signed| {
            tokio::spawn(call(
                Arc::clone(&site),
                Arc::clone(&step),
                Arc::clone(signed),
                STEPS,
            ))
        })
        .collect();
    for next in 1..=STEPS {
        // As a key waits for the lifetime of the tokens that it signed.
        while signed
            .iter()
            .any(|signed| signed.load(Ordering::SeqCst) + 1 < next)
        {
            assert!(
                !callers.iter().any(tokio::task::JoinHandle::is_finished),
                "a caller failed"
            );
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        site.door.tokens().reload_keys(&window(next)).unwrap();
        step.store(next, Ordering::SeqCst);
    }
    for caller in callers {
        assert!(caller.await.unwrap() > STEPS);
    }
}

/// Signs a token and shows it, until the last step; answers how often.
async fn call(site: Arc<Site>, step: Arc<AtomicUsize>, signed: Arc<AtomicUsize>, last: usize) -> usize {
    let mut shown = 0;
    loop {
        let now = step.load(Ordering::SeqCst);
        let token = site.forge(TokenType::Access, |_| {});
        signed.store(now, Ordering::SeqCst);
        for _ in 0..3 {
            assert!(opens(&site, &token).await, "a valid token was refused");
            shown += 1;
            tokio::task::yield_now().await;
        }
        if now == last {
            return shown;
        }
    }
}

#[tokio::test]
async fn keys_that_cannot_be_used_change_nothing() {
    let site = Site::with(with_keys([listed("a", OLD)]));
    let token = site.forge(TokenType::Access, |_| {});
    let broken = settings(with_keys([listed("b", "short")]));
    assert!(site.door.tokens().reload_keys(&broken).is_err());
    assert!(opens(&site, &token).await);
}

#[track_caller]
fn refuses(change: impl FnOnce(&mut Settings), setting: &str, says: &str) {
    let error = TokenRules::new(&settings(change)).unwrap_err();
    assert_eq!(error.key(), setting, "{error}");
    assert!(error.problem().contains(says), "{error}");
    assert!(!error.to_string().contains("hunter2"), "{error}");
}

fn file(text: &str) -> Option<SecretFile> {
    let mut file = SecretFile::new("jwt.key");
    file.fill(Secret::new(text.to_owned()));
    Some(file)
}

#[test]
fn refusals_name_the_key_of_a_list() {
    let list = |keys: Vec<JwtKeySettings>| with_keys(keys);
    refuses(
        list(vec![listed("a", OLD), listed("b", "hunter2")]),
        "jwt.keys",
        "key 2: ",
    );
    refuses(list(vec![listed("a", OLD), listed("a", NEW)]), "jwt.keys", "`a`");
    let mut both = listed("a", OLD);
    both.signing_key_file = file(NEW);
    refuses(list(vec![both]), "jwt.keys", "one of the two");
    let beside = |s: &mut Settings| {
        s.jwt.keys = vec![listed("a", OLD)];
        s.jwt.signing_key = Some(Secret::new(NEW.to_owned()));
    };
    refuses(beside, "jwt.signing_key", "jwt.keys");
}

#[test]
fn refusals_name_files_and_directories() {
    let unread = |s: &mut Settings| s.jwt.key_directory = Some(KeyDirectory::new("k"));
    refuses(unread, "jwt.key_directory", "not read");
    refuses(
        |s| with_directory(s, vec![]),
        "jwt.key_directory",
        "doorward keys add",
    );
    let setting = "jwt.signing_key_file";
    refuses(
        |s| s.jwt.signing_key_file = Some(SecretFile::new("k")),
        setting,
        "not read",
    );
    refuses(|s| s.jwt.signing_key_file = file("hunter2"), setting, "32");
    let both = |s: &mut Settings| {
        s.jwt.signing_key = Some(Secret::new(OLD.to_owned()));
        s.jwt.signing_key_file = file(OLD);
    };
    refuses(both, setting, "one of the two");
    let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA==\n-----END ENCRYPTED PRIVATE KEY-----";
    let pem = |text: &'static str| {
        move |s: &mut Settings| {
            s.jwt.algorithm = "RS256".to_owned();
            s.jwt.signing_key_file = file(text);
        }
    };
    refuses(pem(encrypted), setting, "openssl pkey");
    refuses(pem("hunter2"), setting, "PEM");
}
