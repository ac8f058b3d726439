//! [`Jwt`]: JSON web tokens as an app.

use std::sync::Arc;

use super::checks::CHECKS;
use super::cookies::{TOKEN_BLACKLIST, TOKEN_REFRESH};
use super::endpoints::*;
use super::schemes::*;
use super::{JwtDoorExt, OwnClaims, TokenRules, resource_server};
use doorward_core::app::{App, Check, Endpoint, Installed, Rule, Site};
#[cfg(feature = "commands")]
use doorward_core::command::Command;
use doorward_core::entropy::Entropy;
use doorward_core::expired::Expired;
use doorward_core::settings::{JwtSettings, Settings, SettingsError, SettingsErrors};
use doorward_core::stores::SharedBlacklist;

/// Outstanding tokens, with what is blacklisted of them.
pub(crate) const EXPIRED: Expired = Expired::new(
    "tokens",
    |door| door.tokens().ended(door.now()),
    |door, until, at_most| door.stores().outstanding_tokens.delete_expired(until, at_most),
);

/// Where a pair of tokens is obtained.
const OBTAIN_PAIR: (&str, &str) = ("token_obtain_pair", "/api/token/");

/// Where a sliding token is obtained.
const OBTAIN_SLIDING: (&str, &str) = ("token_obtain_sliding", "/api/token/sliding/");

/// JSON web tokens, whole: `[jwt]`, authenticators, endpoints, and what is kept of tokens that were issued
/// (`rest_framework_simplejwt`).
#[derive(Clone, Copy, Debug)]
pub struct Jwt;

impl App for Jwt {
    type Settings = JwtSettings;
    type State = TokenRules;

    fn checks() -> Vec<Check> {
        vec![Rule::check(&CHECKS)]
    }

    #[cfg(feature = "commands")]
    fn commands() -> Vec<Command> {
        super::commands::all()
    }

    fn login_endpoints() -> &'static [(&'static str, &'static str)] {
        &[OBTAIN_PAIR, OBTAIN_SLIDING]
    }

    fn prepare_stateless(settings: &mut Settings, entropy: &dyn Entropy) -> Result<(), SettingsError> {
        resource_server::prepare(settings, entropy)
    }

    fn resolve(_: JwtSettings, site: &Site<'_>) -> Result<TokenRules, SettingsErrors> {
        TokenRules::new(site.settings())
    }

    fn install(rules: &Arc<TokenRules>, to: &mut Installed) {
        to.authenticator("jwt", JwtAuthentication);
        to.authenticator("jwt-stateless", JwtStatelessUserAuthentication);
        to.authenticator("introspection", TokenIntrospection);
        for_browsers(to);
        sliding(to);
        for_services(to);
        to.chore(EXPIRED.chore(rules.flush_interval()));
        open(rules, to);
    }
}

/// What `rest_framework_simplejwt.urls` names, and the end of every login.
fn for_browsers(to: &mut Installed) {
    let pair = Endpoint::new(OBTAIN_PAIR.0, OBTAIN_PAIR.1, token_obtain_pair);
    let revoke_all = Endpoint::new("token_revoke_all", "/api/token/revoke-all/", token_revoke_all);
    to.endpoint(pair.with_stores());
    to.endpoint(Endpoint::new(TOKEN_REFRESH.0, TOKEN_REFRESH.1, token_refresh).with_stores());
    to.endpoint(Endpoint::new("token_verify", "/api/token/verify/", token_verify));
    to.endpoint(Endpoint::new(TOKEN_BLACKLIST.0, TOKEN_BLACKLIST.1, token_blacklist).with_stores());
    to.endpoint(revoke_all.with_stores());
}

fn sliding(to: &mut Installed) {
    let refresh = ("token_refresh_sliding", "/api/token/sliding/refresh/");
    to.endpoint(Endpoint::new(OBTAIN_SLIDING.0, OBTAIN_SLIDING.1, token_obtain_sliding).with_stores());
    to.endpoint(Endpoint::new(refresh.0, refresh.1, token_refresh_sliding).with_stores());
}

/// What other services ask for.
fn for_services(to: &mut Installed) {
    let revoke = Endpoint::new("token_revoke", "/api/token/revoke/", token_revoke);
    let introspect = Endpoint::new("token_introspect", "/api/token/introspect/", token_introspect);
    to.endpoint(Endpoint::new("jwks", "/.well-known/jwks.json", jwks));
    to.endpoint(revoke.with_stores().off());
    to.endpoint(introspect.with_stores().off());
}

/// What the door's client for other servers, the program's own claims and the blacklist beside the table are needed for.
fn open(rules: &Arc<TokenRules>, to: &mut Installed) {
    let rules = Arc::clone(rules);
    to.open(move |given| rules.fetch_keys(given).map(|()| Some(OwnClaims::new(given))));
    to.open(|given| Ok(given.get::<Arc<dyn SharedBlacklist>>().cloned()));
    to.open(|given| IntrospectionClient::new(&given.settings().jwt.introspection, given.http_client()));
}
