//! `[rest]`: what routes demand that say nothing themselves. Which rules the names stand for is found when every app has
//! brought its own.

use std::sync::Arc;

use crate::app::{App, Check, Installed, Rule, Site};
use crate::permissions::{AllowAny, IsAdminUser, IsAuthenticated, IsAuthenticatedOrReadOnly};
use crate::settings::{PermissionName, RestSettings, SettingsErrors};

const CHECKS: [Rule; 1] = [Rule {
    id: "doorward.W005",
    fails: |s| s.rest.permission == PermissionName::AllowAny,
    message: "`rest.permission` is `AllowAny`: a route that says nothing is open to everyone",
    hint: "leave it at `IsAuthenticated`, and open single routes",
}];

/// The policies of routes that say nothing themselves, and what no section belongs to.
pub(crate) struct Rest;

impl App for Rest {
    type Settings = RestSettings;
    type State = ();

    fn checks() -> Vec<Check> {
        vec![Rule::check(&CHECKS)]
    }

    fn resolve(_: RestSettings, _: &Site<'_>) -> Result<(), SettingsErrors> {
        Ok(())
    }

    fn install(_: &Arc<()>, to: &mut Installed) {
        to.permission("AllowAny", AllowAny);
        to.permission("IsAuthenticated", IsAuthenticated);
        to.permission("IsAdminUser", IsAdminUser);
        to.permission("IsAuthenticatedOrReadOnly", IsAuthenticatedOrReadOnly);
    }
}
