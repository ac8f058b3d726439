//! Passwords, sessions and tokens: a few of each kind, and whether these settings open them.

use std::collections::BTreeMap;

use doorward::Doorward;
use doorward::command::Failure;
use doorward::django::passwords::{Algorithm, Update, identify, is_password_usable};
use doorward::django::secret::Secret;
use doorward::django::sessions::{BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, decode};
use doorward::jwt::verification;
use doorward::samples::Samples;
use doorward::settings::AuthenticatorName;

use super::trial::{Outcome, Trial};

pub(super) async fn trials(door: &Doorward) -> Result<Vec<Trial>, Failure> {
    let samples = door.samples().await?;
    let (sessions, opaque) = (sessions(door, &samples).await?, opaque(door, &samples).await?);
    let tokens = tokens(door, &samples).await;
    let closed = |names: &[AuthenticatorName]| left_out(door, names);
    Ok(vec![
        passwords(door, &samples),
        Trial::of("sessions", &sessions).closed_by(closed(&[AuthenticatorName::Session])),
        Trial::of("opaque tokens", &opaque).closed_by(closed(&[AuthenticatorName::Token])),
        Trial::of("JSON web tokens", &tokens)
            .closed_by(closed(&[AuthenticatorName::Jwt, AuthenticatorName::JwtStateless])),
    ])
}

/// Why no route takes what those authenticators read.
fn left_out(door: &Doorward, names: &[AuthenticatorName]) -> Option<String> {
    let on = &door.settings().rest.authentication;
    let wanted = names
        .first()
        .filter(|_| !names.iter().any(|name| on.contains(name)))?;
    Some(format!(
        "`rest.authentication` does not name `{}`",
        wanted.as_str()
    ))
}

/// By hasher; those that log nobody in by design are left out.
fn passwords(door: &Doorward, samples: &Samples) -> Trial {
    let usable = samples.passwords.iter().map(Secret::expose);
    let usable: Vec<_> = usable.filter(|encoded| is_password_usable(encoded)).collect();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for encoded in &usable {
        let known =
            identify(encoded).filter(|algorithm| door.passwords().hashers().order().contains(algorithm));
        *kinds.entry(known.map_or("unknown", Algorithm::name)).or_default() += 1;
    }
    let told: Vec<_> = kinds
        .iter()
        .map(|(kind, count)| format!("{kind} {count}"))
        .collect();
    let (outcome, found) = match (usable.is_empty(), kinds.contains_key("unknown")) {
        (true, _) => (Outcome::Untried, "there is none".to_owned()),
        (_, true) => (Outcome::Failed, told.join(", ")),
        _ => (Outcome::Works, told.join(", ") + &made_anew(door, &usable)),
    };
    Trial::new("passwords", outcome, found).closed_by(no_backend(door))
}

/// How many a login replaces.
fn made_anew(door: &Doorward, usable: &[&String]) -> String {
    let hashers = door.passwords().hashers();
    let others = usable
        .iter()
        .filter(|encoded| hashers.must_update(encoded) == Update::Needed);
    match others.count() {
        0 => String::new(),
        count => format!(
            "; {count} of other costs, or by another hasher, than a new one (`[passwords.costs]`): a login makes each \
             anew, and ends its user's sessions"
        ),
    }
}

fn no_backend(door: &Doorward) -> Option<String> {
    let reason = "nobody logs in by a password: `passwords.backends` is empty";
    door.backends().is_empty().then(|| reason.to_owned())
}

async fn sessions(door: &Doorward, samples: &Samples) -> Result<Vec<Result<(), String>>, Failure> {
    let mut tried = Vec::new();
    for data in &samples.sessions {
        match decode(data.expose(), door.secret_keys()) {
            Err(_) => tried.push(Err(
                "`secret_key` did not sign it: is it the one that Django runs with?".to_owned(),
            )),
            Ok(data) if !data.contains_key(SESSION_KEY) => {}
            Ok(data) => {
                let text = |key: &str| data.get(key).and_then(|value| value.as_str()).unwrap_or_default();
                let login = [
                    text(SESSION_KEY),
                    text(BACKEND_SESSION_KEY),
                    text(HASH_SESSION_KEY),
                ];
                tried.push(session(door, login).await?);
            }
        }
    }
    Ok(tried)
}

/// Whether a login counts: of that user, by that backend, with that hash.
async fn session(door: &Doorward, [user, backend, hash]: [&str; 3]) -> Result<Result<(), String>, Failure> {
    let is_own = door.backends().iter().any(|own| own.path() == backend);
    if !is_own && !door.accepts_sessions_of(backend) {
        return Ok(Err(format!("name {backend} in `rest.session_backends`")));
    }
    let users = &door.stores().users;
    let found = match users.parse_id(user) {
        Some(id) => users.by_id(&id).await?,
        None => None,
    };
    Ok(match found {
        None => Err("its user is not found".to_owned()),
        Some(user) if door.verify_session_auth_hash(hash, &user).is_none() => {
            Err("its hash is another one: see `user.session_auth_hash`".to_owned())
        }
        Some(_) => Ok(()),
    })
}

async fn opaque(door: &Doorward, samples: &Samples) -> Result<Vec<Result<(), String>>, Failure> {
    let mut tried = Vec::new();
    for key in &samples.opaque_tokens {
        let found = door.stores().auth_tokens.by_key(key.expose()).await?;
        tried.push(found.map(drop).ok_or_else(|| "its user is not found".to_owned()));
    }
    Ok(tried)
}

async fn tokens(door: &Doorward, samples: &Samples) -> Vec<Result<(), String>> {
    let mut tried = Vec::new();
    for token in &samples.json_web_tokens {
        let verified = verification::verify(door, token).await;
        tried.push(verified.map_err(|refused| format!("{refused}")));
    }
    tried
}
