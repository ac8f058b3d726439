//! The kinds of fields, a file each.

mod boolean;
mod char;
mod decimal;
mod integer;
mod limits;

pub use boolean::{Boolean, BooleanField};
pub use char::{Char, CharField, TextType, Trim};
pub use decimal::{DecimalField, DecimalType};
pub use integer::{IntegerField, IntegerType};
