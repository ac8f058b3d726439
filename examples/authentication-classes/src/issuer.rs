//! Tokens that a Keycloak realm issues: its keys, its users, its claims.

use std::sync::Arc;

use doorward::accounts::NewAccount;
use doorward::authentication::Issuer;
use doorward::django::json::Value;
use doorward::django::jwt::{Algorithm, Audience, Claims};
use doorward::http_client::HttpClient;
use doorward::prelude::*;
use doorward::settings::SettingsError;

use crate::app::KeysSettings;

/// Bearer tokens of the realm that the settings name.
///
/// # Errors
/// A realm whose address cannot be believed: neither `https` nor on this machine.
pub fn keycloak(
    settings: &KeysSettings,
    client: Arc<dyn HttpClient>,
) -> Result<IssuerAuthentication, SettingsError> {
    let issuer = Issuer {
        issuer: settings.realm.clone(),
        audience: Audience::One(settings.audience.clone()),
        jwk_url: format!("{}/protocol/openid-connect/certs", settings.realm),
        algorithm: Algorithm::Rs256,
    };
    IssuerAuthentication::new(issuer, client, account)
}

/// Whose a token is. The colon keeps people from registering such a name; an address counts where the realm has seen to it.
fn account(claims: &Claims) -> Option<NewAccount> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let is_verified = claims.get("email_verified") == Some(&Value::Bool(true));
    let first_name: String = text("given_name").unwrap_or_default().chars().take(150).collect();
    Some(NewAccount {
        username: format!("keycloak:{}", text("sub")?),
        email: text("email")
            .filter(|_| is_verified)
            .unwrap_or_default()
            .to_owned(),
        further: vec![("first_name".to_owned(), first_name.into())],
        ..NewAccount::default()
    })
}
