//! A fault that comes after a password was found wrong: who can bring it about must not guess for nothing.

use doorward_auth::backends::{AskElsewhere, Outcome};
use doorward_core::{ApiException, Result};
use http::StatusCode;

use crate::site::{PASSWORD, Site};

/// A directory that is away.
async fn away() -> Result<Outcome> {
    Err(ApiException::service_unavailable(std::time::Duration::from_secs(
        1,
    )))
}

/// The statuses of four attempts from four addresses.
async fn statuses(site: &Site, username: &str, password: &str) -> Vec<u16> {
    let mut statuses = Vec::new();
    for number in 1..=4 {
        let client = site.at(&format!("203.0.113.{number}"));
        statuses.push(client.token(username, password).await.status.as_u16());
    }
    statuses
}

#[tokio::test]
async fn a_wrong_password_counts_though_the_next_backend_fails() {
    let site = Site::and_then(AskElsewhere::new("tests.Directory", |_, _, _| away()));
    assert_eq!(statuses(&site, "alice", "wrong").await, [503, 503, 503, 429]);
    assert_eq!(statuses(&site, "nobody", "wrong").await, [503, 503, 503, 429]);
    let right = site.at("203.0.113.9").token("bob", PASSWORD).await;
    assert_eq!(right.status, StatusCode::OK);
}

#[tokio::test]
async fn a_padded_password_counts_though_the_second_reading_fails() {
    let site = Site::and_then(AskElsewhere::new(
        "tests.Directory",
        |_, _, password| async move {
            match password.expose().ends_with(' ') {
                true => Ok(Outcome::NotMine),
                false => away().await,
            }
        },
    ));
    assert_eq!(statuses(&site, "alice", "guess ").await, [503, 503, 503, 429]);
}
