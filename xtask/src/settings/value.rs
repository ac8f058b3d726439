//! A value that a settings file can hold, and how it is written there.

use std::fmt;

/// A value that a settings file can hold.
pub(super) enum Value {
    Flag(bool),
    Number(u128),
    Text(String),
    /// In milliseconds.
    Period(u128),
    List(Vec<Value>),
    None,
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => write!(f, "{flag}"),
            Self::Number(number) => write!(f, "{number}"),
            Self::Text(text) => write!(f, "\"{text}\""),
            Self::Period(millis) => write!(f, "\"{}\"", period(*millis)),
            Self::None => f.write_str("none"),
            Self::List(members) => {
                let members: Vec<String> = members.iter().map(ToString::to_string).collect();
                write!(f, "[{}]", members.join(", "))
            }
        }
    }
}

/// As `Period` writes it; nothing is `0s`.
fn period(millis: u128) -> String {
    let units = [(86_400_000, "d"), (3_600_000, "h"), (60_000, "m"), (1_000, "s")];
    match units.into_iter().find(|(size, _)| millis.is_multiple_of(*size)) {
        _ if millis == 0 => "0s".to_owned(),
        Some((size, unit)) => format!("{}{unit}", millis / size),
        None => format!("{millis}ms"),
    }
}
