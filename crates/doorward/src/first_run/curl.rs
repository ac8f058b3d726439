//! Lines for a shell that call the server in each of its ways, and work as they are pasted.

use doorward::endpoints;
use doorward::settings::{AuthenticatorName, Settings, TokenSettings};

use super::{PASSWORD, SUPERUSER};
use crate::self_signed;

/// Where curl keeps the session.
const COOKIES: &str = "doorward.cookies";

/// A paragraph for each way to authenticate that the settings have.
pub(super) fn lines(settings: &Settings, base: &str) -> Vec<String> {
    let Some(profile) = endpoints::path(&settings.urls, "profile", "/api/profile/") else {
        return Vec::new();
    };
    let site = Site {
        settings,
        curl: curl(settings),
        base,
        profile: format!("{base}{profile}"),
    };
    let ways = settings.rest.authentication.iter();
    ways.filter_map(|way| site.line(way)).collect()
}

struct Site<'s> {
    settings: &'s Settings,
    curl: String,
    base: &'s str,
    profile: String,
}

impl Site<'_> {
    fn line(&self, way: &AuthenticatorName) -> Option<String> {
        match way {
            AuthenticatorName::Basic => Some(self.basic()),
            AuthenticatorName::Session => self.session(),
            AuthenticatorName::Token => self.token(),
            AuthenticatorName::Jwt => self.jwt(),
            _ => None,
        }
    }

    fn basic(&self) -> String {
        let (curl, profile) = (&self.curl, &self.profile);
        format!("# Basic\n{curl} -u \"{SUPERUSER}:$(cat {PASSWORD})\" {profile}")
    }

    /// The form gives a CSRF cookie, the login wants it back in a header.
    fn session(&self) -> Option<String> {
        let login = self.address("login", "/api-auth/login/")?;
        let (curl, profile) = (&self.curl, &self.profile);
        let (cookie, header) = (&self.settings.csrf.cookie_name, csrf_header(self.settings));
        let (data, referer) = (form(), self.referer(&login));
        Some(format!(
            "# Session\n\
             (umask 077; {curl} -sS -o /dev/null -c {COOKIES} {login})\n\
             {curl} -sS -o /dev/null -b {COOKIES} -c {COOKIES} {referer}\
             -H \"{header}: $(awk '$6 == \"{cookie}\" {{print $7}}' {COOKIES})\" {data} {login}\n\
             {curl} -b {COOKIES} {profile}"
        ))
    }

    fn token(&self) -> Option<String> {
        let obtain = self.address("obtain_auth_token", "/api-token-auth/")?;
        let keyword = &self.settings.section::<TokenSettings>().keyword;
        Some(self.with_credential("Token", "Authorization", keyword, &obtain, "token"))
    }

    fn jwt(&self) -> Option<String> {
        let obtain = self.address("token_obtain_pair", "/api/token/")?;
        let jwt = &self.settings.jwt;
        let header = header_name(&jwt.auth_header_name);
        let word = jwt.auth_header_types.first()?;
        Some(self.with_credential("JWT", &header, word, &obtain, "access"))
    }

    /// Obtains a credential with the password, and calls with it.
    fn with_credential(&self, title: &str, header: &str, word: &str, obtain: &str, field: &str) -> String {
        let (curl, profile, data) = (&self.curl, &self.profile, form());
        format!(
            "# {title}\n\
             {curl} -H \"{header}: {word} $({curl} -sS {data} {obtain} | \
             sed 's/.*\"{field}\":\"\\([^\"]*\\)\".*/\\1/')\" {profile}"
        )
    }

    /// The CSRF check asks for it over TLS.
    fn referer(&self, login: &str) -> String {
        match self.base.starts_with("https:") {
            true => format!("-e {login} "),
            false => String::new(),
        }
    }

    fn address(&self, name: &str, usual: &str) -> Option<String> {
        let path = endpoints::path(&self.settings.urls, name, usual)?;
        Some(format!("{}{path}", self.base))
    }
}

/// A certificate that signs itself has to be named.
fn curl(settings: &Settings) -> String {
    match self_signed::is_used(settings) {
        true => format!("curl --cacert {}", self_signed::CERTIFICATE),
        false => "curl".to_owned(),
    }
}

fn form() -> String {
    format!("-d username={SUPERUSER} --data-urlencode \"password=$(cat {PASSWORD})\"")
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
