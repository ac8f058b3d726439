//! `session.login_redirect`, `session.logout_redirect`: addresses that a browser can be sent to.

use doorward_core::settings::{Findings, SessionSettings};
use http::Uri;

pub(super) fn check(session: &SessionSettings, found: &mut Findings) {
    let places = [
        ("session.login_redirect", &session.login_redirect),
        ("session.logout_redirect", &session.logout_redirect),
    ];
    for (key, place) in places {
        if let Some(place) = place {
            address(key, place, found);
        }
    }
}

fn address(key: &str, text: &str, found: &mut Findings) {
    found.require(is_path(text) || is_address(text), key, || {
        let text = text.escape_debug();
        format!(
            "`{text}` is no place to go; write a path, such as `/`, or an address, such as `https://app.example/`"
        )
    });
}

/// Two slashes, or one and a backslash, would name another host.
fn is_path(text: &str) -> bool {
    text.starts_with('/') && !text.starts_with("//") && !text.starts_with("/\\") && !has_control(text)
}

fn is_address(text: &str) -> bool {
    let uri = text.parse::<Uri>().unwrap_or_default();
    matches!(uri.scheme_str(), Some("http" | "https")) && uri.host().is_some_and(|host| !host.is_empty())
}

fn has_control(text: &str) -> bool {
    text.chars().any(char::is_control)
}
