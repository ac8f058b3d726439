//! [`ReadError`]: why a text is no JSON, in Python's words.

use std::fmt::{self, Display, Formatter};

use crate::bounds::MAX_INTEGER_DIGITS;

/// Why a text is not read, as Python says it; it names a place, and repeats nothing of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    reason: Reason,
    place: Option<Place>,
}

/// What is wrong; numbers are places in bytes where nothing else is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reason {
    ByteOrderMark,
    NoValue(usize),
    NoName(usize),
    NoColon(usize),
    NoComma(usize),
    ExtraData(usize),
    Unterminated(usize),
    ControlCharacter(usize),
    Escape(usize),
    HexEscape(usize),
    LoneSurrogate(usize),
    Overflow(usize),
    Constant(&'static str),
    /// How many there are.
    TooManyDigits(usize),
    /// How many there may be.
    TooManyValues(usize),
    TooDeep,
    RepeatedName,
}

/// Where it is wrong, in characters; the first line and the first column are 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    line: usize,
    column: usize,
    character: usize,
}

impl ReadError {
    pub(super) fn new(reason: Reason, text: &str) -> Self {
        let place = reason
            .place()
            .and_then(|place| text.get(..place))
            .map(Place::after);
        Self { reason, place }
    }
}

impl Reason {
    const fn place(self) -> Option<usize> {
        match self {
            Self::ByteOrderMark => Some(0),
            Self::NoValue(place)
            | Self::NoName(place)
            | Self::NoColon(place)
            | Self::NoComma(place)
            | Self::ExtraData(place)
            | Self::Unterminated(place)
            | Self::ControlCharacter(place)
            | Self::Escape(place)
            | Self::HexEscape(place)
            | Self::LoneSurrogate(place)
            | Self::Overflow(place) => Some(place),
            Self::Constant(_)
            | Self::TooManyDigits(_)
            | Self::TooManyValues(_)
            | Self::TooDeep
            | Self::RepeatedName => None,
        }
    }
}

impl Place {
    /// The place after this beginning of a text.
    fn after(beginning: &str) -> Self {
        let last_line = beginning.rsplit('\n').next().unwrap_or_default();
        Self {
            line: beginning.matches('\n').count() + 1,
            column: last_line.chars().count() + 1,
            character: beginning.chars().count(),
        }
    }
}

impl Display for ReadError {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.reason.fmt(f)?;
        match self.place {
            Some(Place {
                line,
                column,
                character,
            }) => write!(f, ": line {line} column {column} (char {character})"),
            None => Ok(()),
        }
    }
}

impl Display for Reason {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ByteOrderMark => "Unexpected UTF-8 BOM (decode using utf-8-sig)",
            Self::NoValue(_) => "Expecting value",
            Self::NoName(_) => "Expecting property name enclosed in double quotes",
            Self::NoColon(_) => "Expecting ':' delimiter",
            Self::NoComma(_) => "Expecting ',' delimiter",
            Self::ExtraData(_) => "Extra data",
            Self::Unterminated(_) => "Unterminated string starting at",
            Self::ControlCharacter(_) => "Invalid control character at",
            Self::Escape(_) => "Invalid \\escape",
            Self::HexEscape(_) => "Invalid \\uXXXX escape",
            Self::LoneSurrogate(_) => "Lone surrogate",
            Self::Overflow(_) => "Number out of range",
            Self::TooDeep => "nested too deep",
            Self::RepeatedName => "a name stands twice",
            Self::TooManyValues(most) => return write!(f, "more than {most} values"),
            Self::Constant(word) => {
                return write!(f, "Out of range float values are not JSON compliant: '{word}'");
            }
            Self::TooManyDigits(digits) => {
                return write!(
                    f,
                    "Exceeds the limit ({MAX_INTEGER_DIGITS} digits) for integer string conversion: value has \
                     {digits} digits; use sys.set_int_max_str_digits() to increase the limit"
                );
            }
        })
    }
}

impl std::error::Error for ReadError {}
