//! [`Logins`]: where a login and a logout lead, and what they add to a door.

use std::sync::Arc;
use std::time::Duration;

use super::{SessionAuthentication, engine, login, logout, redirects};
use doorward_core::app::{App, Check, Endpoint, Installed, Rule, Site};
#[cfg(feature = "commands")]
use doorward_core::command::Command;
use doorward_core::door::Door;
use doorward_core::expired::Expired;
use doorward_core::sessions;
use doorward_core::settings::validate::cookie::Cookie;
use doorward_core::settings::validate::periods::{self, Least};
use doorward_core::settings::{Findings, SessionEngine, SessionSettings, SettingsErrors};

/// Logging in and out in a browser (`[session]`).
#[derive(Debug)]
pub(crate) struct Logins {
    /// Where a login leads that names no safe address itself (`LOGIN_REDIRECT_URL`).
    pub(super) login_redirect: Option<String>,
    /// The same for a logout (`LOGOUT_REDIRECT_URL`).
    pub(super) logout_redirect: Option<String>,
    /// How often sessions that have expired are deleted; never where that is zero.
    flush_interval: Duration,
}

/// Sessions.
pub(crate) const EXPIRED: Expired = Expired::new("sessions", Door::now, sessions::delete_expired);

/// Where browsers log in.
const LOGIN: (&str, &str) = ("login", "/api-auth/login/");

const CHECKS: [Rule; 3] = [
    Rule {
        id: "security.W012",
        fails: |s| !s.session.cookie_secure,
        message: "`session.cookie_secure` is off: the session cookie goes over plain HTTP too",
        hint: "turn it on",
    },
    Rule {
        id: "security.W015",
        fails: |s| !s.session.cookie_httponly,
        message: "`session.cookie_httponly` is off: scripts can read the session cookie",
        hint: "leave it on",
    },
    Rule {
        id: "doorward.W019",
        fails: |s| s.session.engine == SessionEngine::SignedCookies,
        message: "`session.engine` is `signed_cookies`: a logout takes the cookie from one browser, and whoever copied it \
                  stays logged in until `session.cookie_age` is over or the password changes; visitors can read what \
                  is in their sessions",
        hint: "use `db`, or `cached_db`",
    },
];

impl App for Logins {
    type Settings = SessionSettings;
    type State = Self;

    fn checks() -> Vec<Check> {
        vec![Rule::check(&CHECKS)]
    }

    #[cfg(feature = "commands")]
    fn commands() -> Vec<Command> {
        vec![super::clearsessions::command()]
    }

    fn login_endpoints() -> &'static [(&'static str, &'static str)] {
        &[LOGIN]
    }

    fn resolve(session: SessionSettings, site: &Site<'_>) -> Result<Self, SettingsErrors> {
        Findings::of(|found| {
            let age = ("session.cookie_age", session.cookie_age, periods::END_COOKIES);
            periods::lives([age], found);
            let interval = ("session.flush_interval", session.flush_interval, Least::Zero);
            periods::waits([interval], found);
            cookie(&session).check(found);
            redirects::check(&session, found);
            engine::check(&session, site.settings().redis.url.is_some(), found);
            Some(Self {
                login_redirect: session.login_redirect,
                logout_redirect: session.logout_redirect,
                flush_interval: session.flush_interval.duration(),
            })
        })
    }

    fn install(state: &Arc<Self>, to: &mut Installed) {
        to.chore(EXPIRED.chore(state.flush_interval));
        to.authenticator("session", SessionAuthentication);
        to.endpoint(Endpoint::new(LOGIN.0, LOGIN.1, login).with_stores());
        to.endpoint(Endpoint::new("logout", "/api-auth/logout/", logout).with_stores());
    }
}

fn cookie(session: &SessionSettings) -> Cookie<'_> {
    Cookie {
        keys: "session.cookie_",
        name_key: "name",
        path_key: "path",
        name: &session.cookie_name,
        secure: session.cookie_secure,
        samesite: session.cookie_samesite,
        domain: session.cookie_domain.as_deref(),
        path: &session.cookie_path,
    }
}
