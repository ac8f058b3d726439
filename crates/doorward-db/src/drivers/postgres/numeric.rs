//! `numeric`: numbers of any precision, as texts. On the wire they have digits of base 10 000 (`numeric_send`): how many,
//! the weight of the first, the sign, and how many decimal digits follow the point.

const NEGATIVE: u16 = 0x4000;
/// Decimal digits in one of base 10 000.
const WIDTH: usize = 4;

/// The bytes of a number in decimal notation; nothing for what is none.
pub(super) fn encode(text: &str) -> Option<Vec<u8>> {
    let (sign, unsigned) = match text.strip_prefix('-') {
        Some(rest) => (NEGATIVE, rest),
        None => (0, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let is_number = (whole.len() + fraction.len() > 0)
        && whole
            .bytes()
            .chain(fraction.bytes())
            .all(|byte| byte.is_ascii_digit());
    if !is_number {
        return None;
    }
    let digits = groups(whole, fraction)?;
    let weight = i16::try_from(whole.len().div_ceil(WIDTH)).ok()? - 1;
    let scale = u16::try_from(fraction.len()).ok()?;
    let count = u16::try_from(digits.len()).ok()?;
    let head = [count, weight.cast_unsigned(), sign, scale];
    let words = head.into_iter().chain(digits);
    Some(words.flat_map(u16::to_be_bytes).collect())
}

/// The digits of base 10 000, on both sides of the point.
fn groups(whole: &str, fraction: &str) -> Option<Vec<u16>> {
    let before = (WIDTH - whole.len() % WIDTH) % WIDTH;
    let after = (WIDTH - fraction.len() % WIDTH) % WIDTH;
    let zeros = |count: usize| "0".repeat(count);
    let all = [&zeros(before), whole, fraction, &zeros(after)].concat();
    let group = |bytes: &[u8]| std::str::from_utf8(bytes).ok()?.parse().ok();
    all.as_bytes().chunks(WIDTH).map(group).collect()
}

/// A number in decimal notation, `NaN`, `Infinity` or `-Infinity`; nothing for bytes that are none.
pub(super) fn decode(bytes: &[u8]) -> Option<String> {
    let mut words = bytes.chunks_exact(2).map(|pair| match pair {
        [high, low] => u16::from_be_bytes([*high, *low]),
        _ => 0,
    });
    let count = words.next()?;
    let weight = i32::from(words.next()?.cast_signed());
    let sign = match words.next()? {
        0 => "",
        NEGATIVE => "-",
        0xc000 => return Some("NaN".to_owned()),
        0xd000 => return Some("Infinity".to_owned()),
        _ => return Some("-Infinity".to_owned()),
    };
    let scale = usize::from(words.next()?);
    let digits: Vec<u16> = words.take(usize::from(count)).collect();
    let digit = |place: i32| {
        let index = usize::try_from(weight - place).ok();
        index.and_then(|index| digits.get(index)).copied().unwrap_or(0)
    };
    let whole: String = (0..=weight)
        .rev()
        .map(|place| format!("{:04}", digit(place)))
        .collect();
    let places = i32::try_from(scale.div_ceil(WIDTH)).ok()?;
    let fraction: String = (1..=places)
        .map(|place| format!("{:04}", digit(-place)))
        .collect();
    let whole = match whole.trim_start_matches('0') {
        "" => "0",
        whole => whole,
    };
    Some(match fraction.get(..scale)? {
        "" => format!("{sign}{whole}"),
        fraction => format!("{sign}{whole}.{fraction}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_in_comes_out() {
        for text in [
            "0",
            "1",
            "12.50",
            "-12.5",
            "10000",
            "9999.9999",
            "0.0001",
            "-0.00001",
            "123456789012345678901234567890.123456789",
        ] {
            let bytes = encode(text).expect(text);
            assert_eq!(decode(&bytes).as_deref(), Some(text));
        }
    }

    #[test]
    fn what_is_no_number_is_none() {
        for text in ["", "-", ".", "1e5", "NaN", "1.2.3", "١"] {
            assert_eq!(encode(text), None, "{text}");
        }
        for bytes in [&b""[..], b"\x00\x01", b"\x00\x01\x00\x00\x00\x00"] {
            assert_eq!(decode(bytes), None);
        }
        assert_eq!(
            decode(b"\x00\x00\x00\x00\xc0\x00\x00\x00").as_deref(),
            Some("NaN")
        );
    }
}
