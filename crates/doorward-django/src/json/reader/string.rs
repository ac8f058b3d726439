//! Strings in a JSON text (`json.decoder.scanstring`).

use super::{Cursor, Reason, Result};
use crate::json::scan::{Also, plain_length};

impl<'t> Cursor<'t> {
    /// The string that begins with the quotation mark that stands here.
    pub(super) fn string(&mut self) -> Result<String> {
        let start = self.place;
        self.place += 1;
        let first = self.piece(start)?;
        if self.take(b'"') {
            return Ok(first.to_owned());
        }
        let mut string = String::with_capacity(2 * first.len() + 16);
        string.push_str(first);
        loop {
            string.push(self.escape(start)?);
            string.push_str(self.piece(start)?);
            if self.take(b'"') {
                return Ok(string);
            }
        }
    }

    /// What stands here up to the next quotation mark or backslash, and is taken as it is.
    fn piece(&mut self, start: usize) -> Result<&'t str> {
        let from = self.place;
        let length = plain_length(self.rest(), Also::Nothing);
        self.place += length;
        match self.peek() {
            None => Err(Reason::Unterminated(start)),
            Some(b'"' | b'\\') => Ok(self.text.get(from..self.place).unwrap_or_default()),
            Some(_) => Err(Reason::ControlCharacter(self.place)),
        }
    }

    /// The character that the backslash that stands here and what follows it mean.
    fn escape(&mut self, start: usize) -> Result<char> {
        let backslash = self.place;
        self.place += 1;
        let character = match self.peek().ok_or(Reason::Unterminated(start))? {
            letter @ (b'"' | b'\\' | b'/') => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.units(backslash),
            _ => return Err(Reason::Escape(backslash)),
        };
        self.place += 1;
        Ok(character)
    }

    /// The character of one `\uXXXX`, or of two that are a surrogate pair (RFC 8259 §7).
    fn units(&mut self, backslash: usize) -> Result<char> {
        let first = self.unit()?;
        if !(0xd800..0xdc00).contains(&first) || !self.rest().starts_with(b"\\u") {
            return Ok(char::from_u32(first).unwrap_or_else(|| self.lone_surrogate(backslash)));
        }
        let behind = self.place;
        self.place += 1;
        let second = self.unit()?;
        if !(0xdc00..0xe000).contains(&second) {
            self.place = behind;
            return Ok(self.lone_surrogate(backslash));
        }
        let character = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        char::from_u32(character).ok_or(Reason::Escape(backslash))
    }

    /// Python reads it, so that what is wrong further on is told first.
    fn lone_surrogate(&mut self, backslash: usize) -> char {
        self.lone_surrogate.get_or_insert(backslash);
        char::REPLACEMENT_CHARACTER
    }

    /// The number in the four digits behind the `u` that stands here. Python refuses them where the text ends.
    fn unit(&mut self) -> Result<u32> {
        let refused = Reason::HexEscape(self.place);
        let Some([_, digits @ .., _]) = self.rest().first_chunk::<6>() else {
            return Err(refused);
        };
        let digit = |unit: u32, byte: &u8| Some(unit * 16 + char::from(*byte).to_digit(16)?);
        let unit = digits.iter().try_fold(0, digit).ok_or(refused)?;
        self.place += 5;
        Ok(unit)
    }
}
