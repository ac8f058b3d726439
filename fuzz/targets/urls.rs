//! Hosts, and addresses to send a browser to.

#![no_main]

use doorward_django::urls::{
    RequireHttps, escape_leading_slashes, escape_uri_path, iri_to_uri, is_same_domain, split_domain_port,
    url_has_allowed_host_and_scheme, validate_host,
};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|url: &str| {
    if let Some(parsed) = split_domain_port(url) {
        assert!(parsed.port.bytes().all(|byte| byte.is_ascii_digit()));
    }
    let _ = validate_host(url, &[".example.com", "[::1]"]).map_err(|refused| refused.to_string());
    let _ = is_same_domain(url, url);
    let _ = (iri_to_uri(url), escape_uri_path(url));
    assert!(!escape_leading_slashes(url).starts_with("//"));
    let is_safe = |require| url_has_allowed_host_and_scheme(url, &["good.com"], require);
    assert!(
        is_safe(RequireHttps::No) || !is_safe(RequireHttps::Yes),
        "the stricter question has the fewer answers"
    );
});
