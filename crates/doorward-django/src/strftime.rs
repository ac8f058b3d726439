//! Dates and times written by a format (`datetime.datetime.strftime`, with glibc's letters, in the C locale).
//!
//! ```
//! use doorward_django::dateparse::parse_moment;
//! use doorward_django::strftime::strftime;
//!
//! let moment = parse_moment("2024-02-09T09:30").unwrap();
//! assert_eq!(strftime("%-d.%-m.%Y at %H:%M", moment, ""), "9.2.2024 at 09:30");
//! ```

mod directive;
mod padding;

use std::fmt::Write;

use crate::dateparse::Moment;
use crate::dateparse::offset_text;
use directive::Directive;

/// The moment, written by a format; `zone` is what people call its zone at that time (`%Z`).
///
/// What is no directive stands for itself.
#[must_use]
pub fn strftime(format: &str, moment: Moment, zone: &str) -> String {
    let (mut written, mut rest) = (String::new(), format);
    while let Some(place) = rest.find('%') {
        let (before, directive) = rest.split_at(place);
        written.push_str(before);
        rest = write_directive(directive, moment, zone, &mut written);
    }
    written.push_str(rest);
    written
}

/// Writes what a text begins with, and gives what follows.
fn write_directive<'f>(text: &'f str, moment: Moment, zone: &str, out: &mut String) -> &'f str {
    if let Some(rest) = of_python(text, moment, zone, out) {
        return rest;
    }
    let (directive, rest) = Directive::read(text);
    match directive.written(moment) {
        Some(written) => out.push_str(&written),
        None => out.push_str(text.get(..text.len() - rest.len()).unwrap_or_default()),
    }
    rest
}

/// What Python writes by itself: parts of a second, and zones.
fn of_python<'f>(text: &'f str, moment: Moment, zone: &str, out: &mut String) -> Option<&'f str> {
    let mut characters = text.chars().skip(1);
    match characters.next()? {
        'f' => {
            let _ = write!(out, "{:06}", moment.time().as_micros() % 1_000_000);
        }
        'z' => out.push_str(
            &moment
                .offset()
                .map_or_else(String::new, |offset| offset_text(offset, "")),
        ),
        'Z' => out.push_str(zone),
        _ => return None,
    }
    text.get(2..)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dateparse::parse_moment;
    use crate::golden;
    use proptest::prelude::*;

    #[test]
    fn moments_are_written_as_python_writes_them() {
        let cases = golden::date_formats("strftime");
        assert!(!cases.is_empty());
        for case in cases {
            let [format, moment, zone, written] =
                ["format", "moment", "zone", "written"].map(|name| case[name].as_str().unwrap());
            assert_eq!(
                strftime(format, parse_moment(moment).unwrap(), zone),
                written,
                "{case}"
            );
        }
    }

    proptest! {
        #[test]
        fn any_format_is_written(format: String, odd in "(%[-_0^#]?[0-9]{0,3}[EO]?[a-zA-Z%]?|é){0,9}") {
            let moment = parse_moment("2024-02-29T12:30:15.5+01:00").unwrap();
            let _ = (strftime(&format, moment, "CET"), strftime(&odd, moment, "CET"));
        }
    }
}
