//! Names and addresses of any length: what is folded is bounded before and after.

#![no_main]

use doorward_django::bounds::{self, MAX_NAME};
use doorward_django::urls::{RequireHttps, url_has_allowed_host_and_scheme};
use doorward_django::usernames::{
    fold_username, normalize_email, normalize_username, unicode_ci_eq, validate_username,
};
use libfuzzer_sys::fuzz_target;

/// How many characters one may become in Unicode's form NFKC.
const NFKC: usize = 18;

fuzz_target!(|text: &str| {
    let name = bounds::name(text);
    assert!(bounds::is_name(&name));
    assert_eq!(bounds::is_name(text), name == text);
    let normal = normalize_username(text);
    assert!(normal == text || normal.chars().count() <= NFKC * MAX_NAME);
    assert!(unicode_ci_eq(text, text));
    let _ = (fold_username(text), normalize_email(text), validate_username(text));
    let _ = url_has_allowed_host_and_scheme(text, &["good.example"], RequireHttps::No);
});
