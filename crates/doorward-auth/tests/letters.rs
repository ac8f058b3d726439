//! E-mails whose mail server is away, or refuses them.

mod browser;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use browser::log::Log;
use browser::{Site, settings};
use doorward_auth::mail::{EmailMessage, MailError, MailSettings, Mailer, Undeliverable};
use doorward_auth::mail::{MailBuilderExt, MailDoorExt};
use doorward_core::answer::Answer;
use http::StatusCode;
use serde_json::json;
use tokio::time::timeout;

/// How a mail server is today, and how often it was asked.
#[derive(Clone, Debug)]
struct Post(Arc<Mutex<(Weather, usize)>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Weather {
    Away,
    Refuses,
    Fine,
}

impl Post {
    fn new(weather: Weather) -> Self {
        Self(Arc::new(Mutex::new((weather, 0))))
    }

    fn becomes(&self, weather: Weather) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).0 = weather;
    }

    /// Waits for the first try, and for what is done after it.
    async fn is_asked(&self) {
        let asked = async {
            while self.tries() == 0 {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
        };
        timeout(Duration::from_secs(10), asked).await.expect("an e-mail");
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
    }

    fn tries(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).1
    }
}

impl Mailer for Post {
    fn send<'a>(&'a self, email: &'a EmailMessage) -> Answer<'a, Result<(), MailError>> {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        state.1 += 1;
        let words = format!("mailbox <{}> is not available", email.to);
        Answer::ready(match state.0 {
            Weather::Fine => Ok(()),
            Weather::Away => Err(words.into()),
            Weather::Refuses => Err(Undeliverable(words.into()).into()),
        })
    }
}

/// A site where Alice has asked for a link, and what it logs. Every test here listens: whether a line is made is decided
/// for all threads by the first one.
async fn asked(post: &Post) -> (Site, Log) {
    let log = Log::start();
    let mut settings = settings();
    settings.section_mut::<MailSettings>().reset_url =
        Some("https://shop.example/reset/{uid}/{token}/".to_owned());
    let site = Site::given(settings, |builder| builder.mailer(post.clone()));
    let page = site
        .browser()
        .post("/api/password/reset/", &json!({ "email": "alice@example.com" }))
        .await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    post.is_asked().await;
    (site, log)
}

#[tokio::test]
async fn a_letter_that_could_not_be_sent_is_tried_again() {
    let post = Post::new(Weather::Away);
    let (site, _log) = asked(&post).await;
    assert_eq!(post.tries(), 1);
    post.becomes(Weather::Fine);
    site.door.finish_emails().await;
    assert_eq!(post.tries(), 2);
    site.door.finish_emails().await;
    assert_eq!(post.tries(), 2, "what was sent is sent once");
}

#[tokio::test]
async fn a_letter_that_was_refused_for_good_is_not() {
    let post = Post::new(Weather::Refuses);
    let (site, _log) = asked(&post).await;
    site.door.finish_emails().await;
    assert_eq!(post.tries(), 1);
}

#[tokio::test]
async fn at_the_end_each_letter_is_tried_once_more_and_no_further() {
    let post = Post::new(Weather::Away);
    let (site, _log) = asked(&post).await;
    site.door.finish_emails().await;
    assert_eq!(post.tries(), 2);
}

#[tokio::test]
async fn no_line_of_the_log_names_a_recipient() {
    let post = Post::new(Weather::Away);
    let (site, log) = asked(&post).await;
    site.door.finish_emails().await;
    let lines = log.lines().join("\n");
    assert!(
        lines.contains("is tried again") && lines.contains("is given up"),
        "{lines}"
    );
    assert!(!lines.contains("alice@example.com"), "{lines}");
}
