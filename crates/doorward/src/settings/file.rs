//! The settings file: TOML, with places kept.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::LoadError;
use super::tree::{Node, Origin, Value};

/// A settings file is a page of text; more is a mistake.
const LARGEST: u64 = 1 << 20;

/// Reads a file of settings.
pub(super) fn read(path: &Path) -> Result<Node, LoadError> {
    let name: Arc<str> = path.display().to_string().into();
    let fail = |problem: String| LoadError::new(&Origin::File(Arc::clone(&name)), "", problem);
    let bytes = bytes(path).map_err(&fail)?;
    let text = Text::new(&name, &bytes)?;
    let table = DeTable::parse(text.text).map_err(|error| text.syntax_error(&error))?;
    Ok(text.table(table.span().start, table.get_ref()))
}

/// One value as TOML writes it, such as `true`, `10` or `["a", "b"]`.
pub(super) fn value(text: &str) -> Option<Value> {
    let parsed = DeValue::parse(text).ok()?;
    let source = Text {
        name: "".into(),
        text,
    };
    Some(source.node(&parsed).value)
}

fn bytes(path: &Path) -> Result<Vec<u8>, String> {
    let about = fs::metadata(path).map_err(|error| format!("cannot read the settings: {error}"))?;
    if !about.is_file() {
        return Err("the settings must be a regular file".to_owned());
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes))
        .map_err(|error| format!("cannot read the settings: {error}"))?;
    if bytes.len() as u64 > LARGEST {
        return Err("this file is larger than 1 MiB, and so no settings file".to_owned());
    }
    Ok(bytes)
}

struct Text<'t> {
    name: Arc<str>,
    text: &'t str,
}

impl<'t> Text<'t> {
    fn new(name: &Arc<str>, bytes: &'t [u8]) -> Result<Self, LoadError> {
        let name = Arc::clone(name);
        if bytes.starts_with(b"\xEF\xBB\xBF") {
            let problem = "the file starts with a byte order mark; save it as UTF-8 without one";
            return Err(LoadError::new(&Origin::Place(name, 1, 1), "", problem));
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Self { name, text }),
            Err(error) => {
                let good = bytes.get(..error.valid_up_to()).unwrap_or_default();
                let (line, column) = place(&String::from_utf8_lossy(good), usize::MAX);
                let problem = "the file is not UTF-8 from here on";
                Err(LoadError::new(&Origin::Place(name, line, column), "", problem))
            }
        }
    }

    fn origin(&self, offset: usize) -> Origin {
        let (line, column) = place(self.text, offset);
        Origin::Place(Arc::clone(&self.name), line, column)
    }

    fn syntax_error(&self, error: &toml::de::Error) -> LoadError {
        let offset = error.span().map_or(0, |span| span.start);
        let problem = error.message().trim().replace('\n', "; ");
        LoadError::new(&self.origin(offset), "", format!("this is no TOML: {problem}"))
    }

    fn table(&self, offset: usize, table: &DeTable<'_>) -> Node {
        let entries = table.iter().map(|(key, value)| {
            let entry = (self.origin(key.span().start), self.node(value));
            (key.get_ref().to_string(), entry)
        });
        Node {
            value: Value::Table(entries.collect()),
            origin: self.origin(offset),
        }
    }

    fn node(&self, value: &Spanned<DeValue<'_>>) -> Node {
        let offset = value.span().start;
        let value = match value.get_ref() {
            DeValue::Table(table) => return self.table(offset, table),
            DeValue::Array(list) => Value::List(list.iter().map(|item| self.node(item)).collect()),
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Boolean(truth) => Value::Bool(*truth),
            DeValue::Integer(number) => integer(number.as_str(), number.radix()),
            DeValue::Float(number) => number
                .as_str()
                .parse()
                .map_or_else(|_| Value::Other(number.as_str().to_owned()), Value::Float),
            DeValue::Datetime(date) => Value::Other(date.to_string()),
        };
        Node {
            value,
            origin: self.origin(offset),
        }
    }
}

fn integer(digits: &str, radix: u32) -> Value {
    i64::from_str_radix(digits, radix).map_or_else(|_| Value::Other(digits.to_owned()), Value::Integer)
}

/// Line and column of a byte offset, both from 1.
fn place(text: &str, offset: usize) -> (usize, usize) {
    let before = text.get(..offset.min(text.len())).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}
