//! Rows 145 to 148: hashes in the database that nobody made, or that nobody could compute.

use doorward::clock::{Clock, SystemClock};

use super::site::{PASSWORD, Site, basic};

const BASE64: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

fn malformed() -> Vec<(&'static str, String)> {
    vec![
        ("145 no number", format!("pbkdf2_sha256$abc$salt${BASE64}")),
        ("145 no rounds", format!("pbkdf2_sha256$$salt${BASE64}")),
        ("145 less than none", format!("pbkdf2_sha256$-1$salt${BASE64}")),
        ("145 parts", "pbkdf2_sha256$1000".to_owned()),
        ("145 more parts", "pbkdf2_sha256$1$2$3$4$5$6".to_owned()),
        ("145 bcrypt", "bcrypt_sha256$garbage".to_owned()),
        ("145 bcrypt salt", "bcrypt_sha256$$2b$12$short".to_owned()),
        ("145 bcrypt cost", format!("bcrypt$$2b$99${}", "a".repeat(53))),
        ("145 scrypt", format!("scrypt$salt$1000$8$1${BASE64}")),
        ("145 scrypt 0", format!("scrypt$0$salt$0$0${BASE64}")),
        ("146 0 rounds", format!("pbkdf2_sha256$0$salt${BASE64}")),
        ("146 unknown", "sha9000$salt$hash".to_owned()),
        ("146 unusable", "!".to_owned()),
        ("146 unusable, long", format!("!{}", "a".repeat(40))),
        ("146 empty", String::new()),
        ("146 garbage", "\u{1f511}$\u{0}$$".to_owned()),
        ("146 plain", PASSWORD.to_owned()),
        ("146 very long", "$".repeat(100_000)),
        ("146 md5", "md5$salt$00000000000000000000000000000000".to_owned()),
    ]
}

fn costly() -> Vec<(&'static str, String)> {
    let argon2 = |head: &str| format!("argon2$argon2id$v=19${head}$c2FsdHNhbHRzYWx0$AAAAAAAAAAAAAAAAAAAAAA");
    vec![
        ("147 argon2 4 GiB", argon2("m=4194304,t=1,p=1")),
        ("147 argon2 rounds", argon2("m=8,t=2147483648,p=1")),
        ("147 argon2 lanes", argon2("m=134217720,t=1,p=16777215")),
        ("147 pbkdf2", format!("pbkdf2_sha256$1000000000000$salt${BASE64}")),
        (
            "147 pbkdf2 u32",
            format!("pbkdf2_sha256$4294967295$salt${BASE64}"),
        ),
        (
            "147 pbkdf2 sha1",
            format!("pbkdf2_sha1$1000000000000$salt${BASE64}"),
        ),
        ("147 scrypt", format!("scrypt$1073741824$salt$8$1${BASE64}")),
        ("147 scrypt p", format!("scrypt$16384$salt$8$1073741823${BASE64}")),
        ("147 bcrypt", format!("bcrypt$$2b$31${}", "a".repeat(53))),
        (
            "147 bcrypt sha256",
            format!("bcrypt_sha256$$2b$31${}", "a".repeat(53)),
        ),
        (
            "148 argon2i",
            "argon2$argon2i$m=512,t=2,p=2$c2FsdA$AAAAAAAAAAAAAAAAAAAAAA".to_owned(),
        ),
        (
            "148 argon2d",
            "argon2$argon2d$v=19$m=512,t=2,p=2$c2FsdHNhbHQ$AAAAAAAAAAAAAAAAAAAAAA".to_owned(),
        ),
        (
            "148 short hash",
            "argon2$argon2id$v=19$m=512,t=2,p=2$c2FsdHNhbHQ$AA".to_owned(),
        ),
        (
            "148 junk",
            "argon2$argon2id$v=19$m=512,t=2,p=2$!!!!$????".to_owned(),
        ),
    ]
}

#[test]
fn hashes_that_nobody_can_compute_let_nobody_in_and_take_no_time() {
    let site = Site::new();
    for (row, hash) in malformed().into_iter().chain(costly()) {
        let sql = "UPDATE auth_user SET password = ? WHERE username = 'bob'";
        assert_eq!(site.sql(sql, [hash.as_str().into()]), 1);
        let start = SystemClock.monotonic().as_micros();
        let answer = site.authorize(basic("bob", PASSWORD));
        let took = SystemClock.monotonic().as_micros() - start;
        assert!(took < 1_000_000, "{row}: {took} µs");
        assert!(
            answer.body().contains("Invalid username/password."),
            "{row}: {answer:?}"
        );
        site.refuses(row, &answer, &[401]);
        let body = format!("{{\"username\": \"bob\", \"password\": \"{PASSWORD}\"}}");
        site.refuses(row, &site.post("/api/token/", &body), &[401]);
        site.refuses(row, &site.post("/api-token-auth/", &body), &[400]);
        let log = site.server.log();
        assert!(
            hash.len() < 20 || !log.contains(&hash),
            "{row}: the hash is in the log"
        );
    }
}
