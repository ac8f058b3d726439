//! [`AuthTokens`]: what the settings say of opaque tokens, and what they add to a door.

use std::sync::Arc;
use std::time::Duration;

use doorward_core::app::{App, Endpoint, Installed, Site};
use doorward_core::door::Door;
use doorward_core::settings::header::header_name;
use doorward_core::settings::validate::{is_token, periods};
use doorward_core::settings::{AuthenticatorName, Findings, JwtSettings, Period, Settings, SettingsErrors};
use http::header::AUTHORIZATION;

use super::auto_create::AutoCreate;
use super::{TokenAuthentication, TokenSettings, endpoint};

/// Opaque tokens (`[token]`).
#[derive(Debug)]
pub(crate) struct AuthTokens {
    /// The word before the key in the Authorization header.
    pub(crate) keyword: String,
    /// How long a token is good for; `None` for ever.
    pub(crate) max_age: Option<Duration>,
    new_users: NewUsers,
}

/// Where a token is obtained.
const OBTAIN: (&str, &str) = ("obtain_auth_token", "/api-token-auth/");

/// What becomes of users who are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum NewUsers {
    GetToken,
    GetNone,
}

impl App for AuthTokens {
    type Settings = TokenSettings;
    type State = Self;

    #[cfg(feature = "commands")]
    fn commands() -> Vec<doorward_core::command::Command> {
        vec![super::command::command()]
    }

    fn login_endpoints() -> &'static [(&'static str, &'static str)] {
        &[OBTAIN]
    }

    fn resolve(settings: TokenSettings, site: &Site<'_>) -> Result<Self, SettingsErrors> {
        Findings::of(|found| {
            let max_age = settings.max_age;
            periods::lives(
                max_age.map(|age| ("token.max_age", age, periods::END_TOKENS)),
                found,
            );
            check_keyword(&settings.keyword, site.settings(), found);
            Some(Self {
                keyword: settings.keyword,
                max_age: max_age.map(Period::duration),
                new_users: match settings.auto_create {
                    true => NewUsers::GetToken,
                    false => NewUsers::GetNone,
                },
            })
        })
    }

    fn install(tokens: &Arc<Self>, to: &mut Installed) {
        to.authenticator("token", TokenAuthentication::default());
        to.endpoint(Endpoint::new(OBTAIN.0, OBTAIN.1, endpoint).with_stores());
        if tokens.new_users == NewUsers::GetToken {
            to.subscriber(AutoCreate);
        }
    }
}

/// What the settings say of opaque tokens.
pub(crate) fn auth_tokens(door: &Door) -> &AuthTokens {
    door.app::<AuthTokens>()
}

fn check_keyword(keyword: &str, site: &Settings, found: &mut Findings) {
    found.require(is_token(keyword), "token.keyword", || {
        format!(
            "`{}` is no word for a header, such as Token",
            keyword.escape_debug()
        )
    });
    let both = reads_both(site) && is_word_of_jwt(keyword, &site.jwt);
    found.require(!both, "token.keyword", || {
        format!(
            "`{keyword}` is in `jwt.auth_header_types` too, and whoever is asked first refuses the tokens of the other; \
             use another word, or take `token` or `jwt` out of `rest.authentication`"
        )
    });
}

/// Whether routes that say nothing take opaque tokens and JSON web tokens.
fn reads_both(settings: &Settings) -> bool {
    let asks = |name| settings.rest.authentication.contains(&name);
    let asks_for_jwt = asks(AuthenticatorName::Jwt)
        || asks(AuthenticatorName::JwtStateless)
        || asks(AuthenticatorName::Introspection);
    asks(AuthenticatorName::Token) && asks_for_jwt
}

fn is_word_of_jwt(keyword: &str, jwt: &JwtSettings) -> bool {
    let same_header = header_name(&jwt.auth_header_name).is_some_and(|name| name == AUTHORIZATION);
    let mut words = jwt.auth_header_types.iter();
    same_header && words.any(|word| word.eq_ignore_ascii_case(keyword))
}
