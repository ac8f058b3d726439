//! Dates and times read by a format (`datetime.datetime.strptime`, in Python's C locale).
//!
//! ```
//! use doorward_django::strptime::InputFormat;
//!
//! let format = InputFormat::new("%d.%m.%Y %H:%M");
//! let read = format.read("29.2.2024 09:30").unwrap();
//! assert_eq!(read.to_iso(), "2024-02-29T09:30:00");
//! assert_eq!(format.read("30.2.2024 09:30"), None);
//! ```

mod directive;
mod meaning;
mod search;

use crate::dateparse::Moment;
use crate::python_text::is_space;
use directive::Directive;
use meaning::Found;

/// A format of dates and times: `%d.%m.%Y`. One that Python's `strptime` does not know reads nothing.
#[derive(Clone, Debug)]
pub struct InputFormat {
    elements: Option<Vec<Element>>,
}

/// What stands in a format, one after another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Element {
    /// White space, as much as there is.
    Space,
    /// That character, in either case.
    Literal(char),
    /// A number or a word.
    Directive(Directive),
}

impl InputFormat {
    /// The format that is written so.
    #[must_use]
    pub fn new(format: &str) -> Self {
        let mut elements = Vec::new();
        let is_known = read_format(format, &mut elements).is_some() && !repeats(&elements);
        Self {
            elements: is_known.then_some(elements),
        }
    }

    /// What the text says by this format; a day that it does not say is 1900-01-01, a time midnight.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<Moment> {
        let found = search::search(self.elements.as_deref()?, text)?;
        Found::of(&found)?.moment()
    }
}

fn read_format(format: &str, elements: &mut Vec<Element>) -> Option<()> {
    let mut rest = format.chars();
    while let Some(character) = rest.next() {
        match character {
            '%' => read_directive(rest.next()?, elements)?,
            space if is_space(space) => {
                if elements.last() != Some(&Element::Space) {
                    elements.push(Element::Space);
                }
            }
            literal => elements.push(Element::Literal(literal)),
        }
    }
    Some(())
}

/// Some stand for several others: `%c`, `%x`, `%X`.
fn read_directive(letter: char, elements: &mut Vec<Element>) -> Option<()> {
    match letter {
        'c' => read_format("%a %b %d %H:%M:%S %Y", elements),
        'x' => read_format("%m/%d/%y", elements),
        'X' => read_format("%H:%M:%S", elements),
        '%' => {
            elements.push(Element::Literal('%'));
            Some(())
        }
        letter => {
            elements.push(Element::Directive(Directive::of(letter)?));
            Some(())
        }
    }
}

/// Python takes each directive once.
fn repeats(elements: &[Element]) -> bool {
    let mut known = Vec::new();
    elements.iter().any(|element| match element {
        Element::Directive(_) if known.contains(element) => true,
        Element::Directive(_) => {
            known.push(*element);
            false
        }
        Element::Space | Element::Literal(_) => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden;
    use proptest::prelude::*;

    #[test]
    fn texts_are_read_as_python_reads_them() {
        let cases = golden::date_formats("strptime");
        assert!(!cases.is_empty());
        for case in cases {
            let [format, text] = ["format", "text"].map(|name| case[name].as_str().unwrap());
            let read = InputFormat::new(format).read(text).map(Moment::to_iso);
            assert_eq!(read.as_deref(), case["read"].as_str(), "{case}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_by_any_format(format: String, text: String) {
            let _ = InputFormat::new(&format).read(&text);
        }

        #[test]
        fn near_texts_are_read_by_near_formats(format in "(%[aAbBcdfGHIjmMpSuUVwWxXyYzZ%]|[ :.-]){0,9}", text in "[0-9A-Za-z :.+-]{0,40}") {
            let _ = InputFormat::new(&format).read(&text);
        }
    }

    #[test]
    fn a_long_text_is_read_in_a_short_time() {
        let format = InputFormat::new(" %d %m %Y %H %M %S %f %j %U ");
        assert_eq!(format.read(&" ".repeat(1_000_000)), None);
        assert_eq!(format.read(&" 1".repeat(500_000)), None);
    }
}
