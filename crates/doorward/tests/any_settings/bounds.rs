//! Durations and numbers that are too great to mean anything stop the start.

use super::{Case, keys};

fn of_kind(kind: &str) -> Vec<String> {
    let keys = keys::all().into_iter().filter(|key| key.kind == kind);
    keys.map(|key| key.name).collect()
}

#[test]
fn every_duration_has_an_end_that_is_told() {
    let names = of_kind("duration");
    assert!(names.len() > 25, "{names:?}");
    for name in names {
        for long in ["2919000d", "213503982334d", "18446744073709551615ms"] {
            let errors = Case::with_key(&format!("{name} = \"{long}\"")).errors();
            let told = |error: &String| {
                error.contains(&format!(" {name}: ")) && error.contains("the longest is 365")
            };
            assert!(errors.iter().any(told), "{name} = {long}: {errors:#?}");
        }
    }
}

#[test]
fn ages_that_no_cookie_and_no_token_has_are_refused() {
    for (name, short) in [
        ("session.cookie_age", "0s"),
        ("session.cookie_age", "999ms"),
        ("csrf.cookie_age", "0s"),
        ("jwt.access_token_lifetime", "0s"),
        ("jwt.access_token_lifetime", "1ms"),
        ("jwt.refresh_token_lifetime", "0s"),
        ("jwt.sliding_token_lifetime", "0s"),
        ("token.max_age", "0s"),
        ("passwords.reset_timeout", "0s"),
        ("lockout.window", "0s"),
        ("lockout.cool_off", "0s"),
        ("redis.timeout", "0s"),
        ("server.header_timeout", "0s"),
    ] {
        let errors = Case::with_key(&format!("{name} = \"{short}\"")).errors();
        assert!(
            errors.iter().any(|error| error.contains(name)),
            "{name} = {short}: {errors:#?}"
        );
    }
}

#[test]
fn no_number_is_too_great_to_be_judged() {
    for name in of_kind("whole number") {
        for great in [
            "9223372036854775807",
            "18446744073709551616",
            "4294967296",
            "-1",
            "1e300",
            "nan",
        ] {
            let _ = Case::with_key(&format!("{name} = {great}")).load();
        }
        let errors = Case::with_key(&format!("{name} = 9223372036854775807")).errors();
        assert!(errors.iter().all(|error| error.contains(&name)), "{errors:#?}");
    }
}
