//! Floats as Python writes them (`repr(float)`).

/// The shortest digits that read back, with an exponent below 1e-4 and from 1e16 on; `inf` and `nan` else.
pub(super) fn repr(float: f64) -> String {
    if !float.is_finite() {
        return not_finite(float, "inf", "nan");
    }
    laid_out(&format!("{float:e}"))
}

/// As `json.dumps` writes what is no number in JSON.
pub(super) fn constant(float: f64) -> String {
    not_finite(float, "Infinity", "NaN")
}

/// The same of a float of half the size: digits enough to tell it from its neighbours of that size.
pub(super) fn repr_f32(float: f32) -> String {
    match float.is_finite() {
        true => laid_out(&format!("{float:e}")),
        false => repr(float.into()),
    }
}

fn not_finite(float: f64, infinity: &str, nan: &str) -> String {
    if float.is_nan() {
        return nan.to_owned();
    }
    let sign = if float < 0.0 { "-" } else { "" };
    format!("{sign}{infinity}")
}

/// Digits and exponent, as Rust writes them (`-1.25e-7`), in Python's layout.
fn laid_out(scientific: &str) -> String {
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((scientific, "0"));
    let exponent = exponent.parse::<i32>().unwrap_or_default();
    let (sign, mantissa) = match mantissa.strip_prefix('-') {
        Some(positive) => ("-", positive),
        None => ("", mantissa),
    };
    let digits = mantissa.replace('.', "");
    match exponent {
        0..16 => format!(
            "{sign}{}",
            with_point(&digits, exponent.unsigned_abs() as usize + 1)
        ),
        -4..0 => format!(
            "{sign}0.{}{digits}",
            "0".repeat(exponent.unsigned_abs() as usize - 1)
        ),
        1.. => format!("{sign}{mantissa}e+{exponent:02}"),
        _ => format!("{sign}{mantissa}e-{:02}", exponent.unsigned_abs()),
    }
}

/// The digits with a point after so many of them, and at least one more after it.
fn with_point(digits: &str, place: usize) -> String {
    match digits.split_at_checked(place) {
        None | Some((_, "")) => format!("{digits:0<place$}.0"),
        Some((whole, fraction)) => format!("{whole}.{fraction}"),
    }
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
        assert_eq!(repr_f32(0.1), "0.1");
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
