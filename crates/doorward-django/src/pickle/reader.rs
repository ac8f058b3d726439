//! [`loads`]: pickles that make plain values.

use std::collections::HashMap;

use super::opcode as op;
use super::tree::{Place, Tree};
use super::{PickleError, Result};
use crate::json::{Number, Value};

/// The value that a pickle of protocol 2 to 5 makes: `pickle.loads(data)`, for plain values. A tuple comes as a list.
///
/// ```
/// use doorward_django::pickle::{PickleError, loads};
///
/// let value = loads(b"\x80\x04\x95\x08\x00\x00\x00\x00\x00\x00\x00}\x94\x8c\x01a\x94K\x01s.").unwrap();
/// assert_eq!(value.to_string(), "{\"a\":1}");
/// let refused = loads(b"\x80\x02cdatetime\ndate\n.").unwrap_err();
/// assert_eq!(refused, PickleError::Object("`datetime.date`".to_owned()));
/// ```
///
/// # Errors
/// [`PickleError`] says why it is not read.
pub fn loads(data: &[u8]) -> Result<Value> {
    let [op::PROTO, 2..=5, rest @ ..] = data else {
        return Err(PickleError::Protocol);
    };
    let mut reader = Reader {
        rest,
        tree: Tree::default(),
        stack: Vec::new(),
        below: Vec::new(),
        memo: HashMap::new(),
    };
    let value = reader.run()?;
    reader.tree.value(value)
}

struct Reader<'d> {
    rest: &'d [u8],
    tree: Tree,
    /// What stands above the last mark.
    stack: Vec<Place>,
    /// What stands below the marks.
    below: Vec<Vec<Place>>,
    memo: HashMap<u32, Place>,
}

impl<'d> Reader<'d> {
    /// Runs to its end, and gives what is left on the stack.
    fn run(&mut self) -> Result<Place> {
        loop {
            match self.byte()? {
                op::STOP => return self.pop(),
                op::FRAME => drop(self.array::<8>()?),
                op::MARK => self.below.push(std::mem::take(&mut self.stack)),
                code @ (op::MEMOIZE | op::BINPUT | op::LONG_BINPUT) => self.memoize(code)?,
                code @ (op::BINGET | op::LONG_BINGET) => self.recall(code)?,
                code @ (op::APPEND | op::APPENDS | op::SETITEM | op::SETITEMS) => self.fill(code)?,
                code => {
                    let place = self.made(code)?;
                    self.stack.push(place);
                }
            }
        }
    }

    /// What an opcode makes.
    fn made(&mut self, code: u8) -> Result<Place> {
        match code {
            op::EMPTY_DICT => self.tree.dict(),
            op::EMPTY_LIST | op::EMPTY_TUPLE => self.tree.list(Vec::new()),
            op::TUPLE1 => self.tuple(1),
            op::TUPLE2 => self.tuple(2),
            op::TUPLE3 => self.tuple(3),
            op::TUPLE => {
                let items = self.pop_mark()?;
                self.tree.list(items)
            }
            code => {
                let value = self.leaf(code)?;
                self.tree.leaf(value)
            }
        }
    }

    fn leaf(&mut self, code: u8) -> Result<Value> {
        Ok(match code {
            op::NONE => Value::Null,
            op::NEWTRUE => Value::Bool(true),
            op::NEWFALSE => Value::Bool(false),
            op::BININT => i32::from_le_bytes(self.array()?).into(),
            op::BININT1 => self.byte()?.into(),
            op::BININT2 => u16::from_le_bytes(self.array()?).into(),
            op::BINFLOAT => f64::from_be_bytes(self.array()?).into(),
            op::LONG => self.digits()?.into(),
            op::LONG1 | op::LONG4 => self.long(code)?.into(),
            op::SHORT_BINUNICODE | op::BINUNICODE | op::BINUNICODE8 => self.text(code)?.into(),
            code => return Err(self.no_plain_value(code)),
        })
    }

    fn memoize(&mut self, code: u8) -> Result<()> {
        let name = match code {
            op::BINPUT => self.byte()?.into(),
            op::LONG_BINPUT => u32::from_le_bytes(self.array()?),
            _ => u32::try_from(self.memo.len()).map_err(|_| PickleError::TooLarge)?,
        };
        let top = self.stack.last().ok_or(PickleError::Damaged)?;
        self.memo.insert(name, *top);
        Ok(())
    }

    fn recall(&mut self, code: u8) -> Result<()> {
        let name = match code {
            op::BINGET => self.byte()?.into(),
            _ => u32::from_le_bytes(self.array()?),
        };
        let place = self.memo.get(&name).ok_or(PickleError::Damaged)?;
        self.stack.push(*place);
        Ok(())
    }

