//! `secret_key`: hard to guess, and not missing.

use std::collections::BTreeSet;

use super::{Findings, Settings};

/// What HMAC-SHA256 wants of a key (RFC 7518 §3.2).
const SHORTEST: usize = 32;

/// Django's `SECRET_KEY_MIN_UNIQUE_CHARACTERS` (`django.core.checks.security.base`).
const FEWEST_CHARACTERS: usize = 5;

const REMEDY: &str = "make one with `doorward generate-key`, and put it into the settings file as `secret_key = \"…\"` \
                      or into the variable DOORWARD_SECRET_KEY";

pub(crate) fn check(settings: &Settings, found: &mut Findings) {
    let problem = weakness(settings.secret_key.expose());
    found.require(problem.is_none(), "secret_key", || {
        format!("{}; {REMEDY}", problem.unwrap_or_default())
    });
    let blank = settings
        .secret_key_fallbacks
        .iter()
        .any(|key| key.expose().trim().is_empty());
    found.require(!blank, "secret_key_fallbacks", || {
        "a blank key is in the list; take it out".to_owned()
    });
}

fn weakness(key: &str) -> Option<String> {
    if key.trim().is_empty() {
        return Some("there is no secret key".to_owned());
    }
    if key.len() < SHORTEST {
        return Some(format!(
            "it is shorter than {SHORTEST} bytes, and so can be guessed"
        ));
    }
    (!has_variety(key))
        .then(|| format!("it has fewer than {FEWEST_CHARACTERS} different characters, and so can be guessed"))
}

fn has_variety(key: &str) -> bool {
    key.chars().collect::<BTreeSet<_>>().len() >= FEWEST_CHARACTERS
}
