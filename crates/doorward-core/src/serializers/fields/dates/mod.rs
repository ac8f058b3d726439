//! [`DateField`], [`TimeField`], [`DateTimeField`] (`rest_framework.fields`), and the formats that they are told.

mod date;
mod datetime;
mod defaults;
mod formats;
mod time;

pub use date::{DateField, DateType};
pub use datetime::{DateTimeField, DateTimeType};
pub use defaults::TimeFormats;
pub use formats::{Formats, Formatted, ISO_8601};
pub use time::{TimeField, TimeType};
