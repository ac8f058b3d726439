//! Python's pickle, of plain values only: what Django's caches keep (`pickle.loads`, `pickle.dumps`).
//!
//! A pickle is a program that makes objects, of any class. Here it makes texts, numbers, truth values, `None`, lists and
//! dictionaries, and nothing else: no name of a class is ever looked up, and a pickle that asks for one is refused.
//! Source: the module `pickletools` of Python, which describes each opcode.

mod bounded;
mod opcode;
mod reader;
mod tree;
mod writer;

pub(crate) use bounded::is_readable;
pub use reader::loads;
pub use writer::dumps;
pub(crate) use writer::dumps_object;

/// How many values a pickle may make, shared ones counted once: sessions have dozens.
pub const MAX_PICKLED_VALUES: usize = 100_000;

/// How many bytes of texts and values may come of a pickle, shared ones counted each time: 4 MiB.
pub const MAX_UNPICKLED: usize = 4 * 1024 * 1024;

/// Why a pickle is not read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PickleError {
    /// It makes an object that is no plain value. What it is, in Python's words.
    #[error("it holds {0}, which is no text, number, truth value, list or dictionary")]
    Object(String),
    /// It is of a protocol before 2, or no pickle.
    #[error("it is no pickle of protocol 2 or later")]
    Protocol,
    /// More than [`MAX_PICKLED_VALUES`], more than [`MAX_UNPICKLED`], or deeper than
    /// [`MAX_JSON_DEPTH`](crate::bounds::MAX_JSON_DEPTH).
    #[error("it is too large, or too deep")]
    TooLarge,
    /// It breaks off, or says what no pickle says.
    #[error("it is damaged")]
    Damaged,
}

/// What comes of reading a pickle.
type Result<T> = std::result::Result<T, PickleError>;

#[cfg(test)]
mod tests;
