//! `[urls]`: endpoints are moved and switched off.

use std::sync::Arc;

use doorward_core::Door;
use doorward_core::settings::{Settings, UrlSetting};
use doorward_testing::TestDatabase;

use super::site::settings;

fn open(change: impl FnOnce(&mut Settings)) -> Result<Arc<Door>, String> {
    let door = Door::new(settings(change), TestDatabase::new().stores());
    door.map(Arc::new).map_err(|error| error.to_string())
}

fn paths(change: impl FnOnce(&mut Settings)) -> Vec<String> {
    let door = open(change).unwrap();
    door.endpoints()
        .routes()
        .into_iter()
        .map(|route| route.path)
        .collect()
}

fn set(settings: &mut Settings, name: &str, setting: UrlSetting) {
    settings.urls.0.insert(name.to_owned(), setting);
}

#[test]
fn endpoints_stand_where_django_projects_have_them() {
    assert_eq!(
        paths(|_| {}),
        [
            "/.well-known/jwks.json",
            "/api-auth/login/",
            "/api-auth/logout/",
            "/api-token-auth/",
            "/api/password/change/",
            "/api/profile/",
            "/api/token/",
            "/api/token/blacklist/",
            "/api/token/refresh/",
            "/api/token/revoke-all/",
            "/api/token/sliding/",
            "/api/token/sliding/refresh/",
            "/api/token/verify/",
        ]
    );
}

#[test]
fn endpoints_can_be_moved_and_switched_off() {
    let paths = paths(|settings| {
        set(
            settings,
            "token_obtain_pair",
            UrlSetting::Path("/jwt/create/".to_owned()),
        );
        set(settings, "token_obtain_sliding", UrlSetting::Switch(false));
        set(settings, "token_verify", UrlSetting::Switch(true));
    });
    let has = |path: &str| paths.iter().any(|known| known == path);
    assert!(has("/jwt/create/") && has("/api/token/verify/"));
    assert!(!has("/api/token/") && !has("/api/token/sliding/"));
}

#[test]
fn unknown_names_and_odd_paths_stop_the_start() {
    let error = open(|settings| set(settings, "token_obtain", UrlSetting::Switch(false))).unwrap_err();
    assert!(
        error.starts_with("urls.token_obtain: ") && error.contains("token_obtain_pair"),
        "{error}"
    );
    let error = open(|settings| set(settings, "profile", UrlSetting::Path("me/".to_owned()))).unwrap_err();
    assert!(error.starts_with("urls.profile: `me/`"), "{error}");
}
