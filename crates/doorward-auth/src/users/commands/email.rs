//! Whether a text is an e-mail address.

use doorward_django::emails::validate_email;

/// What is wrong with an address, in Django's words; an empty one is fine.
pub(super) fn check(email: &str) -> Option<String> {
    let judged = match email {
        "" => Ok(()),
        email => validate_email(email),
    };
    let errors = judged.err()?;
    let sentences: Vec<_> = errors.into_iter().map(|error| error.message).collect();
    Some(sentences.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_from_other_texts() {
        assert_eq!(check(""), None);
        assert_eq!(check("a.b+c@bücher.example"), None);
        assert_eq!(check("a@b").as_deref(), Some("Enter a valid email address."));
        let long = check(&format!("{}@b.co", "a".repeat(250)));
        let expected = "Ensure this value has at most 254 characters (it has 255).";
        assert_eq!(long.as_deref(), Some(expected));
    }
}
