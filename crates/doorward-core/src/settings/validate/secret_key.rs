//! `secret_key`: hard to guess, and not missing.

use std::collections::BTreeSet;

use super::{Checked, Settings, require};

/// What HMAC-SHA256 wants of a key (RFC 7518 §3.2).
const SHORTEST: usize = 32;

/// Django's `SECRET_KEY_MIN_UNIQUE_CHARACTERS` (`django.core.checks.security.base`).
const FEWEST_CHARACTERS: usize = 5;

const REMEDY: &str = "make one with `doorward generate-key`, and put it into the settings file as `secret_key = \"…\"` \
                      or into the variable DOORWARD_SECRET_KEY";

pub(super) fn check(settings: &Settings) -> Checked {
    let key = settings.secret_key.expose();
    require(!key.trim().is_empty(), "secret_key", || {
        format!("there is no secret key; {REMEDY}")
    })?;
    require(key.len() >= SHORTEST, "secret_key", || {
        format!("it is shorter than {SHORTEST} bytes, and so can be guessed; {REMEDY}")
    })?;
    require(has_variety(key), "secret_key", || {
        format!("it has fewer than {FEWEST_CHARACTERS} different characters, and so can be guessed; {REMEDY}")
    })?;
    let blank = settings
        .secret_key_fallbacks
        .iter()
        .any(|key| key.expose().trim().is_empty());
    require(!blank, "secret_key_fallbacks", || {
        "a blank key is in the list; take it out".to_owned()
    })
}

fn has_variety(key: &str) -> bool {
    key.chars().collect::<BTreeSet<_>>().len() >= FEWEST_CHARACTERS
}
