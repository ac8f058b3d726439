//! Where each part of a format stands in a text: what a regular expression would find, in a time that grows with the
//! length of both alone.

use std::collections::HashSet;

use super::Element;
use super::directive::Directive;
use crate::python_text::is_space;

/// The directives of a format with what stands for them, where all of the text is read; the first way to read the format
/// counts, though it may leave a rest.
pub(super) fn search<'t>(elements: &[Element], text: &'t str) -> Option<Vec<(Directive, &'t str)>> {
    let mut search = Search {
        elements,
        text,
        failed: HashSet::new(),
        found: Vec::new(),
    };
    let end = search.end(0, 0)?;
    search.found.reverse();
    (end == text.len()).then_some(search.found)
}

struct Search<'f, 't> {
    elements: &'f [Element],
    text: &'t str,
    /// From which element at which place the rest does not fit.
    failed: HashSet<(usize, usize)>,
    /// The last one first.
    found: Vec<(Directive, &'t str)>,
}

impl Search<'_, '_> {
    /// Where the text ends that the elements from that one on stand for.
    fn end(&mut self, number: usize, place: usize) -> Option<usize> {
        let Some(element) = self.elements.get(number).copied() else {
            return Some(place);
        };
        if self.failed.contains(&(number, place)) {
            return None;
        }
        let rest = self.text.get(place..)?;
        for length in element.lengths(rest) {
            let Some(end) = self.end(number + 1, place + length) else {
                continue;
            };
            if let (Element::Directive(directive), Some(found)) = (element, rest.get(..length)) {
                self.found.push((directive, found));
            }
            return Some(end);
        }
        self.failed.insert((number, place));
        None
    }
}

impl Element {
    /// How many bytes of the text it may stand for, in the order in which they are tried.
    fn lengths(self, text: &str) -> Vec<usize> {
        match self {
            Self::Space => spaces(text),
            Self::Literal(expected) => literal(text, expected).into_iter().collect(),
            Self::Directive(directive) => directive.lengths(text),
        }
    }
}

/// All of it first, then less.
fn spaces(text: &str) -> Vec<usize> {
    let spaces = text.char_indices().take_while(|(_, space)| is_space(*space));
    let mut ends: Vec<_> = spaces.map(|(place, space)| place + space.len_utf8()).collect();
    ends.reverse();
    ends
}

fn literal(text: &str, expected: char) -> Option<usize> {
    let stands = text.chars().next()?;
    let is_same = stands == expected || stands.to_lowercase().eq(expected.to_lowercase());
    is_same.then_some(stands.len_utf8())
}
