//! `[urls]`: where endpoints stand.

use matchit::InsertError;

use super::Endpoint;
use crate::paths::unreachable;
use crate::settings::{Findings, Settings, SettingsError, UrlSetting, UrlSettings};

/// What the ready server has besides, under the same rule.
const PAGES: [&str; 5] = ["start", "admin", "healthz", "readyz", "metrics"];

/// The path of the endpoint of that name: its usual one unless moved; `None` where it is switched off.
#[must_use]
pub fn path<'a>(urls: &'a UrlSettings, name: &str, usual: &'a str) -> Option<&'a str> {
    urls.path(name, usual)
}

/// Refuses names that no endpoint has, paths that no request has, and one path for two endpoints.
pub(crate) fn check(settings: &Settings, endpoints: &[Endpoint], found: &mut Findings) {
    for (name, setting) in &settings.urls.0 {
        found.note(known(name, endpoints));
        if let UrlSetting::Path(path) = setting {
            found.note(possible(name, path));
        }
    }
    found.note_if_new(check_places(settings, endpoints, &[]));
}

/// Whether every endpoint has a path of its own; with `more` that a program serves besides, by the name in `[urls]` and
/// the usual path.
///
/// # Errors
/// Names the key whose path another has, and that other.
pub(crate) fn check_places(
    settings: &Settings,
    endpoints: &[Endpoint],
    more: &[(&'static str, &'static str)],
) -> Result<(), SettingsError> {
    let urls = &settings.urls;
    let endpoints = endpoints
        .iter()
        .filter(|endpoint| endpoint.takes_its_path(settings))
        .filter_map(|endpoint| Some((endpoint.name, endpoint.path(urls)?)));
    let more = more
        .iter()
        .filter_map(|(name, usual)| Some((*name, path(urls, name, usual)?)));
    let mut places: Vec<_> = endpoints.chain(more).collect();
    // What was moved is at fault, not what stands where it always does.
    places.sort_by_key(|(name, _)| matches!(urls.0.get(*name), Some(UrlSetting::Path(_))));
    apart(&places)
}

fn apart(places: &[(&str, &str)]) -> Result<(), SettingsError> {
    let mut taken = matchit::Router::new();
    for (name, path) in places {
        let Err(error) = taken.insert(*path, ()) else {
            continue;
        };
        let problem = match error {
            InsertError::Conflict { with } => {
                let other = places.iter().find(|(_, path)| *path == with);
                let other = other.map_or("", |(name, _)| name);
                format!(
                    "`{path}` is the path of `urls.{other}` too; move one of them, or switch it off with `false`"
                )
            }
            other => format!("`{path}` is no path: {other}"),
        };
        return Err(SettingsError::new(format!("urls.{name}"), problem));
    }
    Ok(())
}

fn known(name: &str, endpoints: &[Endpoint]) -> Result<(), SettingsError> {
    let known: Vec<_> = endpoints
        .iter()
        .map(|endpoint| endpoint.name)
        .chain(PAGES)
        .collect();
    if known.contains(&name) {
        return Ok(());
    }
    let known = known.join(", ");
    let problem = format!("there is no such endpoint; these are: {known}");
    Err(SettingsError::new(format!("urls.{name}"), problem))
}

fn possible(name: &str, path: &str) -> Result<(), SettingsError> {
    match unreachable(path) {
        None => Ok(()),
        Some(reason) => {
            let problem = format!("`{}` is no path: {reason}", path.escape_debug());
            Err(SettingsError::new(format!("urls.{name}"), problem))
        }
    }
}
