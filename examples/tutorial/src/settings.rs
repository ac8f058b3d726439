//! The settings of `doorward`, with the hashers and the rates of the reference site.

use doorward::settings::{Loader, Settings};

use crate::hooks;

/// Django's five hashers, and two more, so that every kind of seeded hash logs in.
const HASHERS: [&str; 7] = [
    "pbkdf2_sha256",
    "pbkdf2_sha1",
    "argon2",
    "bcrypt_sha256",
    "bcrypt",
    "scrypt",
    "md5",
];

/// The rates of the scopes that the probes name.
const RATES: [(&str, &str); 2] = [("burst", "3/min"), ("uploads", "2/min")];

/// File and environment; `bind` wins over both.
pub(crate) fn load(bind: Option<String>) -> doorward::Result<Settings> {
    let mut loader = Loader::new().apps(&hooks::apps());
    if let Some(address) = bind {
        loader = loader.set("server.bind", address, "--bind");
    }
    let loaded = loader.read()?;
    let own_hashers = loaded.sets("passwords.hashers");
    let mut settings = loaded.checked()?;
    if !own_hashers {
        settings.passwords.hashers = HASHERS.map(str::to_owned).into();
    }
    for (scope, rate) in RATES {
        let rates = &mut settings.throttle.rates;
        rates.entry(scope.to_owned()).or_insert_with(|| rate.to_owned());
    }
    Ok(settings)
}
