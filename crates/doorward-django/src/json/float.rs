//! Floats as Python writes them (`repr(float)`).

use std::fmt::Write;

/// The shortest digits that read back, with an exponent below 1e-4 and from 1e16 on; `inf` and `nan` else.
pub(super) fn repr(float: f64) -> String {
    if !float.is_finite() {
        return not_finite(float, "inf", "nan");
    }
    let mut text = String::new();
    write(float, &mut text);
    text
}

/// Writes the `repr` of a float that is a number.
pub(super) fn write(float: f64, text: &mut String) {
    if float == 0.0 || (1e-4..1e16).contains(&float.abs()) {
        let _ = write!(text, "{float:?}");
        return;
    }
    laid_out(&format!("{float:e}"), text);
}

/// As `json.dumps` writes what is no number in JSON.
pub(super) fn constant(float: f64) -> String {
    not_finite(float, "Infinity", "NaN")
}

/// The same of a float of half the size: digits enough to tell it from its neighbours of that size.
pub(super) fn write_f32(float: f32, text: &mut String) {
    if float == 0.0 || (1e-4..1e16).contains(&float.abs()) {
        let _ = write!(text, "{float:?}");
        return;
    }
    laid_out(&format!("{float:e}"), text);
}

fn not_finite(float: f64, infinity: &str, nan: &str) -> String {
    if float.is_nan() {
        return nan.to_owned();
    }
    let sign = if float < 0.0 { "-" } else { "" };
    format!("{sign}{infinity}")
}

/// Digits and exponent, as Rust writes them (`-1.25e-7`), in Python's layout, whose exponent has a sign and two digits.
fn laid_out(scientific: &str, text: &mut String) {
    let (digits, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let (sign, exponent) = match exponent.strip_prefix('-') {
        Some(exponent) => ('-', exponent),
        None => ('+', exponent),
    };
    let _ = write!(text, "{digits}e{sign}{exponent:0>2}");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn floats_are_python_s() {
        let cases = [
            (0.0, "0.0"),
            (-0.0, "-0.0"),
            (1.0, "1.0"),
            (-10.0, "-10.0"),
            (0.1, "0.1"),
            (1e15, "1000000000000000.0"),
            (1e16, "1e+16"),
            (1.5e300, "1.5e+300"),
            (0.0001, "0.0001"),
            (-0.001_25, "-0.00125"),
            (0.000_01, "1e-05"),
            (5e-324, "5e-324"),
            (-1.234_567_890_123_456_7e-7, "-1.2345678901234566e-07"),
            (123_456_789.125, "123456789.125"),
            (f64::INFINITY, "inf"),
            (f64::NEG_INFINITY, "-inf"),
            (f64::NAN, "nan"),
        ];
        for (float, text) in cases {
            assert_eq!(repr(float), text);
        }
        for (half, text) in [
            (0.1, "0.1"),
            (1e20, "1e+20"),
            (-1e-7, "-1e-07"),
            (-0.0, "-0.0"),
            (16_777_216.0, "16777216.0"),
        ] {
            let mut written = String::new();
            write_f32(half, &mut written);
            assert_eq!(written, text);
        }
        assert_eq!(constant(f64::NEG_INFINITY), "-Infinity");
        assert_eq!(constant(f64::NAN), "NaN");
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(float in any::<f64>().prop_filter("finite", |float| float.is_finite())) {
            let text = repr(float);
            prop_assert_eq!(text.parse::<f64>().unwrap().to_bits(), float.to_bits());
            prop_assert!(text.contains(['.', 'e']));
        }
    }
}
