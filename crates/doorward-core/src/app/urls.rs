//! `[urls]`: where endpoints stand.

use matchit::InsertError;

use super::Endpoint;
use crate::paths::unreachable;
use crate::settings::{Findings, Settings, SettingsError, UrlSetting, UrlSettings};

/// The path of the endpoint of that name: its usual one unless moved; `None` where it is switched off.
#[must_use]
pub fn path<'a>(urls: &'a UrlSettings, name: &str, usual: &'a str) -> Option<&'a str> {
    urls.path(name, usual)
}

/// The same for an endpoint of the API, as it is served (`rest.trailing_slash`).
#[must_use]
pub fn api_path<'a>(settings: &'a Settings, name: &str, usual: &'a str) -> Option<&'a str> {
    let path = settings.urls.path(name, usual)?;
    Some(settings.rest.trailing_slash.served(path))
}

/// Refuses paths that no request has.
pub(crate) fn check_paths(settings: &Settings, found: &mut Findings) {
    for (name, setting) in &settings.urls.0 {
        if let UrlSetting::Path(path) = setting {
            found.note(possible(name, path));
        }
    }
}

/// Refuses names that no endpoint has, and one path for two endpoints.
pub(crate) fn check(settings: &Settings, endpoints: &[Endpoint], found: &mut Findings) {
    for name in settings.urls.0.keys() {
        found.note(known(name, endpoints));
    }
    found.note_if_new(check_places(settings, endpoints));
}

/// Whether every endpoint has a path of its own. Names the key whose path another has, and that other.
fn check_places(settings: &Settings, endpoints: &[Endpoint]) -> Result<(), SettingsError> {
    let urls = &settings.urls;
    let endpoints = endpoints
        .iter()
        .filter(|endpoint| endpoint.takes_its_path(settings))
        .filter_map(|endpoint| Some((endpoint.name, endpoint.path(urls)?)));
    let mut places: Vec<_> = endpoints.collect();
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
    let known: Vec<_> = endpoints.iter().map(|endpoint| endpoint.name).collect();
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
