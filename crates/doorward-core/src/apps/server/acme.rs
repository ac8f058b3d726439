//! Certificates by ACME.

use crate::settings::{AcmeSettings, Findings, ServerSettings};

pub(super) fn check(server: &ServerSettings, found: &mut Findings) {
    let acme = &server.acme;
    if acme.domains.is_empty() {
        return;
    }
    found.require(server.tls_cert.is_none(), "server.acme.domains", || {
        "`server.tls_cert` is set as well; take one of them out".to_owned()
    });
    found.require(acme.accept_terms, "server.acme.accept_terms", || {
        format!(
            "read the terms of service of {}, and set it to true",
            acme.directory
        )
    });
    names(acme, found);
    let is_address = acme.directory.starts_with("https://");
    found.require(is_address, "server.acme.directory", || {
        "this is no address; allowed: one that begins with https://".to_owned()
    });
    found.require(!acme.cache_dir.is_empty(), "server.acme.cache_dir", || {
        "it is empty; allowed: a folder".to_owned()
    });
}

/// TLS-ALPN-01 proves no wildcards (RFC 8737 §3).
fn names(acme: &AcmeSettings, found: &mut Findings) {
    for wrong in acme.domains.iter().filter(|name| !is_name(name)) {
        found.require(false, "server.acme.domains", || {
            let wrong = wrong.escape_debug();
            format!(
                "`{wrong}` is no name; allowed: such as `example.com`, without `*`; other letters as Punycode"
            )
        });
    }
    let are_addresses = acme.contact.iter().all(|contact| contact.starts_with("mailto:"));
    found.require(are_addresses, "server.acme.contact", || {
        "an entry is no address; allowed: such as `mailto:admin@example.com`".to_owned()
    });
}

fn is_name(name: &str) -> bool {
    let is_label =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    name.len() <= 253 && name.split('.').all(is_label)
}
