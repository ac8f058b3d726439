//! Passwords against what Django answered (`interop/vectors/`), and against anything at all.
#![cfg(feature = "passwords")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::time::{Duration, Instant};

use doorward_django::passwords::{
    Algorithm, Argon2Parameters, Caps, Hashers, HashersError, Parameters, Refusal, SALT_BYTES,
    ScryptParameters, Update, Verdict,
};
use proptest::prelude::*;
use serde::Deserialize;

/// `COST` of `interop/golden/make_passwords.py`.
const CHEAP: Parameters = Parameters {
    pbkdf2_sha256: 10,
    pbkdf2_sha1: 10,
    argon2: Argon2Parameters {
        memory: 64,
        time: 1,
        parallelism: 2,
    },
    bcrypt: 5,
    scrypt: ScryptParameters {
        work_factor: 16,
        block_size: 4,
        parallelism: 2,
    },
};

/// Caps low enough that any hash is judged in no time.
const LOW_CAPS: Caps = Caps {
    pbkdf2: 100,
    argon2: Argon2Parameters {
        memory: 128,
        time: 2,
        parallelism: 2,
    },
    bcrypt: 6,
    scrypt_memory: 64 * 1024,
    scrypt_parallelism: 4,
};

/// All algorithms, one of them preferred.
fn hashers(preferred: Algorithm) -> Hashers {
    let others = Algorithm::ALL
        .into_iter()
        .filter(|algorithm| *algorithm != preferred);
    let order = [preferred].into_iter().chain(others).collect();
    Hashers::new(order).unwrap().with_parameters(CHEAP).unwrap()
}

fn vectors<T: serde::de::DeserializeOwned>(file: &str) -> T {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../interop/vectors/");
    serde_json::from_str(&std::fs::read_to_string(format!("{folder}{file}")).unwrap()).unwrap()
}

#[derive(Deserialize)]
struct Verified {
    password: String,
    encoded: String,
    preferred: String,
    #[serde(default)]
    raises: bool,
    #[serde(default)]
    correct: bool,
    #[serde(default)]
    must_update: bool,
}

#[derive(Deserialize)]
struct Golden {
    verify: Vec<Verified>,
}

#[test]
fn verdicts_are_django_s() {
    let golden: Golden = vectors("passwords.json");
    let differing: Vec<_> = golden
        .verify
        .iter()
        .filter(|row| {
            let verdict = hashers(row.preferred.parse().unwrap()).check_password(&row.password, &row.encoded);
            let correct = row.correct && !row.raises;
            let expected = if row.must_update {
                Update::Needed
            } else {
                Update::None
            };
            match verdict {
                Verdict::Correct { must_update } => !correct || must_update != expected,
                Verdict::Wrong { .. } => correct,
            }
        })
        .map(|row| (&row.preferred, &row.encoded, &row.password))
        .collect();
    assert!(golden.verify.len() > 900);
    assert!(differing.is_empty(), "{differing:#?}");
}

#[test]
fn an_update_is_judged_without_the_password() {
    let golden: Golden = vectors("passwords.json");
    for row in golden.verify.iter().filter(|row| row.correct) {
        let update = hashers(row.preferred.parse().unwrap()).must_update(&row.encoded);
        assert_eq!(
            update == Update::Needed,
            row.must_update,
            "{} {}",
            row.preferred,
            row.encoded
        );
    }
}

#[derive(Deserialize)]
struct Shipped {
    vectors: Vec<ShippedVector>,
}

#[derive(Deserialize)]
struct ShippedVector {
    algorithm: String,
    password: String,
    encoded: String,
    verify: bool,
}

#[test]
fn the_shipped_vectors_verify() {
    let shipped: Shipped = vectors("hashers.json");
    assert!(shipped.vectors.len() >= 79);
    for vector in shipped.vectors {
        let verdict =
            hashers(vector.algorithm.parse().unwrap()).check_password(&vector.password, &vector.encoded);
        assert_eq!(
            verdict.is_correct(),
            vector.verify,
            "{} {}",
            vector.password,
            vector.encoded
        );
    }
}

