//! Claims of one's own: what tokens say besides, by template (`[jwt.claims]`) and by hook
//! (`TokenObtainPairSerializer.get_token`).

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use doorward_core::answer::Answer;
use doorward_core::app::Given;
use doorward_core::door::Door;
use doorward_core::exceptions::{ApiException, Result};
use doorward_core::settings::{ClaimTemplate, UserClaim};
use doorward_core::user::UserRow;
use doorward_django::json::Object;
use doorward_django::jwt::Claims;
use serde::Serialize;
use serde_json::{Map, Value};

use super::JwtDoorExt;

/// Adds claims to the tokens that users get: roles, a tier, scopes.
///
/// It is asked once for each login, after the credentials were checked; what it answers stands in the refresh token (or
/// the sliding one) and is copied to each access token, as SimpleJWT copies it. With `jwt.refresh_claims` each refresh
/// asks again. An error is what the client is answered, and no token is issued.
///
/// Claims that the door writes itself (`exp`, `iat`, the id, the type, the user, …) cannot be set: that is a 500, and a
/// line in the log. [`JwtBuilderExt::claims`](super::JwtBuilderExt::claims) takes a closure where nothing has to be
/// looked up.
///
/// ```
/// use doorward_core::{Answer, Door, Result};
/// use doorward_auth::jwt::TokenClaims;
/// use doorward_core::user::UserRow;
/// use serde_json::{Map, Value, json};
///
/// /// `scope`, as the groups have it.
/// struct Scopes;
///
/// impl TokenClaims for Scopes {
///     fn claims<'a>(&'a self, door: &'a Door, user: &'a UserRow) -> Answer<'a, Result<Map<String, Value>>> {
///         Answer::pending(async move {
///             let groups = door.stores().permissions.groups(&user.id).await?;
///             let scope = if groups.contains("editors") { "news:read news:write" } else { "news:read" };
///             Ok(Map::from_iter([("scope".to_owned(), json!(scope))]))
///         })
///     }
/// }
/// ```
pub trait TokenClaims: Send + Sync {
    /// The claims to add for that user.
    fn claims<'a>(&'a self, door: &'a Door, user: &'a UserRow) -> Answer<'a, Result<Map<String, Value>>>;
}

/// Claims that are made of the user's row alone.
pub(crate) struct ClaimsOf(Box<Written>);

type Written = dyn Fn(&UserRow) -> serde_json::Result<Value> + Send + Sync;

impl ClaimsOf {
    pub(crate) fn new<T: Serialize>(claims: impl Fn(&UserRow) -> T + Send + Sync + 'static) -> Self {
        Self(Box::new(move |user| serde_json::to_value(claims(user))))
    }
}

impl TokenClaims for ClaimsOf {
    fn claims<'a>(&'a self, _: &'a Door, user: &'a UserRow) -> Answer<'a, Result<Map<String, Value>>> {
        Answer::ready(match (self.0)(user) {
            Ok(Value::Object(claims)) => Ok(claims),
            Ok(_) => Err(ApiException::server_error(ClaimError::NoNames)),
            Err(error) => Err(ApiException::server_error(error)),
        })
    }
}

/// A hook answered what no token can say.
#[derive(Debug, thiserror::Error)]
enum ClaimError {
    #[error("the claim `{0}` is written by the door itself; a hook has to use another name")]
    Reserved(String),
    #[error("the claim `sub` has to be a text (RFC 7519 §4.1.2)")]
    Subject,
    #[error("a hook has to answer claims by name: a struct or a map")]
    NoNames,
}

/// The hooks that a program gives to the builder of its door.
#[derive(Clone, Default)]
pub(crate) struct ClaimHooks(Vec<Arc<dyn TokenClaims>>);

impl ClaimHooks {
    /// With one more, which is asked after those before it.
    pub(crate) fn with(mut self, hook: impl TokenClaims + 'static) -> Self {
        self.0.push(Arc::new(hook));
        self
    }
}

