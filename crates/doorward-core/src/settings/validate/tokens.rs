//! `[token]` and `[jwt]`: words, lifetimes and claims. What an algorithm wants of its key is judged where it is made.

use doorward_django::jwt::REVOCATION_CLAIM;

use super::{Checked, Settings, is_token, require};
use crate::settings::{ClaimTemplate, JwtSettings, UserClaim};

pub(super) fn check(settings: &Settings) -> Checked {
    let keyword = &settings.token.keyword;
    require(is_token(keyword), "token.keyword", || {
        format!(
            "`{}` is no word for a header, such as Token",
            keyword.escape_debug()
        )
    })?;
    headers(&settings.jwt)?;
    lifetimes(&settings.jwt)?;
    claims(&settings.jwt)
}

fn headers(jwt: &JwtSettings) -> Checked {
    let words = &jwt.auth_header_types;
    require(!words.is_empty(), "jwt.auth_header_types", || {
        "no word is left to send a token with; the usual one is Bearer".to_owned()
    })?;
    words.iter().try_for_each(|word| {
        require(is_token(word), "jwt.auth_header_types", || {
            format!(
                "`{}` is no word for a header, such as Bearer",
                word.escape_debug()
            )
        })
    })?;
    let name = &jwt.auth_header_name;
    require(name.starts_with("HTTP_"), "jwt.auth_header_name", || {
        format!(
            "`{}` is no header in WSGI's spelling, such as HTTP_AUTHORIZATION",
            name.escape_debug()
        )
    })?;
    require(
        !jwt.auth_token_classes.is_empty(),
        "jwt.auth_token_classes",
        || "no kind of token is left; the usual one is access".to_owned(),
    )
}

fn lifetimes(jwt: &JwtSettings) -> Checked {
    let lifetimes = [
        ("jwt.access_token_lifetime", jwt.access_token_lifetime),
        ("jwt.refresh_token_lifetime", jwt.refresh_token_lifetime),
        ("jwt.sliding_token_lifetime", jwt.sliding_token_lifetime),
        (
            "jwt.sliding_token_refresh_lifetime",
            jwt.sliding_token_refresh_lifetime,
        ),
    ];
    lifetimes.into_iter().try_for_each(|(key, lifetime)| {
        require(!lifetime.duration().is_zero(), key, || {
            format!("{lifetime} would end every token at once")
        })
    })
}

/// Claims that SimpleJWT writes itself cannot hold anything else.
fn claims(jwt: &JwtSettings) -> Checked {
    let claims = [
        ("jwt.user_id_claim", Some(&jwt.user_id_claim)),
        ("jwt.token_type_claim", jwt.token_type_claim.as_ref()),
        ("jwt.jti_claim", jwt.jti_claim.as_ref()),
        (
            "jwt.sliding_token_refresh_exp_claim",
            Some(&jwt.sliding_token_refresh_exp_claim),
        ),
        ("jwt.revoke_token_claim", Some(&jwt.revoke_token_claim)),
    ];
    let mut taken = vec!["exp", "iat", "aud", "iss", REVOCATION_CLAIM];
    for (key, claim) in claims {
        let Some(claim) = claim else { continue };
        require(!claim.is_empty() && !taken.contains(&claim.as_str()), key, || {
            format!(
                "`{}` is empty or taken; these are: {}",
                claim.escape_debug(),
                taken.join(", ")
            )
        })?;
        taken.push(claim);
    }
    taken.extend(["jti", "nbf", ""]);
    own_claims(jwt, &taken)
}

/// Templates neither set what the door writes and judges itself, nor make a token that no library reads.
fn own_claims(jwt: &JwtSettings, taken: &[&str]) -> Checked {
    jwt.claims.iter().try_for_each(|(name, template)| {
        let key = format!("jwt.claims.{name}");
        require(!taken.contains(&name.as_str()), &key, || {
            "the door writes this claim itself; use another name".to_owned()
        })?;
        let is_text = |template: &ClaimTemplate| match template {
            ClaimTemplate::User(UserClaim::Id | UserClaim::Username | UserClaim::Email) => true,
            ClaimTemplate::Value(value) => value.is_string(),
            ClaimTemplate::User(_) => false,
        };
        require(name != "sub" || is_text(template), &key, || {
            "`sub` is a text that names the user: user.id, user.username or user.email".to_owned()
        })
    })
}
