//! [`Charset`]: how the text of a JSON body is written as bytes (`codecs.getreader` of Python).

use std::borrow::Cow;

/// A way to write text as bytes. Python knows more of them; what is not known here is read as UTF-8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    Utf8,
    /// UTF-8, perhaps with a byte order mark before it.
    Utf8Sig,
    Ascii,
    Latin1,
    Utf16(Order),
    Utf32(Order),
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
            "ascii" | "us_ascii" => Self::Ascii,
            "utf_8_sig" => Self::Utf8Sig,
            "utf_16" | "utf16" | "u16" => Self::Utf16(Order::Marked),
            "utf_16_le" | "utf_16le" => Self::Utf16(Order::Little),
            "utf_16_be" | "utf_16be" => Self::Utf16(Order::Big),
            "utf_32" | "utf32" | "u32" => Self::Utf32(Order::Marked),
            "utf_32_le" | "utf_32le" => Self::Utf32(Order::Little),
            "utf_32_be" | "utf_32be" => Self::Utf32(Order::Big),
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
            Self::Ascii => Err("'ascii' codec can't decode the body".to_owned()),
            Self::Latin1 => Ok(bytes.iter().copied().map(char::from).collect()),
            Self::Utf16(order) => utf_16(bytes, order).map(Cow::Owned),
            Self::Utf32(order) => utf_32(bytes, order).map(Cow::Owned),
        }
    }
}

fn utf_8(bytes: &[u8]) -> Result<Cow<'_, str>, String> {
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
        let position = error.valid_up_to();
        let byte = bytes.get(position).copied().unwrap_or_default();
        format!("'utf-8' codec can't decode byte 0x{byte:02x} in position {position}")
    })
}

fn utf_16(bytes: &[u8], order: Order) -> Result<String, String> {
    let (order, bytes) = match (order, bytes) {
        (Order::Marked, [0xff, 0xfe, rest @ ..]) => (Order::Little, rest),
        (Order::Marked, [0xfe, 0xff, rest @ ..]) => (Order::Big, rest),
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
