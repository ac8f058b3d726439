//! Whether a text is an e-mail address (`django.core.validators.EmailValidator`).

use std::net::IpAddr;

/// `EmailField`'s greatest length.
const LONGEST: usize = 254;

/// What is wrong with an address, in Django's words; an empty one is fine.
pub(in crate::commands) fn check(email: &str) -> Option<String> {
    let length = email.chars().count();
    if length > LONGEST {
        return Some(format!(
            "Ensure this value has at most {LONGEST} characters (it has {length})."
        ));
    }
    match email.is_empty() || is_address(email) {
        true => None,
        false => Some("Enter a valid email address.".to_owned()),
    }
}

fn is_address(email: &str) -> bool {
    email
        .rsplit_once('@')
        .is_some_and(|(user, domain)| is_user(user) && is_domain(domain))
}

/// Atoms with dots between them; a quoted text is not taken.
fn is_user(user: &str) -> bool {
    let is_atom_char = |c: char| c.is_ascii_alphanumeric() || "-!#$%&'*+/=?^_`{}|~".contains(c);
    user.split('.')
        .all(|atom| !atom.is_empty() && atom.chars().all(is_atom_char))
}

fn is_domain(domain: &str) -> bool {
    if let Some(address) = domain.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.parse::<IpAddr>().is_ok();
    }
    let Some((rest, last)) = domain.rsplit_once('.') else {
        return domain == "localhost";
    };
    let is_top =
        !last.starts_with("-") && last.chars().count() >= 2 && !last.chars().all(|c| c.is_ascii_digit());
    is_top && is_label(last) && rest.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    let inside = |c: char| c.is_alphanumeric() || c == '-';
    (1..=63).contains(&label.chars().count())
        && label.chars().all(inside)
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_texts() {
        let good = [
            "",
            "a@b.co",
            "a.b+c@localhost",
            "a@[127.0.0.1]",
            "a@bücher.example",
            "!#$@sub.example.com",
        ];
        for email in good {
            assert_eq!(check(email), None, "{email}");
        }
        let bad = [
            "a",
            "@b.co",
            "a@",
            "a@b",
            "a@b..co",
            "a..b@c.co",
            "a@-b.co",
            "a b@c.co",
            "a@b.co\n",
            "a@b.1",
            "a@b.c",
        ];
        for email in bad {
            assert_eq!(
                check(email).as_deref(),
                Some("Enter a valid email address."),
                "{email}"
            );
        }
        assert!(check(&format!("{}@b.co", "a".repeat(250))).is_some());
    }
}
