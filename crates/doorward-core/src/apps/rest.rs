//! `[rest]`: what routes demand that say nothing themselves. Which rules the names stand for is found when every app has
//! brought its own.

use std::sync::Arc;

use crate::app::{App, Check, Installed, Rule, Site};
use crate::door::Door;
use crate::exception_handler::ProblemDetails;
use crate::permissions::{
    AllowAny, IsAdminUser, IsAuthenticated, IsAuthenticatedOrReadOnly, Readers, RouteModelPermissions,
};
use crate::settings::{Findings, PermissionName, RestSettings, Settings, SettingsErrors};

const CHECKS: [Rule; 1] = [Rule {
    id: "doorward.W005",
    fails: is_open,
    message: "`rest.permission` is `AllowAny`: a route that says nothing is open to everyone",
    hint: "leave it at `IsAuthenticated`, and open single routes",
}];

/// Nothing is asked, or what grants whatever comes.
fn is_open(settings: &Settings) -> bool {
    let mut permissions = settings.rest.permission.as_slice().iter();
    permissions.all(|name| *name == PermissionName::AllowAny)
}

/// The policies of routes that say nothing themselves, and what no section belongs to.
pub(crate) struct Rest;

/// The backends that Django has besides (`AUTHENTICATION_BACKENDS`), by their paths.
#[derive(Debug)]
pub(crate) struct SessionBackends {
    accepted: Vec<String>,
    /// What logins here are written under; the path of who knew the password where there is none.
    written: Option<String>,
}

impl Door {
    /// Whether a session counts that a backend of that dotted path opened, which is none of the door's own.
    #[must_use]
    pub fn accepts_sessions_of(&self, path: &str) -> bool {
        self.app::<Rest>().accepted.iter().any(|known| known == path)
    }

    /// The path under which a login by that backend is written into a session: its own, unless `rest.session_backend` names
    /// another.
    #[must_use]
    pub fn session_backend<'a>(&'a self, own: &'a str) -> &'a str {
        self.app::<Rest>().written.as_deref().unwrap_or(own)
    }
}

impl App for Rest {
    type Settings = RestSettings;
    type State = SessionBackends;

    fn checks() -> Vec<Check> {
        vec![Rule::check(&CHECKS)]
    }

    fn resolve(settings: RestSettings, _: &Site<'_>) -> Result<SessionBackends, SettingsErrors> {
        Findings::of(|found| {
            let paths = settings.session_backends;
            let is_path = |path: &String| path.contains('.') && !path.contains(char::is_whitespace);
            found.require(paths.iter().all(is_path), "rest.session_backends", || {
                "dotted paths, such as `django.contrib.auth.backends.ModelBackend`".to_owned()
            });
            let written = settings.session_backend;
            let is_accepted = written.as_ref().is_none_or(|written| paths.contains(written));
            found.require(is_accepted, "rest.session_backend", || {
                "one of `rest.session_backends`".to_owned()
            });
            Some(SessionBackends {
                accepted: paths,
                written,
            })
        })
    }

    fn install(_: &Arc<SessionBackends>, to: &mut Installed) {
        to.exception_handler("problem_details", ProblemDetails);
        to.permission("AllowAny", AllowAny);
        to.permission("IsAuthenticated", IsAuthenticated);
        to.permission("IsAdminUser", IsAdminUser);
        to.permission("IsAuthenticatedOrReadOnly", IsAuthenticatedOrReadOnly);
        let of_route = |readers| RouteModelPermissions { readers };
        to.permission("DjangoModelPermissions", of_route(Readers::Identified));
        to.permission(
            "DjangoModelPermissionsOrAnonReadOnly",
            of_route(Readers::Everyone),
        );
    }
}