    /// Puts what lies on the stack into the list or dictionary below it.
    fn fill(&mut self, code: u8) -> Result<()> {
        let items = match code {
            op::APPEND => self.pop_some(1)?,
            op::SETITEM => self.pop_some(2)?,
            _ => self.pop_mark()?,
        };
        let filled = *self.stack.last().ok_or(PickleError::Damaged)?;
        match code {
            op::APPEND | op::APPENDS => self.tree.extend(filled, items),
            _ => self.tree.update(filled, items),
        }
    }

    fn tuple(&mut self, length: usize) -> Result<Place> {
        let items = self.pop_some(length)?;
        self.tree.list(items)
    }

    /// A decimal number in a line, with an `L` at its end.
    fn digits(&mut self) -> Result<Number> {
        let line = self.line()?;
        let digits = line.strip_suffix('L').unwrap_or(line);
        Number::from_digits(digits).ok_or(PickleError::Damaged)
    }

    /// An integer of 128 bits at most, in two's complement, its lowest byte first.
    fn long(&mut self, code: u8) -> Result<Number> {
        let length = match code {
            op::LONG1 => self.byte()?.into(),
            _ => self.length::<4>()?,
        };
        let bytes = self.bytes(length)?;
        let is_negative = bytes.last().is_some_and(|byte| byte & 0x80 != 0);
        let mut wide = [if is_negative { 0xff } else { 0 }; 16];
        let low = wide.get_mut(..length).ok_or(PickleError::TooLarge)?;
        low.copy_from_slice(bytes);
        Ok(i128::from_le_bytes(wide).into())
    }

    fn text(&mut self, code: u8) -> Result<&'d str> {
        let length = match code {
            op::SHORT_BINUNICODE => self.byte()?.into(),
            op::BINUNICODE => self.length::<4>()?,
            _ => self.length::<8>()?,
        };
        // Python writes lone surrogates, which are no text elsewhere.
        str::from_utf8(self.bytes(length)?).map_err(|_| PickleError::Damaged)
    }

    /// What the opcode would make, by its name in Python.
    fn no_plain_value(&mut self, code: u8) -> PickleError {
        match code {
            op::GLOBAL => self.global().map_or_else(|error| error, PickleError::Object),
            op::STACK_GLOBAL => self
                .stack_global()
                .map_or_else(|error| error, PickleError::Object),
            op::BINBYTES | op::SHORT_BINBYTES | op::BINBYTES8 => object("bytes"),
            op::BYTEARRAY8 => object("a bytearray"),
            op::EMPTY_SET | op::FROZENSET => object("a set"),
            _ => PickleError::Damaged,
        }
    }

    fn global(&mut self) -> Result<String> {
        let (module, name) = (self.line()?, self.line()?);
        Ok(class(module, name))
    }

    fn stack_global(&mut self) -> Result<String> {
        let (name, module) = (self.pop()?, self.pop()?);
        let text = |place| self.tree.text(place).ok_or(PickleError::Damaged);
        Ok(class(text(module)?, text(name)?))
    }

    fn pop(&mut self) -> Result<Place> {
        self.stack.pop().ok_or(PickleError::Damaged)
    }

    fn pop_some(&mut self, many: usize) -> Result<Vec<Place>> {
        let left = self.stack.len().checked_sub(many).ok_or(PickleError::Damaged)?;
        Ok(self.stack.split_off(left))
    }

    fn pop_mark(&mut self) -> Result<Vec<Place>> {
        let below = self.below.pop().ok_or(PickleError::Damaged)?;
        Ok(std::mem::replace(&mut self.stack, below))
    }

    fn byte(&mut self) -> Result<u8> {
        let [byte] = self.array()?;
        Ok(byte)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N]> {
        let (bytes, rest) = self.rest.split_first_chunk().ok_or(PickleError::Damaged)?;
        self.rest = rest;
        Ok(*bytes)
    }

    /// A length of `N` bytes, the lowest first.
    fn length<const N: usize>(&mut self) -> Result<usize> {
        let mut wide = [0; 8];
        for (byte, given) in wide.iter_mut().zip(self.array::<N>()?) {
            *byte = given;
        }
        usize::try_from(u64::from_le_bytes(wide)).map_err(|_| PickleError::Damaged)
    }

    fn bytes(&mut self, length: usize) -> Result<&'d [u8]> {
        let (bytes, rest) = self.rest.split_at_checked(length).ok_or(PickleError::Damaged)?;
        self.rest = rest;
        Ok(bytes)
    }

    /// Up to the end of a line.
    fn line(&mut self) -> Result<&'d str> {
        let end = self.rest.iter().position(|byte| *byte == b'\n');
        let line = self.bytes(end.ok_or(PickleError::Damaged)?)?;
        self.byte()?;
        str::from_utf8(line).map_err(|_| PickleError::Damaged)
    }
}

fn object(what: &str) -> PickleError {
    PickleError::Object(what.to_owned())
}

/// How much of a class's name is told.
const MAX_NAME: usize = 100;

/// A class, as a message names it.
fn class(module: &str, name: &str) -> String {
    let path: String = format!("{module}.{name}").chars().take(MAX_NAME).collect();
    format!("`{}`", path.escape_debug())
}
