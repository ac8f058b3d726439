//! Tokens that are taken back without being named: whoever is remembered as good may be one of them.

use std::time::Duration;

use doorward_core::settings::Period;
use doorward_core::stores::{
    Lineage, OutstandingToken, Predecessor, ReuseBinding, ReuseDetection, ReuseRule, Revoke, Rotation,
};
use doorward_django::secret::Secret;

use crate::site::Site;

struct Tokens(Site);

impl Tokens {
    /// Nothing is looked up again by itself.
    async fn new() -> Self {
        let long = |settings: &mut doorward_core::settings::Settings| {
            settings.cache.max_staleness = Period::from_secs(3600);
            settings.cache.max_age = Period::from_secs(3600);
        };
        Self(Site::with(long).await)
    }

    fn token(&self, jti: &str) -> OutstandingToken {
        let now = self.0.door.now();
        OutstandingToken {
            jti: jti.to_owned(),
            token: Secret::new(jti.to_owned()),
            user: Some(self.0.alice.id().clone()),
            created_at: Some(now),
            expires_at: now.saturating_add(Duration::from_secs(3600)),
        }
    }

    async fn rotate(&self, old: &str, new: &str) -> Rotation {
        let now = self.0.door.now();
        let lineage = Lineage {
            family: "0".repeat(32),
            began_at: now,
            claims: "{}".to_owned(),
            client: String::new(),
            rule: ReuseRule {
                grace: Duration::ZERO,
                binding: ReuseBinding::None,
                detection: ReuseDetection::RevokeFamily,
            },
        };
        let tokens = &self.0.door.stores().outstanding_tokens;
        let (old, new) = (self.token(old), self.token(new));
        tokens
            .rotate(old, new, Predecessor::Blacklist(lineage), now)
            .await
            .unwrap()
    }

    /// As an authenticator asks.
    async fn is_blacklisted(&self, jti: &str) -> bool {
        self.0.door.principals().is_blacklisted(jti).await.unwrap()
    }
}

#[tokio::test]
async fn those_of_a_user() {
    let tokens = Tokens::new().await;
    let stores = tokens.0.door.stores();
    stores.outstanding_tokens.record(tokens.token("a")).await.unwrap();
    assert!(!tokens.is_blacklisted("a").await);
    let (user, now) = (tokens.0.alice.id(), tokens.0.door.now());
    let revoked = stores.revocations.revoke_user(user, Revoke::JSON_WEB_TOKENS, now);
    assert_eq!(revoked.await.unwrap().blacklisted, 1);
    assert!(tokens.is_blacklisted("a").await);
}

#[tokio::test]
async fn those_of_a_family() {
    let tokens = Tokens::new().await;
    assert_eq!(tokens.rotate("a", "b").await, Rotation::Done);
    assert!(!tokens.is_blacklisted("b").await);
    let stores = &tokens.0.door.stores().outstanding_tokens;
    let revoked = stores.revoke_family(tokens.token("a"), tokens.0.door.now());
    assert_eq!(revoked.await.unwrap(), 1);
    assert!(tokens.is_blacklisted("b").await);
}

#[tokio::test]
async fn those_of_a_family_whose_token_is_shown_again() {
    let tokens = Tokens::new().await;
    assert_eq!(tokens.rotate("a", "b").await, Rotation::Done);
    assert!(!tokens.is_blacklisted("b").await);
    assert_ne!(tokens.rotate("a", "c").await, Rotation::Done);
    assert!(tokens.is_blacklisted("b").await);
}
