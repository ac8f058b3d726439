//! Certificates by ACME.

use super::{Checked, require};
use crate::settings::{AcmeSettings, ServerSettings};

pub(super) fn check(server: &ServerSettings) -> Checked {
    let acme = &server.acme;
    if acme.domains.is_empty() {
        return Ok(());
    }
    require(server.tls_cert.is_none(), "server.acme.domains", || {
        "`server.tls_cert` is set as well; take one of them out".to_owned()
    })?;
    require(acme.accept_terms, "server.acme.accept_terms", || {
        format!(
            "read the terms of service of {}, and set it to true",
            acme.directory
        )
    })?;
    names(acme)?;
    require(
        acme.directory.starts_with("https://"),
        "server.acme.directory",
        || {
            format!(
                "`{}` is no address; allowed: one that begins with https://",
                acme.directory
            )
        },
    )?;
    require(!acme.cache_dir.is_empty(), "server.acme.cache_dir", || {
        "it is empty; allowed: a folder".to_owned()
    })
}

/// TLS-ALPN-01 proves no wildcards (RFC 8737 §3).
fn names(acme: &AcmeSettings) -> Checked {
    let wrong = acme.domains.iter().find(|name| !is_name(name));
    require(wrong.is_none(), "server.acme.domains", || {
        let wrong = wrong.map_or("", String::as_str);
        format!(
            "`{wrong}` is no name; allowed: such as `example.com`, without `*`; other letters as Punycode"
        )
    })?;
    let wrong = acme
        .contact
        .iter()
        .find(|contact| !contact.starts_with("mailto:"));
    require(wrong.is_none(), "server.acme.contact", || {
        "an entry is no address; allowed: such as `mailto:admin@example.com`".to_owned()
    })
}

fn is_name(name: &str) -> bool {
    let is_label =
        |label: &str| !label.is_empty() && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    name.len() <= 253 && name.split('.').all(is_label)
}