#[test]
fn the_known_answers_verify() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../interop/vectors/known_answers.txt"
    );
    let text = std::fs::read_to_string(folder).unwrap();
    let hashers = Hashers::new(Algorithm::ALL.to_vec()).unwrap();
    let hashes: Vec<_> = text.lines().take(7).collect();
    for encoded in hashes {
        assert!(hashers.check_password("pw", encoded).is_correct(), "{encoded}");
    }
}

#[test]
fn what_is_made_is_right_and_up_to_date() {
    let salt_bytes: [u8; SALT_BYTES] = std::array::from_fn(|index| (index * 37) as u8);
    for algorithm in Algorithm::ALL {
        let hashers = hashers(algorithm);
        for password in ["", "secret", "pässwörd", "a\0b", &"x".repeat(5000)] {
            let encoded = hashers.make_password(password, &salt_bytes).unwrap();
            let verdict = hashers.check_password(password, &encoded);
            assert_eq!(
                verdict,
                Verdict::Correct {
                    must_update: Update::None
                },
                "{encoded}"
            );
            let wrong = hashers.check_password("another", &encoded);
            assert_eq!(
                wrong,
                Verdict::Wrong {
                    reason: Refusal::Mismatch
                }
            );
        }
    }
}

#[test]
fn the_salt_is_in_the_random_bytes() {
    let make = |byte| {
        hashers(Algorithm::Md5)
            .make_password("secret", &[byte; SALT_BYTES])
            .unwrap()
    };
    assert_eq!(make(0).split('$').nth(1), Some("aaaaaaaaaaaaaaaaaaaaaa"));
    assert_ne!(make(0), make(1));
}

#[test]
fn bcrypt_cuts_after_72_bytes_as_older_djangos_did() {
    let hashers = hashers(Algorithm::Bcrypt);
    let encoded = hashers.make_password(&"a".repeat(80), &[9; SALT_BYTES]).unwrap();
    assert!(hashers.check_password(&"a".repeat(72), &encoded).is_correct());
    assert!(!hashers.check_password(&"a".repeat(71), &encoded).is_correct());
}

#[test]
fn refusals_say_why() {
    let hashers = hashers(Algorithm::Pbkdf2Sha256);
    for (encoded, reason) in [
        ("", Refusal::Unknown),
        ("plain", Refusal::Unknown),
        ("unknown$1$salt$hash", Refusal::Unknown),
        ("5f4dcc3b5aa765d61d8327deb882cf99", Refusal::Unknown),
        ("!", Refusal::Unusable),
        ("!pbkdf2_sha256$10$salt$hash", Refusal::Unusable),
        ("pbkdf2_sha256$ten$salt$hash", Refusal::Malformed),
        ("scrypt$15$salt$8$1$hash", Refusal::Malformed),
        ("pbkdf2_sha256$10$salt$hash", Refusal::Mismatch),
        ("pbkdf2_sha1$5000001$salt$hash", Refusal::PastCap),
        ("pbkdf2_sha256$1000000000000$salt$hash", Refusal::PastCap),
        (
            "argon2$argon2id$v=19$m=4194304,t=1,p=1$c2FsdHNhbHRzYWx0$AAAAAA",
            Refusal::PastCap,
        ),
        (
            "argon2$argon2id$v=19$m=64,t=2147483648,p=1$c2FsdHNhbHRzYWx0$AAAAAA",
            Refusal::PastCap,
        ),
        (
            "argon2$argon2id$v=19$m=134217720,t=1,p=16777215$c2FsdHNhbHRzYWx0$AAAAAA",
            Refusal::PastCap,
        ),
        ("scrypt$1073741824$salt$8$1$hash", Refusal::PastCap),
        ("scrypt$2$salt$524288$16$hash", Refusal::PastCap),
        ("bcrypt$$2b$31$abcdefghijklmnopqrstuu", Refusal::PastCap),
    ] {
        assert_eq!(
            hashers.check_password("x", encoded),
            Verdict::Wrong { reason },
            "{encoded}"
        );
    }
    assert_eq!(hashers.must_update("!"), Update::None);
}

