//! [`Charset`]: how the text of a JSON body is written as bytes (`codecs.getreader` of Python).

use std::borrow::Cow;
use std::str::Utf8Error;

/// A way to write text as bytes. Python knows more of them; what is not known here is read as UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    Utf8,
    /// UTF-8, perhaps with a byte order mark before it.
    Utf8Sig,
    Ascii,
    Latin1,
    Windows1252,
    Utf16(Order),
    Utf32(Order),
    /// What Python calls a codec, and makes no text.
    NoText,
}

/// Which byte of a number comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    Little,
    Big,
    /// A byte order mark says it, and has to be there.
    Marked,
}

impl Charset {
    /// The charset of that name, as Python spells names (`encodings.aliases`).
    pub(super) fn of_name(name: &str) -> Self {
        match name.to_ascii_lowercase().replace(['-', ' '], "_").as_str() {
            "latin_1" | "latin1" | "l1" | "iso_8859_1" | "iso8859_1" => Self::Latin1,
            "windows_1252" | "cp1252" | "1252" => Self::Windows1252,
            "ascii" | "us_ascii" | "646" => Self::Ascii,
            "utf_8_sig" => Self::Utf8Sig,
            "utf_16" | "utf16" | "u16" => Self::Utf16(Order::Marked),
            "utf_16_le" | "utf_16le" => Self::Utf16(Order::Little),
            "utf_16_be" | "utf_16be" => Self::Utf16(Order::Big),
            "utf_32" | "utf32" | "u32" => Self::Utf32(Order::Marked),
            "utf_32_le" | "utf_32le" => Self::Utf32(Order::Little),
            "utf_32_be" | "utf_32be" => Self::Utf32(Order::Big),
            "rot13" | "rot_13" | "hex" | "hex_codec" | "base64" | "base64_codec" | "base_64" | "bz2"
            | "bz2_codec" | "zip" | "zlib" | "zlib_codec" | "quopri" | "quopri_codec" | "uu" | "uu_codec" => {
                Self::NoText
            }
            _ => Self::Utf8,
        }
    }

    /// The text of those bytes, at most twice as long.
    ///
    /// # Errors
    /// What is wrong with them, in words that name the codec as Python does.
    pub(super) fn decode(self, bytes: &[u8]) -> Result<Cow<'_, str>, String> {
        match self {
            Self::Utf8 => utf_8(bytes),
            Self::Utf8Sig => utf_8(bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)),
            Self::Ascii if bytes.is_ascii() => utf_8(bytes),
            Self::Ascii => Err(no_ascii(bytes)),
            Self::Latin1 => Ok(bytes.iter().copied().map(char::from).collect()),
            Self::Windows1252 => windows_1252(bytes).map(Cow::Owned),
            Self::NoText => Err("the codec makes no text".to_owned()),
            Self::Utf16(order) => utf_16(bytes, order).map(Cow::Owned),
            Self::Utf32(order) => utf_32(bytes, order).map(Cow::Owned),
        }
    }
}

fn no_ascii(bytes: &[u8]) -> String {
    let position = bytes.iter().position(|byte| !byte.is_ascii()).unwrap_or_default();
    let byte = bytes.get(position).copied().unwrap_or_default();
    format!("'ascii' codec can't decode byte 0x{byte:02x} in position {position}: ordinal not in range(128)")
}

fn utf_8(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    std::str::from_utf8(bytes)
        .map(Cow::Borrowed)
        .map_err(|error| no_utf_8(bytes, error))
}

/// What Python says of bytes that are no UTF-8: of one byte, or of the first ones of a character.
fn no_utf_8(bytes: &[u8], error: Utf8Error) -> String {
    let first = error.valid_up_to();
    let byte = bytes.get(first).copied().unwrap_or_default();
    let length = error.error_len().unwrap_or(bytes.len().saturating_sub(first));
    let place = match length {
        0 | 1 => format!("byte 0x{byte:02x} in position {first}"),
        _ => format!("bytes in position {first}-{}", first + length - 1),
    };
    let reason = match (error.error_len(), byte) {
        (None, _) => "unexpected end of data",
        (Some(_), 0x80..0xc2 | 0xf5..) => "invalid start byte",
        (Some(_), _) => "invalid continuation byte",
    };
    format!("'utf-8' codec can't decode {place}: {reason}")
}

/// Latin-1 but for 32 control characters, five of which are nothing.
fn windows_1252(bytes: &[u8]) -> Result<String, String> {
    #[rustfmt::skip]
    const FROM_80: [char; 32] = [
        '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}',
        '\u{90}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
    ];
    let character = |(position, byte): (usize, &u8)| {
        let special = byte
            .checked_sub(0x80)
            .and_then(|place| FROM_80.get(usize::from(place)));
        let character = special.copied().unwrap_or(char::from(*byte));
        match character {
            '\u{80}'..='\u{9f}' => Err(format!(
                "'charmap' codec can't decode byte 0x{byte:02x} in position {position}: character maps to <undefined>"
            )),
            character => Ok(character),
        }
    };
    bytes.iter().enumerate().map(character).collect()
}

fn utf_16(bytes: &[u8], order: Order) -> Result<String, String> {
    let (order, bytes) = match (order, bytes) {
        (Order::Marked, [0xff, 0xfe, rest @ ..]) => (Order::Little, rest),
        (Order::Marked, [0xfe, 0xff, rest @ ..]) => (Order::Big, rest),
        // Python waits for the rest of a mark, and reads nothing.
        (Order::Marked, [] | [_]) => return Ok(String::new()),
        (Order::Marked, _) => return Err("UTF-16 stream does not start with BOM".to_owned()),
        told => told,
    };
    let number: fn([u8; 2]) -> u16 = match order {
        Order::Little => u16::from_le_bytes,
        Order::Big | Order::Marked => u16::from_be_bytes,
    };
    let (units, []) = bytes.as_chunks() else {
        return Err("'utf-16' codec can't decode the last byte".to_owned());
    };
    let text = char::decode_utf16(units.iter().copied().map(number)).collect::<Result<_, _>>();
    text.map_err(|_| "'utf-16' codec can't decode a lone surrogate".to_owned())
}

fn utf_32(bytes: &[u8], order: Order) -> Result<String, String> {
    let (order, bytes) = match (order, bytes) {
        (Order::Marked, [0xff, 0xfe, 0, 0, rest @ ..]) => (Order::Little, rest),
        (Order::Marked, [0, 0, 0xfe, 0xff, rest @ ..]) => (Order::Big, rest),
        (Order::Marked, _) => return Err("UTF-32 stream does not start with BOM".to_owned()),
        told => told,
    };
    let number: fn([u8; 4]) -> u32 = match order {
        Order::Little => u32::from_le_bytes,
        Order::Big | Order::Marked => u32::from_be_bytes,
    };
    let (units, []) = bytes.as_chunks() else {
        return Err("'utf-32' codec can't decode the last bytes".to_owned());
    };
    let characters = units.iter().copied().map(number).map(char::from_u32);
    let text = characters.collect::<Option<_>>();
    text.ok_or_else(|| "'utf-32' codec can't decode what is no character".to_owned())
}
