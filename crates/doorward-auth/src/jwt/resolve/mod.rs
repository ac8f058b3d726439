//! From settings to rules: each function reads one of them, or says what is wrong with it.

pub(super) mod cookies;
pub(super) mod keys;
pub(super) mod periods;
pub(super) mod words;

use std::time::Duration;

use doorward_core::settings::{
    self, Audience, JwtSettings, Period, SettingsError, TokenClass, UserFieldKind, UserSettings, header,
};
use doorward_core::stores::{ReuseBinding, ReuseDetection, ReuseRule, UserField};
use doorward_django::jwt::{self, TokenType};
use http::{HeaderName, HeaderValue};

use super::RotationRule;

pub(super) fn check_supported(jwt: &JwtSettings) -> Result<(), SettingsError> {
    if rotation(jwt) == RotationRule::RotateAndBlacklist && jwt.jti_claim.is_none() {
        let problem = "without ids no token can be blacklisted; name a claim, or switch `jwt.blacklist_after_rotation` off";
        return Err(SettingsError::new("jwt.jti_claim", problem));
    }
    let is_limited = jwt
        .refresh_token_max_lifetime
        .is_some_and(|end| !end.duration().is_zero());
    if is_limited && rotation(jwt) != RotationRule::RotateAndBlacklist {
        let problem = "only `jwt.rotate_refresh_tokens` with `jwt.blacklist_after_rotation` prolongs a login that could be ended; switch both on";
        return Err(SettingsError::new("jwt.refresh_token_max_lifetime", problem));
    }
    Ok(())
}

pub(super) fn claims(jwt: &JwtSettings) -> jwt::Rules {
    jwt::Rules {
        audience: jwt.audience.clone().map(audience),
        issuer: jwt.issuer.clone(),
        leeway: jwt.leeway.duration(),
        token_type_claim: jwt.token_type_claim.clone(),
        jti_claim: jwt.jti_claim.clone(),
        user_id_claim: jwt.user_id_claim.clone(),
        revoke_token_claim: jwt.revoke_token_claim.clone(),
        sliding_token_refresh_exp_claim: jwt.sliding_token_refresh_exp_claim.clone(),
        access_token_lifetime: jwt.access_token_lifetime.duration(),
        refresh_token_lifetime: jwt.refresh_token_lifetime.duration(),
        sliding_token_lifetime: jwt.sliding_token_lifetime.duration(),
        sliding_token_refresh_lifetime: jwt.sliding_token_refresh_lifetime.duration(),
    }
}

fn audience(setting: Audience) -> jwt::Audience {
    match setting {
        Audience::One(name) => jwt::Audience::One(name),
        Audience::Many(names) => jwt::Audience::Any(names),
    }
}

/// The header that carries the token, in either spelling.
pub(super) fn header_name(setting: &str) -> Result<HeaderName, SettingsError> {
    header::header_name(setting).ok_or_else(|| {
        let setting = setting.escape_debug();
        let problem = format!("`{setting}` is no header, such as Authorization or HTTP_AUTHORIZATION");
        SettingsError::new("jwt.auth_header_name", problem)
    })
}

pub(super) fn challenge(jwt: &JwtSettings) -> Result<HeaderValue, SettingsError> {
    let problem = |problem: String| SettingsError::new("jwt.auth_header_types", problem);
    let first = jwt.auth_header_types.first();
    let first = first.ok_or_else(|| problem("name at least one word, such as `Bearer`".to_owned()))?;
    HeaderValue::from_str(&format!("{first} realm=\"api\"")).map_err(|error| problem(error.to_string()))
}

pub(super) fn classes(jwt: &JwtSettings) -> Vec<TokenType> {
    jwt.auth_token_classes.iter().copied().map(token_type).collect()
}

fn token_type(class: TokenClass) -> TokenType {
    match class {
        TokenClass::Access => TokenType::Access,
        TokenClass::Sliding => TokenType::Sliding,
        TokenClass::Refresh => TokenType::Refresh,
        TokenClass::Untyped => TokenType::Untyped,
    }
}

pub(super) fn user_id_field(jwt: &JwtSettings, user: &UserSettings) -> Result<UserField, SettingsError> {
    let name = jwt.user_id_field.as_str();
    match name {
        "id" | "pk" => return Ok(UserField::Id),
        _ if name == user.id_field => return Ok(UserField::Id),
        _ if name == user.username_field => return Ok(UserField::Username),
        _ if name == user.email_field && !name.is_empty() => return Ok(UserField::Email),
        _ => {}
    }
    let names_one = |kind: &UserFieldKind| !matches!(kind, UserFieldKind::Bool | UserFieldKind::Timestamp);
    let place = user
        .fields
        .iter()
        .position(|(field, kind)| field == name && names_one(kind));
    place.map(UserField::Further).ok_or_else(|| {
        let known = known_fields(user).join(", ");
        let problem = format!(
            "`{name}` is no column that identifies users; use {known}, or one that `[user.fields]` names"
        );
        SettingsError::new("jwt.user_id_field", problem)
    })
}

/// The columns that identify users without being named, each once.
fn known_fields(user: &UserSettings) -> Vec<&str> {
    let mut fields = vec!["id", user.username_field.as_str()];
    if !user.email_field.is_empty() && user.email_field != user.username_field {
        fields.push(&user.email_field);
    }
    fields
}

pub(super) fn reuse(jwt: &JwtSettings) -> ReuseRule {
    ReuseRule {
        grace: jwt.reuse_grace.duration(),
        binding: reuse_binding(jwt.reuse_binding),
        detection: match jwt.reuse_detection {
            true => ReuseDetection::RevokeFamily,
            false => ReuseDetection::Off,
        },
    }
}

fn reuse_binding(setting: settings::ReuseBinding) -> ReuseBinding {
    match setting {
        settings::ReuseBinding::UserAgent => ReuseBinding::UserAgent,
        settings::ReuseBinding::None => ReuseBinding::None,
    }
}

/// How long rotation may prolong a login, where nothing else is said: about as long as browsers remember one.
const MAX_LIFETIME: Duration = Duration::from_hours(90 * 24);

/// When a family ends; `None` for never, and where logins are not prolonged.
pub(super) fn max_lifetime(jwt: &JwtSettings) -> Option<Duration> {
    if rotation(jwt) != RotationRule::RotateAndBlacklist {
        return None;
    }
    match jwt.refresh_token_max_lifetime.map(Period::duration) {
        None => Some(MAX_LIFETIME.max(jwt.refresh_token_lifetime.duration())),
        Some(end) => Some(end).filter(|end| !end.is_zero()),
    }
}

pub(super) fn rotation(jwt: &JwtSettings) -> RotationRule {
    match (jwt.rotate_refresh_tokens, jwt.blacklist_after_rotation) {
        (false, _) => RotationRule::Off,
        (true, false) => RotationRule::Rotate,
        (true, true) => RotationRule::RotateAndBlacklist,
    }
}
