//! From when to when a certificate is valid: the one field that rustls does not tell its server.

use doorward_django::timestamp::Timestamp;

const SEQUENCE: u8 = 0x30;
const VERSION: u8 = 0xa0;
const UTC_TIME: u8 = 0x17;
const GENERALIZED_TIME: u8 = 0x18;

/// From when to when (RFC 5280 §4.1.2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Validity {
    pub(super) not_before: Timestamp,
    pub(super) not_after: Timestamp,
}

impl Validity {
    /// The validity of a certificate in DER; `None` for what is no certificate.
    pub(super) fn read(certificate: &[u8]) -> Option<Self> {
        let mut outer = Der(certificate).inside(SEQUENCE)?;
        let mut body = outer.inside(SEQUENCE)?;
        if body.0.first() == Some(&VERSION) {
            body.next()?;
        }
        let (_serial, _algorithm, _issuer) = (body.next()?, body.next()?, body.next()?);
        let mut validity = body.inside(SEQUENCE)?;
        Some(Self {
            not_before: validity.time()?,
            not_after: validity.time()?,
        })
    }
}

/// What is left to read of DER's values (X.690 §8.1).
struct Der<'a>(&'a [u8]);

impl<'a> Der<'a> {
    fn next(&mut self) -> Option<(u8, &'a [u8])> {
        let [tag, length, rest @ ..] = self.0 else {
            return None;
        };
        let (length, rest) = match length {
            0x00..=0x7f => (usize::from(*length), rest),
            0x81..=0x84 => long(rest, usize::from(length & 0x7f))?,
            _ => return None,
        };
        let (value, rest) = rest.split_at_checked(length)?;
        self.0 = rest;
        Some((*tag, value))
    }

    fn inside(&mut self, expected: u8) -> Option<Self> {
        let (tag, value) = self.next()?;
        (tag == expected).then_some(Self(value))
    }

    fn time(&mut self) -> Option<Timestamp> {
        let (tag, value) = self.next()?;
        let text = std::str::from_utf8(value).ok()?;
        match tag {
            GENERALIZED_TIME => moment(text),
            UTC_TIME if text.as_bytes().first()? < &b'5' => moment(&format!("20{text}")),
            UTC_TIME => moment(&format!("19{text}")),
            _ => None,
        }
    }
}

/// A length of more than one byte, and what follows it.
fn long(bytes: &[u8], size: usize) -> Option<(usize, &[u8])> {
    let (length, rest) = bytes.split_at_checked(size)?;
    let length = length.iter().fold(0, |sum, byte| sum << 8 | usize::from(*byte));
    Some((length, rest))
}

/// `YYYYMMDDHHMMSSZ`.
fn moment(text: &str) -> Option<Timestamp> {
    let digits = text.strip_suffix('Z')?;
    if digits.len() != 14 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    let (date, time) = (
        [part(0, 4), part(4, 6), part(6, 8)],
        [part(8, 10), part(10, 12), part(12, 14)],
    );
    Timestamp::from_sqlite(&format!("{} {}", date.join("-"), time.join(":")))
}

#[cfg(test)]
mod tests {
    use rcgen::{CertificateParams, KeyPair, date_time_ymd};

    use super::*;

    fn certificate(from: i32, to: i32) -> Vec<u8> {
        let mut params = CertificateParams::new(["localhost".to_owned()]).unwrap();
        params.not_before = date_time_ymd(from, 2, 28);
        params.not_after = date_time_ymd(to, 12, 31);
        let key = KeyPair::generate().unwrap();
        params.self_signed(&key).unwrap().der().to_vec()
    }

    #[test]
    fn both_ways_to_write_a_time_are_read() {
        for (from, to) in [(1999, 2030), (2024, 2049), (2049, 2050), (2050, 9999)] {
            let read = Validity::read(&certificate(from, to)).unwrap();
            assert_eq!(read.not_before.to_iso(), format!("{from}-02-28T00:00:00Z"));
            assert_eq!(read.not_after.to_iso(), format!("{to}-12-31T00:00:00Z"));
        }
    }

    #[test]
    fn whatever_is_cut_off_or_bent_is_no_panic() {
        let whole = certificate(2024, 2030);
        for end in 0..whole.len() {
            assert_eq!(Validity::read(&whole[..end]), None);
        }
        for index in 0..whole.len() {
            for bit in 0..8 {
                let mut bent = whole.clone();
                bent[index] ^= 1 << bit;
                let _ = Validity::read(&bent);
            }
        }
    }
}
