//! Stored hashes, which whoever can write a row of the user table chooses; with caps so low that time goes into parsing.

#![no_main]

use doorward_django::passwords::{
    Algorithm, Argon2Parameters, Caps, Hashers, Parameters, ScryptParameters, identify, is_password_usable,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Some((password, encoded)) = text.split_once('\n') else {
        return;
    };
    let hashers = hashers();
    let _ = (
        identify(encoded),
        is_password_usable(encoded),
        hashers.must_update(encoded),
    );
    let _ = hashers.check_password(password, encoded);
});

fn hashers() -> Hashers {
    use Algorithm::{Argon2, Bcrypt, BcryptSha256, Md5, Pbkdf2Sha1, Pbkdf2Sha256, Scrypt};
    let argon2 = Argon2Parameters {
        memory: 64,
        time: 1,
        parallelism: 2,
    };
    let scrypt = ScryptParameters {
        work_factor: 2,
        block_size: 1,
        parallelism: 1,
    };
    let parameters = Parameters {
        pbkdf2_sha256: 1,
        pbkdf2_sha1: 1,
        argon2,
        bcrypt: 4,
        scrypt,
    };
    let caps = Caps {
        pbkdf2: 8,
        argon2,
        bcrypt: 4,
        scrypt_memory: 16 * 1024,
        scrypt_parallelism: 2,
    };
    let order = vec![
        Pbkdf2Sha256,
        Pbkdf2Sha1,
        Argon2,
        BcryptSha256,
        Bcrypt,
        Scrypt,
        Md5,
    ];
    let hashers = Hashers::new(order).expect("there are some");
    hashers
        .with_caps(caps)
        .with_parameters(parameters)
        .expect("all are possible")
}
