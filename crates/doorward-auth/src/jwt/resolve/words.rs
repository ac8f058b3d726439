//! Words and claims of `[jwt]`: what can stand in a header, and what no token can say twice.

use doorward_core::settings::validate::is_token;
use doorward_core::settings::{Audience, ClaimTemplate, Findings, JwtSettings, UserClaim};
use doorward_django::jwt::REVOCATION_CLAIM;

/// The words before a token, and for whom and what it may be.
pub(in crate::jwt) fn headers(jwt: &JwtSettings, found: &mut Findings) {
    let words = &jwt.auth_header_types;
    found.require(!words.is_empty(), "jwt.auth_header_types", || {
        "no word is left to send a token with; the usual one is Bearer".to_owned()
    });
    for word in words.iter().filter(|word| !is_token(word)) {
        found.require(false, "jwt.auth_header_types", || {
            let word = word.escape_debug();
            format!("`{word}` is no word for a header, such as Bearer")
        });
    }
    let nobody = matches!(&jwt.audience, Some(Audience::Many(names)) if names.is_empty());
    found.require(!nobody, "jwt.audience", || {
        "an empty list is nobody, and every token would be refused; leave the key out".to_owned()
    });
    let classes = &jwt.auth_token_classes;
    found.require(!classes.is_empty(), "jwt.auth_token_classes", || {
        "no kind of token is left; the usual one is access".to_owned()
    });
}

/// Claims that SimpleJWT writes itself cannot hold anything else.
pub(in crate::jwt) fn claims(jwt: &JwtSettings, found: &mut Findings) {
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
        found.require(!claim.is_empty() && !taken.contains(&claim.as_str()), key, || {
            format!(
                "`{}` is empty or taken; these are: {}",
                claim.escape_debug(),
                taken.join(", ")
            )
        });
        taken.push(claim);
    }
    taken.extend(["jti", "nbf", ""]);
    own_claims(jwt, &taken, found);
}

/// Templates neither set what the door writes and judges itself, nor make a token that no library reads.
fn own_claims(jwt: &JwtSettings, taken: &[&str], found: &mut Findings) {
    for (name, template) in &jwt.claims {
        let key = format!("jwt.claims.{name}");
        found.require(!taken.contains(&name.as_str()), &key, || {
            "the door writes this claim itself; use another name".to_owned()
        });
        found.require(name != "sub" || is_text(template), &key, || {
            "`sub` is a text that names the user: user.id, user.username or user.email".to_owned()
        });
    }
}

fn is_text(template: &ClaimTemplate) -> bool {
    match template {
        ClaimTemplate::User(UserClaim::Id | UserClaim::Username | UserClaim::Email) => true,
        ClaimTemplate::Value(value) => value.is_string(),
        ClaimTemplate::User(_) => false,
    }
}