#[test]
fn an_algorithm_that_is_not_listed_is_unknown() {
    let encoded = hashers(Algorithm::Md5)
        .make_password("secret", &[0; SALT_BYTES])
        .unwrap();
    let reason = Refusal::Unknown;
    assert_eq!(
        Hashers::default().check_password("secret", &encoded),
        Verdict::Wrong { reason }
    );
}

#[test]
fn caps_may_be_raised_and_never_bind_new_hashes() {
    let encoded = hashers(Algorithm::Pbkdf2Sha256)
        .make_password("secret", &[0; SALT_BYTES])
        .unwrap();
    let tight = Caps {
        pbkdf2: 1,
        ..Caps::default()
    };
    let own = hashers(Algorithm::Pbkdf2Sha256).with_caps(tight);
    assert!(own.check_password("secret", &encoded).is_correct());
    let lower = Parameters {
        pbkdf2_sha256: 5,
        pbkdf2_sha1: 5,
        ..CHEAP
    };
    let strict = own.clone().with_parameters(lower).unwrap();
    let reason = Refusal::PastCap;
    assert_eq!(
        strict.check_password("secret", &encoded),
        Verdict::Wrong { reason }
    );
    let raised = strict.with_caps(Caps::default());
    assert!(raised.check_password("secret", &encoded).is_correct());
}

#[test]
fn impossible_settings_are_refused() {
    assert_eq!(Hashers::new(vec![]).unwrap_err(), HashersError::Empty);
    type Change = fn(&mut Parameters);
    let changes: [(Change, Algorithm); 10] = [
        (|parameters| parameters.pbkdf2_sha256 = 0, Algorithm::Pbkdf2Sha256),
        (|parameters| parameters.pbkdf2_sha1 = 0, Algorithm::Pbkdf2Sha1),
        (|parameters| parameters.argon2.memory = 15, Algorithm::Argon2),
        (|parameters| parameters.argon2.time = 0, Algorithm::Argon2),
        (
            |parameters| parameters.argon2.parallelism = u32::MAX,
            Algorithm::Argon2,
        ),
        (|parameters| parameters.bcrypt = 3, Algorithm::Bcrypt),
        (|parameters| parameters.bcrypt = 32, Algorithm::Bcrypt),
        (|parameters| parameters.scrypt.work_factor = 15, Algorithm::Scrypt),
        (|parameters| parameters.scrypt.parallelism = 0, Algorithm::Scrypt),
        (
            |parameters| parameters.scrypt.block_size = u32::MAX,
            Algorithm::Scrypt,
        ),
    ];
    for (change, algorithm) in changes {
        let mut parameters = CHEAP;
        change(&mut parameters);
        let refused = Hashers::default().with_parameters(parameters).unwrap_err();
        assert_eq!(refused, HashersError::Parameters(algorithm));
    }
}

