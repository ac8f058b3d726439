//! JSON texts as Python reads them (`json.loads`).

mod error;
mod number;
mod string;

pub use error::ReadError;

use super::{Number, Object, Value};
use crate::bounds::MAX_JSON_DEPTH;
use error::Reason;

/// What the text says, read as REST framework reads a body (`rest_framework.utils.json.loads`).
///
/// ```
/// use doorward_django::json::loads;
///
/// assert_eq!(loads(" [1, -0, 1E400]").unwrap().to_string(), "[1,0,Infinity]");
/// let refused = loads("{\"a\": 1,}").unwrap_err();
/// let sentence = "Expecting property name enclosed in double quotes: line 1 column 9 (char 8)";
/// assert_eq!(refused.to_string(), sentence);
/// ```
///
/// # Errors
/// As [`Reader::read`].
pub fn loads(text: &str) -> Result<Value, ReadError> {
    Reader::default().read(text)
}

/// How texts are read, and how much of them.
///
/// Lists and objects may stand inside each other [`MAX_JSON_DEPTH`] deep, and integers may have as many digits as
/// [`MAX_INTEGER_DIGITS`](crate::bounds::MAX_INTEGER_DIGITS) says.
#[derive(Clone, Copy, Debug)]
pub struct Reader {
    /// How many values and names there may be; the outermost value is not counted, and a list or object counts one
    /// more than what is in it.
    pub max_values: usize,
    /// What becomes of `NaN` and `Infinity`.
    pub constants: Constants,
    /// What becomes of a float that is too large.
    pub overflow: Overflow,
    /// What becomes of a name that stands twice in an object.
    pub repeated_names: RepeatedNames,
}

/// What becomes of `NaN`, `Infinity` and `-Infinity`, which are not JSON (`parse_constant`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constants {
    /// They are refused, as REST framework does in bodies.
    Refused,
    /// They are floats, as in Django's sessions.
    Read,
}

/// What becomes of a float past the largest one, such as `1E400`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Overflow {
    /// It is infinite, as Python reads it.
    Infinite,
    /// It is refused.
    Refused,
}

/// What becomes of a name that stands twice in an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepeatedNames {
    /// The last value counts, at the place of the first, as in Python's `dict`.
    LastCounts,
    /// They are refused.
    Refused,
}

/// Strict as REST framework, with as many values as a text has room for.
impl Default for Reader {
    fn default() -> Self {
        Self {
            max_values: usize::MAX,
            constants: Constants::Refused,
            overflow: Overflow::Infinite,
            repeated_names: RepeatedNames::LastCounts,
        }
    }
}

impl Reader {
    /// What the text says.
    ///
    /// # Errors
    /// What is wrong with it, and where, in Python's words. Not Python's are the bounds, and lone surrogates, which no
    /// text of Rust can hold.
    pub fn read(&self, text: &str) -> Result<Value, ReadError> {
        let mut cursor = Cursor {
            rules: self,
            text,
            place: 0,
            values: 0,
            lone_surrogate: None,
        };
        cursor.document().map_err(|reason| ReadError::new(reason, text))
    }
}

type Result<T, E = Reason> = std::result::Result<T, E>;

/// How far a text is read.
struct Cursor<'t> {
    rules: &'t Reader,
    text: &'t str,
    /// In bytes, always between two characters.
    place: usize,
    values: usize,
    /// Where the first one stands.
    lone_surrogate: Option<usize>,
}

impl<'t> Cursor<'t> {
    fn document(&mut self) -> Result<Value> {
        if self.text.starts_with('\u{feff}') {
            return Err(Reason::ByteOrderMark);
        }
        self.skip_white_space();
        let value = self.value(MAX_JSON_DEPTH)?;
        self.skip_white_space();
        match (self.peek(), self.lone_surrogate) {
            (None, None) => Ok(value),
            (None, Some(place)) => Err(Reason::LoneSurrogate(place)),
            (Some(_), _) => Err(Reason::ExtraData(self.place)),
        }
    }

