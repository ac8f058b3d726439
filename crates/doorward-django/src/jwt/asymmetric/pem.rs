//! Keys as text (RFC 7468).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use crate::jwt::{KeyError, KeyRole};

/// One key, taken out of its text.
pub(super) struct Pem<'a> {
    /// What stands behind `BEGIN`.
    pub(super) label: &'a str,
    /// What stands between the markers, decoded; wiped, for it may be secret.
    pub(super) der: Zeroizing<Vec<u8>>,
}

impl<'a> Pem<'a> {
    /// Reads the one key in a text.
    ///
    /// Text around it, white space at both ends of a line, and the curve's parameters that OpenSSL writes
    /// before some keys are passed over.
    pub(super) fn read(text: &'a [u8], role: KeyRole) -> Result<Self, KeyError> {
        let text = std::str::from_utf8(text).map_err(|_| KeyError::NotPem(role))?;
        let mut lines = text.lines().map(str::trim);
        let mut key = None;
        while let Some(label) = lines.by_ref().find_map(|line| marked(line, "BEGIN")) {
            let body = body(&mut lines, label, role)?;
            if label != "EC PARAMETERS" && key.replace((label, body)).is_some() {
                return Err(KeyError::NotPem(role));
            }
        }
        let (label, body) = key.ok_or(KeyError::NotPem(role))?;
        check_label(label, role)?;
        let der = STANDARD
            .decode(body.as_bytes())
            .map_err(|_| KeyError::NotPem(role))?;
        Ok(Self {
            label,
            der: Zeroizing::new(der),
        })
    }
}

/// `PRIVATE KEY`, of `-----BEGIN PRIVATE KEY-----`.
fn marked<'a>(line: &'a str, word: &str) -> Option<&'a str> {
    let line = line.strip_prefix("-----")?.strip_suffix("-----")?;
    line.strip_prefix(word)?.strip_prefix(' ')
}

/// The text up to the end of the key.
fn body<'a>(
    lines: &mut impl Iterator<Item = &'a str>,
    label: &str,
    role: KeyRole,
) -> Result<Zeroizing<String>, KeyError> {
    let mut body = Zeroizing::new(String::new());
    for line in lines {
        if marked(line, "END") == Some(label) {
            return Ok(body);
        }
        if line.starts_with("Proc-Type:") && line.contains("ENCRYPTED") {
            return Err(KeyError::Encrypted(role));
        }
        body.push_str(line);
    }
    Err(KeyError::NotPem(role))
}

fn check_label(label: &str, role: KeyRole) -> Result<(), KeyError> {
    match label {
        "ENCRYPTED PRIVATE KEY" => Err(KeyError::Encrypted(role)),
        "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => Err(KeyError::Certificate(role)),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ROLE: KeyRole = KeyRole::Signing;

    fn read(text: &str) -> Result<(String, Vec<u8>), KeyError> {
        Pem::read(text.as_bytes(), ROLE).map(|pem| (pem.label.to_owned(), pem.der.to_vec()))
    }

    #[test]
    fn white_space_and_text_around_are_passed_over() {
        let key = Ok(("PUBLIC KEY".to_owned(), b"abcdef".to_vec()));
        for text in [
            "-----BEGIN PUBLIC KEY-----\nYWJj\nZGVm\n-----END PUBLIC KEY-----\n",
            "-----BEGIN PUBLIC KEY-----\r\nYWJj\r\nZGVm\r\n-----END PUBLIC KEY-----\r\n",
            "\n\n  -----BEGIN PUBLIC KEY-----\n\tYWJjZGVm \n\n  -----END PUBLIC KEY-----",
            "\u{feff}\nBag Attributes: x\n-----BEGIN PUBLIC KEY-----\nYWJjZGVm\n-----END PUBLIC KEY-----\nbye",
            "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n\
             -----BEGIN PUBLIC KEY-----\nYWJjZGVm\n-----END PUBLIC KEY-----",
        ] {
            assert_eq!(read(text), key, "{text}");
        }
    }

    #[test]
    fn what_is_not_one_key_is_refused() {
        let one = "-----BEGIN PUBLIC KEY-----\nYWJj\n-----END PUBLIC KEY-----\n";
        for text in [
            "",
            "YWJj",
            "-----BEGIN PUBLIC KEY-----",
            "-----BEGIN PUBLIC KEY-----\nYWJj\n-----END PRIVATE KEY-----",
            "-----BEGIN PUBLIC KEY-----\nYW Jj\n-----END PUBLIC KEY-----",
            "-----BEGIN PUBLIC KEY-----\nYWJ\n-----END PUBLIC KEY-----",
            "-----BEGIN PUBLIC KEY-----\nYWJj=\n-----END PUBLIC KEY-----",
            "-----BEGIN PUBLIC KEY-----YWJj-----END PUBLIC KEY-----",
            "---- BEGIN PUBLIC KEY ----\nYWJj\n---- END PUBLIC KEY ----",
            &one.repeat(2),
        ] {
            assert_eq!(read(text), Err(KeyError::NotPem(ROLE)), "{text}");
        }
        assert!(Pem::read(b"\xff", ROLE).is_err());
    }

    #[test]
    fn pass_phrases_and_certificates_are_named() {
        let legacy = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nYWJj\n\
                      -----END RSA PRIVATE KEY-----";
        assert_eq!(read(legacy), Err(KeyError::Encrypted(ROLE)));
        let modern = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nYWJj\n-----END ENCRYPTED PRIVATE KEY-----";
        assert_eq!(read(modern), Err(KeyError::Encrypted(ROLE)));
        let certificate = "-----BEGIN CERTIFICATE-----\nYWJj\n-----END CERTIFICATE-----";
        assert_eq!(read(certificate), Err(KeyError::Certificate(ROLE)));
    }

    proptest! {
        #[test]
        fn any_text_has_an_answer(
            text in "(-----(BEGIN|END) [A-Z ]{0,8}-----\n|[ -~]{0,9}\r?\n){0,9}",
            bytes: Vec<u8>,
        ) {
            let _ = (read(&text), Pem::read(&bytes, ROLE).is_ok());
        }
    }
}
