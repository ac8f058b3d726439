//! The names of all cookies, which differ.

use crate::app::NamedCookie;
use crate::settings::{Findings, Settings};

/// Refuses names that two cookies have. Those of apps stand beside what they are called in a message, and are theirs.
pub(super) fn check(settings: &Settings, of_apps: &[NamedCookie], found: &mut Findings) {
    let cookie = &settings.jwt.cookie;
    let names = [
        ("session.cookie_name", Some(&settings.session.cookie_name)),
        ("csrf.cookie_name", Some(&settings.csrf.cookie_name)),
        ("jwt.cookie.refresh_name", cookie.refresh_name.as_ref()),
        ("jwt.cookie.access_name", cookie.access_name.as_ref()),
    ];
    let mut taken = of_apps.to_vec();
    for (key, name) in names {
        let Some(name) = name.map(String::as_str) else {
            continue;
        };
        if let Some((other, _)) = taken.iter().find(|(_, taken)| *taken == name) {
            found.require(false, key, || format!("`{other}` has that name too"));
        }
        taken.push((key, name));
    }
}
