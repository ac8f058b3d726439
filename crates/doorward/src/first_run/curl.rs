//! Lines for a shell that call the server in each of its ways, and work as they are pasted.

use doorward_auth::endpoints;
use doorward_core::router::RouteInfo;

use super::welcome::Certificate;
use super::{PASSWORD_FILE, SUPERUSER};
use crate::settings::{AuthenticatorName, Settings, TokenSettings};

/// Where curl keeps the session.
const COOKIES: &str = "doorward.cookies";

/// What is called, and with which curl.
pub(super) struct Site<'s> {
    settings: &'s Settings,
    base: &'s str,
    routes: &'s [RouteInfo],
    curl: String,
}

impl<'s> Site<'s> {
    pub(super) fn new(
        settings: &'s Settings,
        base: &'s str,
        routes: &'s [RouteInfo],
        certificate: Option<Certificate<'_>>,
    ) -> Self {
        Self {
            settings,
            base,
            routes,
            curl: curl(certificate),
        }
    }

    /// A paragraph for each way to authenticate that the settings have, where the routes for it are there.
    pub(super) fn lines(&self) -> Vec<String> {
        let ways = self.settings.rest.authentication.iter();
        ways.filter_map(|way| self.line(way)).collect()
    }

    fn line(&self, way: &AuthenticatorName) -> Option<String> {
        match way {
            AuthenticatorName::Basic => self.basic(),
            AuthenticatorName::Session => self.session(),
            AuthenticatorName::Token => self.token(),
            AuthenticatorName::Jwt => self.jwt(),
            _ => None,
        }
    }

    fn basic(&self) -> Option<String> {
        let (curl, target) = (&self.curl, self.target("BasicAuthentication")?);
        Some(format!(
            "# Basic\n{curl} -u \"{SUPERUSER}:$(cat {PASSWORD_FILE})\" {target}"
        ))
    }

    /// The form gives a CSRF cookie, the login wants it back in a header.
    fn session(&self) -> Option<String> {
        let login = self.address("login", "/api-auth/login/")?;
        let (curl, target) = (&self.curl, self.target("SessionAuthentication")?);
        let (cookie, header) = (&self.settings.csrf.cookie_name, csrf_header(self.settings));
        let (data, referer) = (form(), self.referer(&login));
        Some(format!(
            "# Session\n\
             (umask 077; {curl} -sS -o /dev/null -c {COOKIES} {login})\n\
             {curl} -sS -o /dev/null -b {COOKIES} -c {COOKIES} {referer}\
             -H \"{header}: $(awk '$6 == \"{cookie}\" {{print $7}}' {COOKIES})\" {data} {login}\n\
             {curl} -b {COOKIES} {target}"
        ))
    }

    fn token(&self) -> Option<String> {
        let obtain = self.address("obtain_auth_token", "/api-token-auth/")?;
        let (keyword, target) = (
            &self.settings.section::<TokenSettings>().keyword,
            self.target("TokenAuthentication")?,
        );
        let header = format!("Authorization: {keyword}");
        Some(self.with_credential("Token", &header, &obtain, "token", &target))
    }

    fn jwt(&self) -> Option<String> {
        let obtain = self.address("token_obtain_pair", "/api/token/")?;
        let target = self.target("JwtAuthentication")?;
        let jwt = &self.settings.jwt;
        let word = jwt.auth_header_types.first()?;
        let header = format!("{}: {word}", header_name(&jwt.auth_header_name));
        Some(self.with_credential("JWT", &header, &obtain, "access", &target))
    }

    /// Obtains a credential with the password, and calls with it.
    fn with_credential(&self, title: &str, header: &str, obtain: &str, field: &str, target: &str) -> String {
        let (curl, data) = (&self.curl, form());
        format!(
            "# {title}\n\
             {curl} -H \"{header} $({curl} -sS {data} {obtain} | \
             sed 's/.*\"{field}\":\"\\([^\"]*\\)\".*/\\1/')\" {target}"
        )
    }

    /// The CSRF check asks for it over TLS.
    fn referer(&self, login: &str) -> String {
        match self.base.starts_with("https:") {
            true => format!("-e {login} "),
            false => String::new(),
        }
    }

    /// What a caller with that authenticator may read: the profile, or the first route that is as simple.
    fn target(&self, authenticator: &str) -> Option<String> {
        let profile = endpoints::api_path(self.settings, "profile", "/api/profile/");
        let profile = self
            .routes
            .iter()
            .find(|route| Some(route.path.as_str()) == profile);
        let fits = |route: &&RouteInfo| is_simple(route) && takes(route, authenticator);
        let route = profile.or_else(|| self.routes.iter().find(fits))?;
        Some(format!("{}{}", self.base, route.path))
    }

    /// Where an endpoint of the library is, if it is served.
    fn address(&self, name: &str, usual: &str) -> Option<String> {
        let path = endpoints::path(&self.settings.urls, name, usual)?;
        let of_api = endpoints::api_path(self.settings, name, usual)?;
        let mut routes = self.routes.iter();
        let served = routes.find(|route| route.path == path || route.path == of_api)?;
        Some(format!("{}{}", self.base, served.path))
    }
}

/// Whether a superuser may read it as it stands: its path has no parameter, and it asks no more than who calls.
fn is_simple(route: &RouteInfo) -> bool {
    let asks_little = |permission: &String| ["IsAuthenticated", "IsAdminUser"].contains(&permission.as_str());
    let is_read = route.methods.iter().any(|method| method == "GET");
    let is_guarded = !route.permissions.is_empty() && route.permissions.iter().all(asks_little);
    is_read && is_guarded && !route.path.contains('{')
}

/// Whether that authenticator is asked there; a name may have a keyword after it.
fn takes(route: &RouteInfo, authenticator: &str) -> bool {
    let mut asked = route.authenticators.iter();
    asked.any(|name| name.split('(').next() == Some(authenticator))
}

/// A certificate that signs itself has to be named.
fn curl(certificate: Option<Certificate<'_>>) -> String {
    match certificate {
        Some(Certificate { file, .. }) => format!("curl --cacert {file}"),
        None => "curl".to_owned(),
    }
}

fn form() -> String {
    format!("-d username={SUPERUSER} --data-urlencode \"password=$(cat {PASSWORD_FILE})\"")
}

fn csrf_header(settings: &Settings) -> String {
    header_name(&settings.csrf.header_name)
}

/// A header's name as requests have it: WSGI's `HTTP_X_CSRFTOKEN` is `X-Csrftoken`.
fn header_name(setting: &str) -> String {
    let Some(name) = setting.strip_prefix("HTTP_") else {
        return setting.to_owned();
    };
    let words: Vec<_> = name.split('_').map(capitalised).collect();
    words.join("-")
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    first
        .into_iter()
        .chain(letters.map(|letter| letter.to_ascii_lowercase()))
        .collect()
}
