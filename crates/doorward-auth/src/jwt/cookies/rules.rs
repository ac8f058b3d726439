//! [`CookieRules`]: which token travels in which cookie.

use doorward_core::cookies::Attributes;
use doorward_core::settings::{SameSite, Settings, TrailingSlash};

/// Where refresh tokens are shown, by the name in `[urls]`, and its usual path.
pub(crate) const TOKEN_REFRESH: (&str, &str) = ("token_refresh", "/api/token/refresh/");
/// Where refresh tokens are taken back, as [`TOKEN_REFRESH`].
pub(crate) const TOKEN_BLACKLIST: (&str, &str) = ("token_blacklist", "/api/token/blacklist/");

/// How JSON web tokens travel in cookies (`[jwt.cookie]`).
#[derive(Clone, Debug)]
pub struct CookieRules {
    access: Option<CookieRule>,
    refresh: CookieRule,
}

/// One cookie that carries a token.
#[derive(Clone, Debug)]
pub(crate) struct CookieRule {
    pub(crate) name: String,
    pub(crate) path: String,
    domain: Option<String>,
    secure: bool,
    samesite: SameSite,
}

/// What a cookie carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Carried {
    /// The token that opens the API: access or sliding.
    Access,
    /// The token that fetches others.
    Refresh,
}

impl CookieRules {
    /// The rules of the settings; `None` where no token travels in a cookie.
    #[must_use]
    pub fn of(settings: &Settings) -> Option<Self> {
        let cookie = &settings.jwt.cookie;
        let rule = |name: &str, path: String| CookieRule {
            name: name.to_owned(),
            path,
            domain: cookie.domain.clone(),
            secure: cookie.secure,
            samesite: cookie.samesite,
        };
        let access = cookie.access_name.as_deref();
        Some(Self {
            access: access.map(|name| rule(name, cookie.path.clone())),
            refresh: rule(cookie.refresh_name.as_deref()?, refresh_path(settings)),
        })
    }

    /// The cookie that carries such a token, if one does.
    pub(crate) fn rule(&self, carried: Carried) -> Option<&CookieRule> {
        match carried {
            Carried::Access => self.access.as_ref(),
            Carried::Refresh => Some(&self.refresh),
        }
    }
}

impl CookieRule {
    pub(crate) fn attributes(&self) -> Attributes<'_> {
        Attributes {
            domain: self.domain.as_deref(),
            path: &self.path,
            httponly: true,
            secure: self.secure,
            samesite: self.samesite,
        }
    }

    /// Whether browsers send it with requests to that path (RFC 6265 §5.1.4).
    pub(crate) fn reaches(&self, path: &str) -> bool {
        let rest = path.strip_prefix(&*self.path);
        rest.is_some_and(|rest| self.path.ends_with('/') || rest.is_empty() || rest.starts_with('/'))
    }
}

/// The path of the refresh cookie: the one that is set, or the folder that its endpoints share.
pub(crate) fn refresh_path(settings: &Settings) -> String {
    if let Some(path) = &settings.jwt.cookie.refresh_path {
        return path.clone();
    }
    let places = [TOKEN_REFRESH, TOKEN_BLACKLIST].map(|(name, usual)| settings.urls.path(name, usual));
    let places = places
        .into_iter()
        .flatten()
        .map(|path| with_and_without_slash(settings, path));
    let shared = places.map(literal).reduce(shared_folder);
    shared.unwrap_or("/").to_owned()
}

/// A path without its final slash, where it may be asked for without one: as the path of a cookie it is good for both.
fn with_and_without_slash<'p>(settings: &Settings, path: &'p str) -> &'p str {
    match settings.rest.trailing_slash {
        TrailingSlash::Required => path,
        _ => TrailingSlash::None.served(path),
    }
}

/// A path up to the folder where its first parameter stands.
fn literal(path: &str) -> &str {
    match path.split_once('{') {
        None => path,
        Some((before, _)) => folder(before),
    }
}

fn shared_folder<'p>(one: &'p str, other: &str) -> &'p str {
    let alike = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b);
    one.get(..alike.count()).map_or("/", folder)
}

/// All up to the last slash, that one included.
fn folder(path: &str) -> &str {
    path.rfind('/')
        .and_then(|slash| path.get(..=slash))
        .unwrap_or("/")
}

#[cfg(test)]
mod tests {
    use super::*;
    use doorward_core::settings::UrlSetting;

    fn path_with(urls: &[(&str, UrlSetting)]) -> String {
        let mut settings = Settings::default();
        for (name, setting) in urls {
            settings.urls.0.insert((*name).to_owned(), setting.clone());
        }
        refresh_path(&settings)
    }

    fn at(path: &str) -> UrlSetting {
        UrlSetting::Path(path.to_owned())
    }

    #[test]
    fn the_refresh_cookie_reaches_its_endpoints_and_little_else() {
        let off = || UrlSetting::Switch(false);
        assert_eq!(path_with(&[]), "/api/token/");
        for (refresh, blacklist, path) in [
            (at("/auth/refresh/"), at("/auth/logout/"), "/auth/"),
            (at("/auth/refresh"), at("/auth/refresh-off"), "/auth/"),
            (at("/refresh/"), at("/logout/"), "/"),
            (at("/a/b/refresh/"), at("/a/c/refresh/"), "/a/"),
            (at("/a/"), off(), "/a/"),
            (at("/{version}/refresh/"), at("/{version}/logout/"), "/"),
            (at("/api/{version}/refresh/"), off(), "/api/"),
            (at("/é/refresh/"), at("/è/refresh/"), "/"),
            (off(), off(), "/"),
        ] {
            let urls = [("token_refresh", refresh), ("token_blacklist", blacklist)];
            assert_eq!(path_with(&urls), path);
        }
    }

    #[test]
    fn the_refresh_cookie_reaches_endpoints_that_are_asked_for_without_a_slash() {
        let at_one = |trailing_slash| {
            let mut settings = Settings::default();
            settings.rest.trailing_slash = trailing_slash;
            settings
                .urls
                .0
                .insert("token_refresh".to_owned(), at("/a/refresh/"));
            settings
                .urls
                .0
                .insert("token_blacklist".to_owned(), UrlSetting::Switch(false));
            refresh_path(&settings)
        };
        assert_eq!(at_one(TrailingSlash::Required), "/a/refresh/");
        assert_eq!(at_one(TrailingSlash::Optional), "/a/refresh");
        assert_eq!(at_one(TrailingSlash::None), "/a/refresh");
    }

    #[test]
    fn paths_match_as_in_browsers() {
        let mut settings = Settings::default();
        settings.jwt.cookie.refresh_name = Some("refresh".to_owned());
        for (path, reached, missed) in [
            ("/api/token/", "/api/token/refresh/", "/api/tokens/"),
            ("/api/token", "/api/token", "/api/tokens/"),
            ("/api/token", "/api/token/refresh/", "/api/"),
        ] {
            settings.jwt.cookie.refresh_path = Some(path.to_owned());
            let rules = CookieRules::of(&settings);
            let rule = rules.as_ref().and_then(|rules| rules.rule(Carried::Refresh));
            assert!(rule.is_some_and(|rule| rule.reaches(reached)));
            assert!(rule.is_some_and(|rule| !rule.reaches(missed)));
        }
    }
}
