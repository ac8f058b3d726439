//! [`Padding`]: how wide what is written is, and what fills it (glibc's flags).

use super::directive::Number;

/// How wide what is written is, and what fills it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Padding {
    pad: Option<Pad>,
    pub(super) case: Case,
    width: usize,
}

/// What stands before a number or a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pad {
    Zeros,
    Spaces,
    Nothing,
}

/// What becomes of the letters of a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Case {
    AsItIs,
    Upper,
    Lower,
    Swapped,
}

/// Nothing that people read is wider.
const MAX_WIDTH: usize = 1000;

impl Padding {
    /// The flags and the width that a text begins with, and what follows.
    pub(super) fn read(text: &str) -> (Self, &str) {
        let mut padding = Self {
            pad: None,
            case: Case::AsItIs,
            width: 0,
        };
        let flags = text.len() - text.trim_start_matches(['_', '-', '0', '^', '#']).len();
        let (flags, rest) = text.split_at(flags);
        for flag in flags.chars() {
            match flag {
                '_' => padding.pad = Some(Pad::Spaces),
                '-' => padding.pad = Some(Pad::Nothing),
                '0' => padding.pad = Some(Pad::Zeros),
                '^' => padding.case = Case::Upper,
                _ => padding.case = Case::Swapped,
            }
        }
        let digits = rest.len()
            - rest
                .trim_start_matches(|digit: char| digit.is_ascii_digit())
                .len();
        let (width, rest) = rest.split_at(digits);
        if !width.is_empty() {
            padding.width = width.parse().unwrap_or(MAX_WIDTH).min(MAX_WIDTH);
        }
        (padding, rest)
    }

    pub(super) fn number(self, (number, digits, pad): Number) -> String {
        let (text, width) = (number.to_string(), self.width.max(digits));
        match (self.pad.unwrap_or(pad), self.width) {
            (Pad::Nothing, width) => format!("{text:>width$}"),
            (Pad::Spaces, _) => format!("{text:>width$}"),
            (Pad::Zeros, _) => format!("{text:0>width$}"),
        }
    }

    pub(super) fn text(self, text: &str) -> String {
        let width = self.width;
        match self.pad {
            Some(Pad::Zeros) => format!("{text:0>width$}"),
            _ => format!("{text:>width$}"),
        }
    }
}

impl Case {
    pub(super) fn of(self, word: &str) -> String {
        match self {
            Self::Upper => word.to_ascii_uppercase(),
            Self::Lower => word.to_ascii_lowercase(),
            Self::AsItIs | Self::Swapped => word.to_owned(),
        }
    }
}
