//! Signed values and stored sessions, also those that are rightly signed: what is inside is decoded then.

#![no_main]

use std::time::Duration;

use doorward_django::secret::{SecretKey, SecretKeys};
use doorward_django::sessions::{self, SessionExpiry, SessionKey};
use doorward_django::signing::{loads, sign_with_timestamp, unsign, unsign_with_timestamp};
use doorward_django::timestamp::Timestamp;
use libfuzzer_sys::fuzz_target;

/// `SessionStore.key_salt`
const SESSIONS: &str = "django.contrib.sessions.SessionStore";

fuzz_target!(|text: &str| {
    let key = SecretKey::new("a key for fuzzing, which is no secret");
    let keys = SecretKeys::new(key.clone());
    let now = Timestamp::from_secs(1_700_000_000);
    let _ = unsign(text, "salt", &keys);
    let _ = unsign_with_timestamp(text, "salt", &keys).map(|it| it.within(Duration::from_secs(1), now));
    let _ = loads(text, "salt", &keys);
    let _ = SessionKey::parse(text);
    let _ = sessions::decode(text, &keys);
    let signed = sign_with_timestamp(text, now, SESSIONS, &key);
    let _ = loads(&signed, SESSIONS, &keys);
    let Ok(data) = sessions::decode(&signed, &keys) else {
        return;
    };
    let expiry = SessionExpiry::of(&data);
    let _ = (expiry.age(Duration::MAX, now), expiry.date(Duration::MAX, now));
    let again = sessions::encode(&data, now, &key);
    assert_eq!(sessions::decode(&again, &keys).ok(), Some(data));
});