    /// The value that stands here, with so many levels of lists and objects left.
    fn value(&mut self, levels: usize) -> Result<Value> {
        match self.peek() {
            Some(b'"') => self.string().map(Value::String),
            Some(b'{') => self.object(inner(levels)?).map(Value::Object),
            Some(b'[') => self.array(inner(levels)?).map(Value::Array),
            Some(b'-' | b'0'..=b'9') => self.number().map(Value::Number),
            _ => self.word(),
        }
    }

    fn word(&mut self) -> Result<Value> {
        const WORDS: [(&[u8], Value); 3] = [
            (b"true".as_slice(), Value::Bool(true)),
            (b"false", Value::Bool(false)),
            (b"null", Value::Null),
        ];
        for (word, value) in WORDS {
            if self.rest().starts_with(word) {
                self.place += word.len();
                return Ok(value);
            }
        }
        self.constant().map(Value::Number)
    }

    /// One of the words that are no JSON, or nothing that is known.
    fn constant(&mut self) -> Result<Number> {
        const CONSTANTS: [(&str, f64); 3] = [
            ("NaN", f64::NAN),
            ("Infinity", f64::INFINITY),
            ("-Infinity", f64::NEG_INFINITY),
        ];
        let found = CONSTANTS
            .iter()
            .find(|(word, _)| self.rest().starts_with(word.as_bytes()));
        let (word, float) = found.ok_or(Reason::NoValue(self.place))?;
        if self.rules.constants == Constants::Refused {
            return Err(Reason::Constant(word));
        }
        self.place += word.len();
        Ok(Number::from(*float))
    }

    fn array(&mut self, levels: usize) -> Result<Vec<Value>> {
        let mut items = Vec::new();
        self.step_counted()?;
        self.skip_white_space();
        if self.take(b']') {
            return Ok(items);
        }
        loop {
            items.push(self.value(levels)?);
            self.skip_white_space();
            if self.take(b']') {
                return Ok(items);
            }
            self.comma()?;
        }
    }

    fn object(&mut self, levels: usize) -> Result<Object> {
        let mut object = Object::new();
        self.step_counted()?;
        self.skip_white_space();
        if self.take(b'}') {
            return Ok(object);
        }
        loop {
            self.member(levels, &mut object)?;
            self.skip_white_space();
            if self.take(b'}') {
                return Ok(object);
            }
            self.comma()?;
        }
    }

    fn member(&mut self, levels: usize, object: &mut Object) -> Result<()> {
        if self.peek() != Some(b'"') {
            return Err(Reason::NoName(self.place));
        }
        let name = self.string()?;
        self.skip_white_space();
        if self.peek() != Some(b':') {
            return Err(Reason::NoColon(self.place));
        }
        self.step_counted()?;
        self.skip_white_space();
        let value = self.value(levels)?;
        let old = object.insert(name, value);
        if old.is_some() && self.rules.repeated_names == RepeatedNames::Refused {
            return Err(Reason::RepeatedName);
        }
        Ok(())
    }

    /// Goes past a comma and the white space behind it.
    fn comma(&mut self) -> Result<()> {
        if self.peek() != Some(b',') {
            return Err(Reason::NoComma(self.place));
        }
        self.step_counted()?;
        self.skip_white_space();
        Ok(())
    }

    /// Goes past the character that stands before one more value or name.
    fn step_counted(&mut self) -> Result<()> {
        self.place += 1;
        self.values += 1;
        match self.values > self.rules.max_values {
            true => Err(Reason::TooManyValues(self.rules.max_values)),
            false => Ok(()),
        }
    }

    /// Goes past this ASCII character, if it stands here.
    fn take(&mut self, byte: u8) -> bool {
        let stands = self.peek() == Some(byte);
        self.place += usize::from(stands);
        stands
    }

    fn skip_white_space(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.place += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.place).copied()
    }

    fn rest(&self) -> &'t [u8] {
        self.text.as_bytes().get(self.place..).unwrap_or_default()
    }
}

/// How many levels are left inside one that begins.
fn inner(levels: usize) -> Result<usize> {
    levels.checked_sub(1).ok_or(Reason::TooDeep)
}
