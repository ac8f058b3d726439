//! [`dumps`]: plain values as a pickle.

use super::opcode as op;
use crate::json::{Number, Object, Value};

/// A pickle of protocol 2, which every Python 3 reads: what `pickle.loads` makes of it is the value.
///
/// ```
/// use doorward_django::json::Value;
/// use doorward_django::pickle::{dumps, loads};
///
/// let value = Value::from("a text");
/// assert_eq!(loads(&dumps(&value)), Ok(value));
/// ```
#[must_use]
pub fn dumps(value: &Value) -> Vec<u8> {
    let mut pickle = vec![op::PROTO, 2];
    write(value, &mut pickle);
    pickle.push(op::STOP);
    pickle
}

/// The pickle of a dictionary.
pub(crate) fn dumps_object(object: &Object) -> Vec<u8> {
    let mut pickle = vec![op::PROTO, 2];
    dict(object, &mut pickle);
    pickle.push(op::STOP);
    pickle
}

fn write(value: &Value, to: &mut Vec<u8>) {
    match value {
        Value::Null => to.push(op::NONE),
        Value::Bool(true) => to.push(op::NEWTRUE),
        Value::Bool(false) => to.push(op::NEWFALSE),
        Value::Number(value) => number(value, to),
        Value::String(value) => text(value, to),
        Value::Array(items) => {
            to.extend([op::EMPTY_LIST, op::MARK]);
            items.iter().for_each(|item| write(item, to));
            to.push(op::APPENDS);
        }
        Value::Object(object) => dict(object, to),
    }
}

fn dict(object: &Object, to: &mut Vec<u8>) {
    to.extend([op::EMPTY_DICT, op::MARK]);
    for (name, value) in object.iter() {
        text(name, to);
        write(value, to);
    }
    to.push(op::SETITEMS);
}

fn number(value: &Number, to: &mut Vec<u8>) {
    let small = value.as_i64().and_then(|integer| i32::try_from(integer).ok());
    match (small, value.is_float(), value.as_f64()) {
        (Some(integer), _, _) => {
            to.push(op::BININT);
            to.extend(integer.to_le_bytes());
        }
        (None, true, Some(float)) => {
            to.push(op::BINFLOAT);
            to.extend(float.to_be_bytes());
        }
        // In digits, whatever their number.
        _ => {
            to.push(op::LONG);
            to.extend(value.to_string().bytes().chain(*b"L\n"));
        }
    }
}

/// In the form of eight bytes where four hold no such length.
fn text(text: &str, to: &mut Vec<u8>) {
    match u32::try_from(text.len()) {
        Ok(length) => {
            to.push(op::BINUNICODE);
            to.extend(length.to_le_bytes());
        }
        Err(_) => {
            to.push(op::BINUNICODE8);
            to.extend((text.len() as u64).to_le_bytes());
        }
    }
    to.extend(text.bytes());
}