/// The least of a few measurements: the machine may only ever add to the time that work takes.
#[expect(
    clippy::disallowed_methods,
    reason = "what is measured here is the time itself"
)]
fn least_time(mut work: impl FnMut()) -> Duration {
    let once = |_| {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    (0..3).map(once).min().unwrap()
}

#[test]
fn every_refusal_costs_a_hash() {
    let weak = |algorithm| {
        hashers(algorithm)
            .make_password("secret", &[0; SALT_BYTES])
            .unwrap()
    };
    let strong = Parameters {
        pbkdf2_sha256: 50_000,
        pbkdf2_sha1: 50_000,
        argon2: Argon2Parameters {
            memory: 4 * 1024,
            ..CHEAP.argon2
        },
        bcrypt: 7,
        scrypt: ScryptParameters {
            work_factor: 1 << 12,
            ..CHEAP.scrypt
        },
    };
    for preferred in Algorithm::ALL
        .into_iter()
        .filter(|algorithm| *algorithm != Algorithm::Md5)
    {
        let hashers = hashers(preferred).with_parameters(strong).unwrap();
        let mut usual = least_time(|| hashers.dummy("wrong"));
        let past_cap = "scrypt$1073741824$salt$8$1$hash".to_owned();
        let mut encoded = vec!["!".to_owned(), String::new(), "md5$salt".to_owned(), past_cap];
        encoded.extend(Algorithm::ALL.map(weak));
        for encoded in encoded {
            let spent = least_time(|| assert!(!hashers.check_password("wrong", &encoded).is_correct()));
            if spent <= usual / 4 {
                // The machine may have been busy when it was measured first.
                usual = usual.min(least_time(|| hashers.dummy("wrong")));
            }
            assert!(
                spent > usual / 4,
                "{preferred}: {encoded:?} took {spent:?} of {usual:?}"
            );
        }
    }
}

/// Text that looks like a hash: a real one's parts, with any part replaced.
fn almost_a_hash() -> impl Strategy<Value = String> {
    let part = prop_oneof![
        Just(String::new()),
        any::<u32>().prop_map(|number| number.to_string()),
        (0_u32..64).prop_map(|number| number.to_string()),
        "[a-zA-Z0-9./+=]{0,60}",
        prop::sample::select(vec![
            "argon2id", "argon2i", "argon2d", "v=19", "v=16", "2b", "2a", "05", "salt"
        ])
        .prop_map(str::to_owned),
        (any::<u32>(), any::<u32>(), any::<u32>()).prop_map(|(m, t, p)| format!("m={m},t={t},p={p}")),
        (0_u32..130, 0_u32..4, 0_u32..4).prop_map(|(m, t, p)| format!("m={m},t={t},p={p}")),
        any::<String>(),
    ];
    let name = prop::sample::select(Algorithm::ALL.to_vec());
    (name, prop::collection::vec(part, 0..8)).prop_map(|(name, parts)| format!("{name}${}", parts.join("$")))
}

proptest! {
    #[test]
    fn any_hash_has_a_verdict(password: String, encoded: String) {
        let verdict = hashers(Algorithm::Pbkdf2Sha256).with_caps(LOW_CAPS).check_password(&password, &encoded);
        prop_assert!(!verdict.is_correct());
    }

    #[test]
    fn almost_any_hash_has_a_verdict(
        encoded in almost_a_hash(),
        preferred in prop::sample::select(Algorithm::ALL.to_vec()),
    ) {
        let hashers = hashers(preferred).with_caps(LOW_CAPS);
        let verdict = hashers.check_password("secret", &encoded);
        prop_assert!(!verdict.is_correct());
        let _ = hashers.must_update(&encoded);
    }

    #[test]
    fn what_was_changed_is_wrong(
        algorithm in prop::sample::select(Algorithm::ALL.to_vec()),
        at in any::<prop::sample::Index>(),
        with in "[a-zA-Z0-9$=,/+]",
    ) {
        let hashers = hashers(algorithm).with_caps(LOW_CAPS);
        let mut encoded = hashers.make_password("secret", &[3; SALT_BYTES]).unwrap();
        let at = at.index(encoded.len());
        let changed = encoded.get(at..=at) != Some(with.as_str());
        encoded.replace_range(at..=at, &with);
        // bcrypt ignores its version, so that Python and this both take `$2a$` for `$2b$`.
        let version = encoded.contains("$2a$") || encoded.contains("$2x$") || encoded.contains("$2y$");
        prop_assert_eq!(hashers.check_password("secret", &encoded).is_correct(), !changed || version);
    }
}
