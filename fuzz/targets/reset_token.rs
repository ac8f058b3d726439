//! Links that reset a password, and the names that people give themselves.

#![no_main]

use std::time::Duration;

use doorward_django::baseconv::{base36_decode, base62_decode};
use doorward_django::reset_token::{ResetUser, check_token, decode_uid, encode_uid};
use doorward_django::secret::{SecretKey, SecretKeys};
use doorward_django::timestamp::Timestamp;
use doorward_django::usernames::{normalize_email, normalize_username, validate_username};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let keys = SecretKeys::new(SecretKey::new("a key for fuzzing, which is no secret"));
    let user = ResetUser {
        pk: "1",
        password: "md5$a$b",
        last_login: None,
        email: text,
    };
    let now = Timestamp::from_secs(1_700_000_000);
    assert!(
        !check_token(text, &user, now, Duration::MAX, &keys),
        "nobody guesses a token"
    );
    let _ = (base36_decode(text), base62_decode(text));
    let _ = decode_uid(text);
    assert_eq!(decode_uid(&encode_uid(text)).as_deref(), Some(text));
    let _ = (
        normalize_username(text),
        normalize_email(text),
        validate_username(text),
    );
});