/// What is added to new tokens: the templates first, then what each hook says; of a name twice the later value counts.
pub(crate) struct OwnClaims {
    templates: BTreeMap<String, ClaimTemplate>,
    hooks: ClaimHooks,
}

/// What new tokens say besides.
fn own_claims(door: &Door) -> &OwnClaims {
    door.opened()
        .expect("the app of JSON web tokens makes it for every door")
}

impl OwnClaims {
    /// The templates of the settings, and the hooks that the builder was given.
    pub(crate) fn new(given: &Given<'_>) -> Self {
        Self {
            templates: given.settings().jwt.claims.clone(),
            hooks: given.get().cloned().unwrap_or_default(),
        }
    }

    async fn add(&self, door: &Door, claims: &mut Claims, user: &UserRow) -> Result {
        for (name, template) in &self.templates {
            set(door, claims, name, fill(door, template, user).await?)?;
        }
        for hook in &self.hooks.0 {
            for (name, value) in hook.claims(door, user).await? {
                set(door, claims, &name, value)?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for OwnClaims {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OwnClaims({:?}, {} hooks)", self.templates, self.hooks.0.len())
    }
}

/// The token with what else it has to say of that user.
pub(super) async fn added(door: &Door, mut claims: Claims, user: &UserRow) -> Result<Claims> {
    own_claims(door).add(door, &mut claims, user).await?;
    Ok(claims)
}

/// The token as a refresh finds it: what it says besides stays (SimpleJWT), or is asked for again
/// (`jwt.refresh_claims`).
pub(super) async fn at_refresh(door: &Door, claims: Claims, user: Option<&UserRow>) -> Result<Claims> {
    match user {
        Some(user) if door.tokens().refreshes_claims() => anew(door, claims, user).await,
        _ => Ok(claims),
    }
}

/// The token with its own claims asked for again: those it had are gone, also where nothing takes their place.
async fn anew(door: &Door, claims: Claims, user: &UserRow) -> Result<Claims> {
    let rules = door.jwt();
    let all = claims.into_object().into_iter();
    let kept: Object = all.filter(|(name, _)| rules.reserves(name)).collect();
    added(door, kept.into(), user).await
}

fn set(door: &Door, claims: &mut Claims, name: &str, value: Value) -> Result {
    if door.jwt().reserves(name) {
        return Err(ApiException::server_error(ClaimError::Reserved(name.to_owned())));
    }
    if name == "sub" && !value.is_string() {
        return Err(ApiException::server_error(ClaimError::Subject));
    }
    claims.insert(name, value);
    Ok(())
}

async fn fill(door: &Door, template: &ClaimTemplate, user: &UserRow) -> Result<Value> {
    match template {
        ClaimTemplate::Value(value) => Ok(value.clone()),
        ClaimTemplate::User(claim) => told(door, *claim, user).await,
    }
}

async fn told(door: &Door, claim: UserClaim, user: &UserRow) -> Result<Value> {
    let permissions = &door.stores().permissions;
    Ok(match claim {
        UserClaim::Id => user.id.to_string().into(),
        UserClaim::Username => user.username.as_str().into(),
        UserClaim::Email => user.email.as_str().into(),
        UserClaim::FirstName => user.first_name.as_str().into(),
        UserClaim::LastName => user.last_name.as_str().into(),
        UserClaim::FullName => full_name(user).into(),
        UserClaim::IsStaff => user.is_staff.into(),
        UserClaim::IsSuperuser => user.is_superuser.into(),
        UserClaim::Groups => permissions.groups(&user.id).await?.into_iter().collect(),
        UserClaim::Permissions => permissions.permissions(&user.id).await?.into_iter().collect(),
    })
}

/// `AbstractUser.get_full_name`.
fn full_name(user: &UserRow) -> String {
    format!("{} {}", user.first_name, user.last_name)
        .trim()
        .to_owned()
}
