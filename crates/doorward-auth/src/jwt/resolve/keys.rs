//! From settings to a [`Keyring`]: one pair as SimpleJWT has it, or several named keys.

use std::str::FromStr;

use doorward_core::settings::{
    JwtKeySettings, JwtSettings, KeyDirectory, SecretFile, Settings, SettingsError,
};
use doorward_django::jwt::{self, Algorithm, AlgorithmError, KeyRole, Keyring, RingKey};
use doorward_django::secret::Secret;

/// The keys, strong enough: a weak secret is found by trying, and every token can then be forged.
pub(in crate::jwt) fn keyring(settings: &Settings) -> Result<Keyring, SettingsError> {
    let jwt = &settings.jwt;
    let algorithm = algorithm("jwt.algorithm", &jwt.algorithm)?;
    check_jwk_url(jwt, algorithm)?;
    if jwt.keys.is_empty() && jwt.key_directory.is_none() {
        return pair(settings, algorithm);
    }
    check_no_pair(jwt)?;
    let mut keys = Vec::new();
    for (position, key) in jwt.keys.iter().enumerate() {
        keys.push(listed(key, algorithm, position + 1)?);
    }
    if let Some(directory) = &jwt.key_directory {
        keys.extend(in_directory(directory, algorithm)?);
    }
    let place = if jwt.keys.is_empty() {
        "jwt.key_directory"
    } else {
        "jwt.keys"
    };
    Keyring::new(keys).map_err(|error| SettingsError::new(place, error.to_string()))
}

/// With `jwk_url` keys are public: a shared secret can be no part of it.
fn check_jwk_url(jwt: &JwtSettings, algorithm: Algorithm) -> Result<(), SettingsError> {
    if jwt.jwk_url.is_none() || !algorithm.is_hmac() {
        return Ok(());
    }
    let problem = format!(
        "{algorithm} has no public keys to fetch; set `jwt.algorithm` to that of the keys, such as RS256"
    );
    Err(SettingsError::new("jwt.jwk_url", problem))
}

fn check_no_pair(jwt: &JwtSettings) -> Result<(), SettingsError> {
    let set = [
        ("jwt.signing_key", jwt.signing_key.is_some()),
        ("jwt.signing_key_file", jwt.signing_key_file.is_some()),
        ("jwt.verifying_key", !jwt.verifying_key.expose().is_empty()),
        ("jwt.verifying_key_file", jwt.verifying_key_file.is_some()),
    ];
    match set.into_iter().find(|(_, set)| *set) {
        None => Ok(()),
        Some((key, _)) => {
            let problem = "stands beside `jwt.keys` or `jwt.key_directory`; make it one of the keys there";
            Err(SettingsError::new(key, problem))
        }
    }
}

/// A key as text or in a file, and the setting it comes from.
struct Given<'a> {
    setting: &'static str,
    text: Option<&'a Secret<String>>,
}

