//! [`Trial`]: one kind of credential, and whether these settings open it.

use std::collections::BTreeMap;

use doorward::Doorward;
use doorward::command::Failure;
use doorward::django::passwords::{Algorithm, identify, is_password_usable};
use doorward::django::secret::Secret;
use doorward::django::sessions::{BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, decode};
use doorward::jwt::verification;
use doorward::samples::Samples;

/// What was tried, and what came of it.
#[derive(Clone, Debug)]
pub(super) struct Trial {
    pub(super) what: String,
    pub(super) outcome: Outcome,
    pub(super) found: String,
}

/// What came of a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It works.
    Works,
    /// There is nothing to try it on.
    Untried,
    /// It would not work.
    Failed,
}

impl Outcome {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Untried => "untried",
            Self::Failed => "FAILS",
        }
    }
}

impl Trial {
    fn new(what: impl Into<String>, outcome: Outcome, found: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            outcome,
            found: found.into(),
        }
    }

    /// Of many that were tried, how many work, and why the first of the others does not. One that works is enough: older
    /// ones may stand on a password, or a key, that has been replaced since.
    fn of(what: &str, tried: &[Result<(), String>]) -> Self {
        let working = tried.iter().filter(|one| one.is_ok()).count();
        let problem = tried.iter().find_map(|one| one.as_ref().err());
        let count = format!("{working} of {}", tried.len());
        match (tried.is_empty(), working, problem) {
            (true, ..) => Self::new(what, Outcome::Untried, "there is none"),
            (_, 0, Some(problem)) => Self::new(what, Outcome::Failed, format!("{count}: {problem}")),
            (_, _, Some(problem)) => Self::new(what, Outcome::Works, format!("{count}; another: {problem}")),
            (_, _, None) => Self::new(what, Outcome::Works, count),
        }
    }
}

/// Each table that is used, compared column by column.
pub(super) async fn tables(door: &Doorward) -> Result<Vec<Trial>, Failure> {
    let problems = door.migrator().problems().await?;
    let failed = problems.iter().map(|problem| {
        let outcome = if problem.stops() {
            Outcome::Failed
        } else {
            Outcome::Works
        };
        Trial::new("tables", outcome, format!("{problem}: {}", problem.advice()))
    });
    let mut trials: Vec<_> = failed.collect();
    if trials.is_empty() {
        trials.push(Trial::new(
            "tables",
            Outcome::Works,
            "all columns are as they should be",
        ));
    }
    Ok(trials)
}

/// A few of each kind of credential.
pub(super) async fn credentials(door: &Doorward) -> Result<Vec<Trial>, Failure> {
    let samples = door.samples().await?;
    Ok(vec![
        passwords(&samples),
        Trial::of("sessions", &sessions(door, &samples).await?),
        Trial::of("opaque tokens", &opaque(door, &samples).await?),
        Trial::of("JSON web tokens", &tokens(door, &samples).await),
    ])
}

/// By hasher; those that log nobody in by design are left out.
fn passwords(samples: &Samples) -> Trial {
    let usable = samples.passwords.iter().map(Secret::expose);
    let usable: Vec<_> = usable.filter(|encoded| is_password_usable(encoded)).collect();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for encoded in &usable {
        let kind = identify(encoded).map_or("unknown", Algorithm::name);
        *kinds.entry(kind).or_default() += 1;
    }
    let told: Vec<_> = kinds
        .iter()
        .map(|(kind, count)| format!("{kind} {count}"))
        .collect();
    let outcome = match (usable.is_empty(), kinds.contains_key("unknown")) {
        (true, _) => Outcome::Untried,
        (_, true) => Outcome::Failed,
        _ => Outcome::Works,
    };
    Trial::new("passwords", outcome, told.join(", "))
}

async fn sessions(door: &Doorward, samples: &Samples) -> Result<Vec<Result<(), String>>, Failure> {
    let mut tried = Vec::new();
    for data in &samples.sessions {
        match decode(data.expose(), door.secret_keys()) {
            Err(_) => tried.push(Err("the secret key did not sign it".to_owned())),
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
