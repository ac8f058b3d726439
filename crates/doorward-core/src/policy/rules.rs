//! [`Rules`]: what a route's guard asks.

use std::fmt;
use std::sync::Arc;

use http::HeaderValue;

use super::{GuardedRoute, Invitation};
use crate::authentication::Authenticator;
use crate::context::{Callers, ViewKind};
use crate::door::Door;
use crate::permissions::Permission;
use crate::throttling::Throttle;

/// What a route's guard asks: its policy, and what that left unsaid from the settings.
#[derive(Debug)]
pub(crate) struct Rules {
    pub(crate) authenticators: Vec<Arc<dyn Authenticator>>,
    pub(crate) permissions: Vec<Arc<dyn Permission>>,
    /// Those that are asked before any credential is looked at.
    pub(crate) early_throttles: Vec<Arc<dyn Throttle>>,
    pub(crate) throttles: Vec<Arc<dyn Throttle>>,
    pub(crate) challenge: Option<HeaderValue>,
    pub(crate) invitation: Option<Invitation>,
}

impl Rules {
    pub(crate) fn new(door: &Door, route: &GuardedRoute) -> Self {
        let policy = route.policy.clone();
        let authenticators = policy
            .authenticators
            .unwrap_or_else(|| door.authenticators().to_vec());
        let challenger = policy.challenger.as_ref().or(authenticators.first());
        Self {
            challenge: challenger.and_then(|challenger| challenger.challenge(door)),
            authenticators,
            permissions: policy.permissions.unwrap_or_else(|| door.permissions().to_vec()),
            early_throttles: [door.throttle_rules().early(), &route.early_throttles].concat(),
            throttles: match route.kind {
                ViewKind::Api => policy.throttles.unwrap_or_else(|| door.throttles().to_vec()),
                ViewKind::Page => policy.throttles.unwrap_or_default(),
            },
            invitation: route.invitation,
        }
    }

    /// Whether anybody could tell who calls.
    pub(crate) fn callers(&self) -> Callers {
        match self.authenticators.is_empty() {
            true => Callers::Anonymous,
            false => Callers::Identified,
        }
    }
}

impl fmt::Display for Rules {
    /// In words: authenticators, permissions, and throttles where there are some.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} {:?}", self.authenticators, self.permissions)?;
        match self.throttles.is_empty() {
            true => Ok(()),
            false => write!(f, " {:?}", self.throttles),
        }
    }
}