impl<'a> Given<'a> {
    fn of(
        names: [&'static str; 2],
        text: Option<&'a Secret<String>>,
        file: Option<&'a SecretFile>,
    ) -> Result<Self, SettingsError> {
        let [inline, in_file] = names;
        let text = text.filter(|text| !text.expose().trim().is_empty());
        let Some(file) = file else {
            return Ok(Self {
                setting: inline,
                text,
            });
        };
        if text.is_some() {
            let problem = format!("stands beside `{inline}`; one of the two is enough");
            return Err(SettingsError::new(in_file, problem));
        }
        Ok(Self {
            setting: in_file,
            text: Some(file.contents().ok_or_else(|| not_read(in_file))?),
        })
    }
}

fn not_read(setting: &str) -> SettingsError {
    SettingsError::new(
        setting,
        "was not read; `doorward::settings::Loader` and `doorward::Doorward` do that",
    )
}

/// One pair (`SIGNING_KEY`, `VERIFYING_KEY`); the secret key is the default of a secret only.
fn pair(settings: &Settings, algorithm: Algorithm) -> Result<Keyring, SettingsError> {
    let jwt = &settings.jwt;
    let mut signing = Given::of(
        ["jwt.signing_key", "jwt.signing_key_file"],
        jwt.signing_key.as_ref(),
        jwt.signing_key_file.as_ref(),
    )?;
    let verifying = Given::of(
        ["jwt.verifying_key", "jwt.verifying_key_file"],
        Some(&jwt.verifying_key),
        jwt.verifying_key_file.as_ref(),
    )?;
    if algorithm.is_hmac() && jwt.signing_key.is_none() && signing.text.is_none() {
        signing = Given {
            setting: "secret_key",
            text: Some(&settings.secret_key),
        };
    }
    if jwt.jwk_url.is_some() && signing.text.is_none() && verifying.text.is_none() {
        return Ok(Keyring::empty(algorithm));
    }
    let failed = |error: jwt::KeyError| match error.role() {
        KeyRole::Signing => SettingsError::new(signing.setting, error.to_string()),
        KeyRole::Verifying => SettingsError::new(verifying.setting, error.to_string()),
    };
    let secret = key_text(algorithm, &signing);
    let public = key_text(algorithm, &verifying);
    let (secret, public) = (secret.expose().as_bytes(), public.expose().as_bytes());
    jwt::check_strength(algorithm, secret).map_err(failed)?;
    let keys = jwt::Keys::new(algorithm, secret, public).map_err(failed)?;
    Ok(Keyring::from(keys))
}

/// A key as its algorithm reads it.
///
/// Editors end a file with a line break, which is no part of a secret in it. Where a text has one line only, as in many
/// an environment, the breaks of a PEM are written as `\n`: a PEM has no other backslash, and a secret may have any.
fn key_text(algorithm: Algorithm, given: &Given<'_>) -> Secret<String> {
    let text = given.text.map_or("", |text| text.expose().as_str());
    let is_in_file = given.setting.ends_with("_file");
    Secret::new(match algorithm.is_hmac() {
        true if is_in_file => text.trim_ascii_end().to_owned(),
        false if is_pem_of_one_line(text) => text.replace("\\n", "\n"),
        true | false => text.to_owned(),
    })
}

fn is_pem_of_one_line(text: &str) -> bool {
    text.starts_with("-----BEGIN ") && !text.contains('\n')
}

fn listed(key: &JwtKeySettings, algorithm: Algorithm, position: usize) -> Result<RingKey, SettingsError> {
    let failed = |problem: String| SettingsError::new("jwt.keys", format!("key {position}: {problem}"));
    let inner = |error: SettingsError| failed(format!("`{}` {}", error.key(), error.problem()));
    let algorithm = match &key.algorithm {
        Some(name) => self::algorithm("algorithm", name).map_err(inner)?,
        None => algorithm,
    };
    let signing = Given::of(
        ["signing_key", "signing_key_file"],
        key.signing_key.as_ref(),
        key.signing_key_file.as_ref(),
    );
    let verifying = Given::of(
        ["verifying_key", "verifying_key_file"],
        key.verifying_key.as_ref(),
        key.verifying_key_file.as_ref(),
    );
    let (signing, verifying) = (signing.map_err(inner)?, verifying.map_err(inner)?);
    let secret = key_text(algorithm, &signing);
    let public = key_text(algorithm, &verifying);
    let (secret, public) = (secret.expose().as_bytes(), public.expose().as_bytes());
    jwt::check_strength(algorithm, secret).map_err(|error| failed(error.to_string()))?;
    let ring_key = RingKey::new(algorithm, secret, public).map_err(|error| failed(error.to_string()))?;
    Ok(match &key.kid {
        Some(kid) => ring_key.named(kid),
        None => ring_key,
    })
}

fn in_directory(directory: &KeyDirectory, algorithm: Algorithm) -> Result<Vec<RingKey>, SettingsError> {
    let setting = "jwt.key_directory";
    let files = directory.files().ok_or_else(|| not_read(setting))?;
    files
        .iter()
        .map(|(name, file)| {
            let failed = |error: jwt::KeyError| SettingsError::new(setting, format!("{name}: {error}"));
            file.ring_key(algorithm).map_err(failed)
        })
        .collect()
}

/// The algorithm of that name.
pub(in crate::jwt) fn algorithm(setting: &str, name: &str) -> Result<Algorithm, SettingsError> {
    Algorithm::from_str(name).map_err(|error| {
        let allowed: Vec<_> = Algorithm::ALL.iter().map(|algorithm| algorithm.name()).collect();
        let allowed = allowed.join(", ");
        let problem = match error {
            AlgorithmError::Unrecognized(_) => format!("`{name}` is no algorithm; use one of {allowed}"),
            other => format!("{other}; or use one of {allowed}"),
        };
        SettingsError::new(setting, problem)
    })
}
