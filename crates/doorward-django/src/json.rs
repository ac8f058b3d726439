//! JSON as Python reads and writes it (`json`, `rest_framework.utils.json`).
//!
//! [`Value`] holds what Python's `json.loads` keeps: integers of any size, and members in the order in which they came.
//! Django signs the very bytes that [`dumps`] writes, so they are reproduced: pure ASCII with `\uXXXX` escapes, keys in
//! the order of insertion, and floating point numbers in the form of Python's `repr`.

mod compare;
mod convert;
mod deserialize;
mod error;
mod float;
mod macros;
mod number;
mod object;
mod reader;
mod scan;
mod serialize;
mod value;
mod writer;

#[doc(inline)]
pub use crate::__json as json;
pub use deserialize::from_value;
pub use error::Error;
pub use number::Number;
pub use object::{Iter, Object};
pub use reader::{Constants, Overflow, ReadError, Reader, RepeatedNames, loads};
pub use serialize::{render, to_value};
pub use value::Value;
pub use writer::{dumps, dumps_object};

#[cfg(test)]
mod tests;
