//! Django's deployment checks that apply (`django.core.checks.security`), under their ids.

use std::collections::BTreeSet;

use super::{CheckMessage, Level};
use crate::app::Rule;
use crate::settings::Settings;

/// `SECRET_KEY_MIN_LENGTH`
const MIN_LENGTH: usize = 50;
/// `SECRET_KEY_MIN_UNIQUE_CHARACTERS`
const MIN_UNIQUE_CHARACTERS: usize = 5;
/// `SECRET_KEY_INSECURE_PREFIX`
const INSECURE_PREFIX: &str = "django-insecure-";

const NEW_KEY: &str = "make a key with `doorward generate-key`; older ones stand in `secret_key_fallbacks` until \
                       the last session has ended";

pub(super) fn check(settings: &Settings) -> Vec<CheckMessage> {
    let rules = COOKIES.iter().chain(&PAGES);
    let found = rules.filter_map(|rule| rule.message(settings));
    found.chain(weak_fallbacks(settings)).collect()
}

const COOKIES: [Rule; 1] = [Rule {
    id: "security.W009",
    fails: |s| is_weak(s.secret_key.expose()),
    message: "`secret_key` has fewer than 50 characters or 5 different ones, or Django made it for development",
    hint: NEW_KEY,
}];

const PAGES: [Rule; 1] = [Rule {
    id: "security.W018",
    fails: |s| s.debug,
    message: "`debug` is on: refusals tell strangers what they lack",
    hint: "turn it off",
}];

fn weak_fallbacks(settings: &Settings) -> impl Iterator<Item = CheckMessage> {
    let keys = settings.secret_key_fallbacks.iter().enumerate();
    keys.filter(|(_, key)| is_weak(key.expose())).map(|(index, _)| {
        let message = format!("`secret_key_fallbacks[{index}]` can be guessed, and still verifies");
        CheckMessage::new("security.W025", Level::Warning, message, "take it out")
    })
}

/// `_check_secret_key`
fn is_weak(key: &str) -> bool {
    key.chars().count() < MIN_LENGTH
        || key.chars().collect::<BTreeSet<_>>().len() < MIN_UNIQUE_CHARACTERS
        || key.starts_with(INSECURE_PREFIX)
}
