//! CSRF tokens, and where a request says it comes from.

#![no_main]

use doorward_django::csrf::{CsrfSource, CsrfTokens, TrustedOrigins, check_source, check_token};
use doorward_django::urls::Scheme;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|parts: (&str, &str, &str, bool)| {
    let (first, second, third, secure) = parts;
    let _ = check_token(&CsrfTokens {
        cookie: Some(first),
        post: Some(second),
        header: Some(third),
        header_name: "X-CSRFToken",
    })
    .map_err(|refused| refused.to_string());
    let source = CsrfSource {
        origin: secure.then_some(first),
        referer: Some(second),
        scheme: if secure { Scheme::Http } else { Scheme::Https },
        host: Some(third),
        server_port: 443,
        cookie_domain: None,
    };
    for trusted in [vec![], vec!["https://*.example.com"], vec![first]] {
        if let Ok(trusted) = TrustedOrigins::parse(trusted) {
            let _ = check_source(&source, &trusted).map_err(|refused| refused.to_string());
        }
    }
});
