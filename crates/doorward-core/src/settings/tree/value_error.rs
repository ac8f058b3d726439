//! [`ValueError`]: a value that does not fit its key.

use std::fmt;

use serde::de::{self, Expected, Unexpected};

use super::{LoadError, Origin, Step};

/// The longest name that is repeated.
const LONGEST_NAME: usize = 64;

/// A value does not fit; its path grows as the error leaves the nested tables.
///
/// What was found is told by its kind only: a text in the place of a section may be a secret, whatever the key is.
#[derive(Debug)]
pub struct ValueError {
    path: Vec<Step>,
    origin: Option<Origin>,
    problem: Box<Problem>,
}

#[derive(Debug)]
enum Problem {
    Custom(String),
    Unexpected {
        kind: &'static str,
        expected: String,
    },
    UnknownName {
        name: String,
        allowed: &'static [&'static str],
    },
    UnknownKey {
        allowed: Vec<&'static str>,
    },
}

impl ValueError {
    fn new(problem: Problem) -> Self {
        Self {
            path: Vec::new(),
            origin: None,
            problem: Box::new(problem),
        }
    }

    pub(super) fn below(mut self, step: Step, origin: &Origin) -> Self {
        self.path.insert(0, step);
        self.at(origin)
    }

    pub(in crate::settings) fn at(mut self, origin: &Origin) -> Self {
        self.origin.get_or_insert_with(|| origin.clone());
        self
    }

    /// The same, with keys that are known where this one is not: behind the others, in that order.
    pub(in crate::settings) fn also_known(mut self, keys: &[&'static str]) -> Self {
        if let Problem::UnknownKey { allowed } = &mut *self.problem {
            allowed.retain(|known| !keys.contains(known));
            allowed.extend(keys);
        }
        self
    }

    /// Where the value stands, from the root.
    #[must_use]
    pub fn path(&self) -> &[Step] {
        &self.path
    }

    /// The same, in words.
    #[must_use]
    pub fn into_load_error(self) -> LoadError {
        let keys = self.path.iter().filter_map(Step::key);
        let keys: Vec<_> = keys.map(|key| if is_name(key) { key } else { "…" }).collect();
        let problem = self.problem.tell(keys.last().copied().unwrap_or_default());
        LoadError::new(&self.origin.unwrap_or(Origin::Unset), keys.join("."), problem)
    }
}

impl Problem {
    fn tell(self, key: &str) -> String {
        match self {
            Self::Custom(text) => text,
            Self::Unexpected { kind, expected } => format!("expected {expected}, not {kind}"),
            Self::UnknownName { name, allowed } => unknown_name(&name, allowed),
            Self::UnknownKey { allowed } if allowed.is_empty() => "unknown key".to_owned(),
            Self::UnknownKey { allowed } => {
                let nearest = nearest(key, &allowed);
                let nearest = nearest.map_or(";".to_owned(), |best| format!("; did you mean `{best}`?"));
                format!("unknown key{nearest} known here: {}", list(&allowed))
            }
        }
    }
}

/// A name that is like an allowed one is a slip, and repeated; any other text may be a secret.
pub(crate) fn unknown_name(name: &str, allowed: &[&str]) -> String {
    match nearest(name, allowed) {
        Some(best) if is_name(name) => {
            format!(
                "`{name}` is unknown; did you mean `{best}`? allowed: {}",
                list(allowed)
            )
        }
        _ => format!("this name is unknown; allowed: {}", list(allowed)),
    }
}

/// Whether a text can be a name that somebody made up for a key or a choice.
fn is_name(text: &str) -> bool {
    text.len() <= LONGEST_NAME
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "_-+.".contains(c))
}

fn list(names: &[&str]) -> String {
    names.join(", ")
}

/// The known name that is most like `name`.
fn nearest<'k>(name: &str, known: &[&'k str]) -> Option<&'k str> {
    let name = name.to_lowercase();
    let likeness = |known: &&str| (strsim::jaro_winkler(&name, &known.to_lowercase()) * 1e6) as u32;
    let best = known.iter().copied().max_by_key(likeness);
    best.filter(|best| likeness(best) > 750_000)
}

impl fmt::Display for ValueError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.problem)
    }
}

impl std::error::Error for ValueError {}

impl de::Error for ValueError {
    fn custom<T: fmt::Display>(text: T) -> Self {
        Self::new(Problem::Custom(text.to_string()))
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(Problem::Unexpected {
            kind: kind(&found),
            expected: in_toml_words(&expected.to_string()),
        })
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn unknown_variant(name: &str, allowed: &'static [&'static str]) -> Self {
        let name = name.to_owned();
        Self::new(Problem::UnknownName { name, allowed })
    }

    fn unknown_field(_: &str, allowed: &'static [&'static str]) -> Self {
        let allowed = allowed.to_vec();
        Self::new(Problem::UnknownKey { allowed })
    }
}

fn kind(found: &Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "true or false",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) | Unexpected::Float(_) => "this number",
        Unexpected::Str(_) => "a text",
        Unexpected::Seq => "a list",
        Unexpected::Map => "a table",
        _ => "this",
    }
}

/// What serde calls by Rust's names, in the words of the settings file.
fn in_toml_words(expected: &str) -> String {
    match expected {
        "a string" => "a text".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "a list, such as [\"a\", \"b\"]".to_owned(),
        "u8" => "a whole number from 0 to 255".to_owned(),
        "u32" => "a whole number from 0 to 4294967295".to_owned(),
        "u64" | "usize" => "a whole number, 0 or more".to_owned(),
        other => match other.strip_prefix("struct ") {
            Some(_) => "a section".to_owned(),
            None => other.to_owned(),
        },
    }
}
