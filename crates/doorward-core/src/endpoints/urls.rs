//! `[urls]`: where endpoints stand.

use super::{ENDPOINTS, FOR_SERVICES};
use crate::settings::{SettingsError, UrlSetting, UrlSettings};

/// What the ready server has besides, under the same rule.
const PAGES: [&str; 5] = ["start", "admin", "healthz", "readyz", "metrics"];

/// The path of the endpoint of that name: its usual one unless moved; `None` where it is switched off.
#[must_use]
pub fn path<'a>(urls: &'a UrlSettings, name: &str, usual: &'a str) -> Option<&'a str> {
    match urls.0.get(name) {
        None | Some(UrlSetting::Switch(true)) => Some(usual),
        Some(UrlSetting::Switch(false)) => None,
        Some(UrlSetting::Path(path)) => Some(path),
    }
}

/// Where the endpoint of that name stands; `None` where it is switched off.
pub(crate) fn place<'a>(urls: &'a UrlSettings, name: &str) -> Option<&'a str> {
    let (_, usual, _) = ENDPOINTS.iter().find(|(known, ..)| *known == name)?;
    path(urls, name, usual)
}

/// The path of an endpoint that stands nowhere unless the settings say so.
pub(super) fn path_if_named<'a>(urls: &'a UrlSettings, name: &str, usual: &'a str) -> Option<&'a str> {
    urls.0.get(name).and_then(|_| path(urls, name, usual))
}

/// Refuses names that no endpoint has, and paths that do not begin with a slash.
pub(crate) fn check(urls: &UrlSettings) -> Result<(), SettingsError> {
    for (name, setting) in &urls.0 {
        let key = format!("urls.{name}");
        if !names().any(|known| known == name) {
            let known = names().collect::<Vec<_>>().join(", ");
            return Err(SettingsError::new(
                key,
                format!("there is no such endpoint; these are: {known}"),
            ));
        }
        if let UrlSetting::Path(path) = setting
            && !path.starts_with('/')
        {
            let problem = format!("`{path}` is no path; it starts with `/`");
            return Err(SettingsError::new(key, problem));
        }
    }
    Ok(())
}

fn names() -> impl Iterator<Item = &'static str> {
    let endpoints = ENDPOINTS.iter().chain(FOR_SERVICES);
    endpoints.map(|(name, ..)| *name).chain(PAGES)
}
