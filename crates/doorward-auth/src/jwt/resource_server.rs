//! What a door is told that has no users, sessions and stores.

use doorward_core::entropy::{self, Entropy};
use doorward_core::settings::{AuthenticatorName, JwtSettings, RestSettings, Settings, SettingsError};
use doorward_django::hex;
use doorward_django::jwt::Algorithm;
use doorward_django::secret::Secret;

/// Lets settings stand on their own: with a secret key that nobody needs to know, and authenticators that look
/// nobody up.
pub(crate) fn prepare(settings: &mut Settings, entropy: &dyn Entropy) -> Result<(), SettingsError> {
    let has_secret_key = !settings.secret_key.expose().trim().is_empty();
    if !has_secret_key && !has_keys(&settings.jwt) && settings.jwt.introspection.url.is_none() {
        let problem = "a service without a secret key needs keys to verify tokens with: set `jwt.verifying_key`, \
                       `jwt.verifying_key_file`, `jwt.jwk_url` or `jwt.introspection.url`";
        return Err(SettingsError::new("jwt.verifying_key", problem));
    }
    if !has_secret_key {
        settings.secret_key = Secret::new(hex::encode(&entropy::bytes::<32>(entropy)));
    }
    authenticators(settings)
}

/// Whether there are keys of its own; with HMAC, `verifying_key` is not read.
fn has_keys(jwt: &JwtSettings) -> bool {
    let is_hmac = jwt.algorithm.parse().is_ok_and(Algorithm::is_hmac);
    let has_public = !jwt.verifying_key.expose().trim().is_empty() || jwt.verifying_key_file.is_some();
    jwt.signing_key.is_some()
        || jwt.signing_key_file.is_some()
        || jwt.jwk_url.is_some()
        || jwt.key_directory.is_some()
        || !jwt.keys.is_empty()
        || (has_public && !is_hmac)
}

fn authenticators(settings: &mut Settings) -> Result<(), SettingsError> {
    let authentication = &mut settings.rest.authentication;
    if *authentication == RestSettings::default().authentication {
        *authentication = vec![match settings.jwt.introspection.url {
            Some(_) => AuthenticatorName::Introspection,
            None => AuthenticatorName::JwtStateless,
        }];
    }
    let looks_nobody_up = |name: &AuthenticatorName| {
        matches!(
            name,
            AuthenticatorName::JwtStateless | AuthenticatorName::Introspection | AuthenticatorName::App(_)
        )
    };
    if authentication.iter().all(looks_nobody_up) {
        return Ok(());
    }
    let problem = "there are no users to look up here; allowed are `jwt-stateless` and `introspection`";
    Err(SettingsError::new("rest.authentication", problem))
}
