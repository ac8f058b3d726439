//! [`IssuerAuthentication`]: tokens that somebody else issued, such as Keycloak or Firebase.

use std::fmt;
use std::sync::Arc;

use doorward_core::answer::Answer;
use doorward_core::authentication::Authenticator;
use doorward_core::context::Context;
use doorward_core::door::Door;
use doorward_core::exceptions::{ApiException, Result};
use doorward_core::http_client::{HttpClient, trusted_url};
use doorward_core::identity::{Auth, Identity};
use doorward_core::settings::SettingsError;
use doorward_core::stores::UserField;
use doorward_core::user::UserRow;
use doorward_django::bounds;
use doorward_django::jwt::{Algorithm, Audience, Claims, Rules, TokenType, claimed_kid};
use http::HeaderValue;

use crate::accounts::{NewAccount, get_or_create_account};
use crate::jwt::remote_keys::RemoteKeys;
use crate::jwt::{invalid_token, refused, unrecognizable};

/// Whose tokens are believed, and which of them (OpenID Connect Core §3.1.3.7).
#[derive(Clone, Debug)]
pub struct Issuer {
    /// What `iss` says, letter by letter.
    pub issuer: String,
    /// What `aud` has to name: without it a token that was made for another service would be good here.
    pub audience: Audience,
    /// Where its public keys are (`jwks_uri`): `https`, or `http` on this machine.
    pub jwk_url: String,
    /// The algorithm of keys that name none themselves. What a token says of it does not count.
    pub algorithm: Algorithm,
}

/// A bearer token of a foreign issuer, whose user has a row here.
///
/// Keys are fetched from the issuer and kept for five minutes; a `kid` that is not known is asked for once in ten seconds at
/// most, whatever strangers send. Asked are the signature, `iss`, `aud`, `exp`, which has to be there, `nbf` and `iat`; what else
/// claims have to say is asked by the function that makes an account of them. The user is the one of exactly that account's
/// name; who has none is made, once, however many ask.
///
/// It is `Auth::Jwt`: handlers read [`Claims`](doorward_core::extract::Claims), and `HasClaim` and `HasScope` work. Give one
/// value to all routes, in an [`Arc`]: it holds the keys.
///
/// ```
/// use std::sync::Arc;
/// use doorward_auth::accounts::NewAccount;
/// use doorward_auth::schemes::{Issuer, IssuerAuthentication};
/// use doorward_core::http_client::HttpClient;
/// use doorward_core::settings::SettingsError;
/// use doorward_django::jwt::{Algorithm, Audience};
///
/// fn firebase(project: &str, client: Arc<dyn HttpClient>) -> Result<IssuerAuthentication, SettingsError> {
///     let issuer = Issuer {
///         issuer: format!("https://securetoken.google.com/{project}"),
///         audience: Audience::One(project.to_owned()),
///         jwk_url: "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com".to_owned(),
///         algorithm: Algorithm::Rs256,
///     };
///     IssuerAuthentication::new(issuer, client, |claims| {
///         let uid = claims.get("sub")?.as_str()?;
///         Some(NewAccount { username: format!("firebase:{uid}"), ..NewAccount::default() })
///     })
/// }
/// ```
pub struct IssuerAuthentication {
    keys: RemoteKeys,
    rules: Rules,
    account: Box<AccountOf>,
    unknown: Unknown,
}

type AccountOf = dyn Fn(&Claims) -> Option<NewAccount> + Send + Sync;

/// What becomes of names that nobody has here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unknown {
    Created,
    Refused,
}

impl IssuerAuthentication {
    /// Tokens of that issuer, whose keys that client fetches. `account` says whose a token is: by the name, and what a new
    /// user gets besides; `None` where the claims name nobody who may come.
    ///
    /// Name users by `sub`, which the issuer gives to nobody else, and in a way that nobody can register here: with a prefix
    /// and a colon. A name or an address that people choose at the issuer may be another's here.
    ///
    /// # Errors
    /// [`SettingsError`] for an address of keys that cannot be believed.
    pub fn new(
        issuer: Issuer,
        client: Arc<dyn HttpClient>,
        account: impl Fn(&Claims) -> Option<NewAccount> + Send + Sync + 'static,
    ) -> Result<Self, SettingsError> {
        let url = trusted_url("jwk_url", &issuer.jwk_url)?;
        Ok(Self {
            keys: RemoteKeys::new(url, issuer.algorithm, client),
            rules: Rules {
                issuer: Some(issuer.issuer),
                audience: Some(issuer.audience),
                token_type_claim: None,
                jti_claim: None,
                ..Rules::default()
            },
            account: Box::new(account),
            unknown: Unknown::Created,
        })
    }

    /// The same, but who has no row here is refused: somebody else makes the users.
    #[must_use]
    pub fn known_users_only(self) -> Self {
        Self {
            unknown: Unknown::Refused,
            ..self
        }
    }
}

impl Authenticator for IssuerAuthentication {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        match cx.authorization("Bearer") {
            Ok(None) => Answer::ready(Ok(None)),
            Ok(Some(token)) => Answer::pending(async move { self.identify(cx, &token).await.map(Some) }),
            Err(malformed) => Answer::ready(Err(malformed)),
        }
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        Some(HeaderValue::from_static("Bearer realm=\"api\""))
    }
}

impl IssuerAuthentication {
    async fn identify(&self, cx: &Context<'_>, token: &str) -> Result<Identity> {
        let claims = self.claims(cx, token).await?;
        let account = (self.account)(&claims).ok_or_else(unrecognizable)?;
        let user = self.user(cx.door(), account).await?;
        if !user.is_active {
            return Err(refused("User is inactive", "user_inactive"));
        }
        Ok(Identity {
            user: user.into(),
            auth: Auth::Jwt(TokenType::Untyped, Arc::new(claims)),
        })
    }

    /// What a genuine token says that has not expired.
    async fn claims(&self, cx: &Context<'_>, token: &str) -> Result<Claims> {
        let now = cx.now();
        let kid = claimed_kid(token.as_bytes());
        let keyring = self.keys.keyring(kid.as_deref(), now).await?;
        let claims = keyring.decode(token, &self.rules, now);
        let claims = claims.map_err(invalid_token)?;
        claims.check_exp("exp", &self.rules, now).map_err(invalid_token)?;
        Ok(claims)
    }

    /// The user of that name: remembered, stored, or made.
    async fn user(&self, door: &Door, account: NewAccount) -> Result<Arc<UserRow>> {
        let name = account.username.as_str();
        if name.is_empty() || name.contains('\0') || !bounds::is_name(name) {
            return Err(unrecognizable());
        }
        match (
            door.principals().person(UserField::Username, name).await?,
            self.unknown,
        ) {
            (Some(person), _) => Ok(person.user),
            (None, Unknown::Refused) => Err(refused("User not found", "user_not_found")),
            (None, Unknown::Created) => get_or_create_account(door, account).await.map_err(no_account),
        }
    }
}

/// 401 where no account can be made of what the token says; failures of ours stay what they are.
fn no_account(error: ApiException) -> ApiException {
    match error.status().is_client_error() {
        true => refused("User not found", "user_not_found").with_reason(error.to_string()),
        false => error,
    }
}

impl fmt::Debug for IssuerAuthentication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let issuer = self.rules.issuer.as_deref().unwrap_or_default();
        write!(f, "IssuerAuthentication({issuer})")
    }
}
