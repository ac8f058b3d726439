//! The kinds of fields, a file each.

mod big_integer;
mod boolean;
mod char;
mod choice;
mod dates;
mod decimal;
mod dict;
mod duration;
mod email;
mod file;
mod float;
mod format;
mod integer;
mod ip_address;
mod json;
mod limits;
mod list;
mod many;
mod method;
mod multiple_choice;
mod nested;
mod plain;
mod regex;
mod related;
mod slug;
mod url;
mod uuid;

pub use big_integer::{BigInteger, BigIntegerField};
pub use boolean::{Boolean, BooleanField};
pub use char::{Char, CharField, TextType, Trim, trimmed};
pub use choice::{Choice, ChoiceField, Choices};
pub use dates::{
    DateField, DateTimeField, DateTimeType, DateType, Formats, Formatted, ISO_8601, TimeField, TimeFormats,
    TimeType,
};
pub use decimal::{DecimalField, DecimalType};
pub use dict::{DictField, DictType};
pub use duration::{DurationField, DurationFormat, DurationType};
pub use email::{Email, EmailField};
pub use file::{FileField, FileType};
pub use float::{FloatField, FloatType};
pub use format::{TextFormat, TextOf};
pub use integer::{IntegerField, IntegerType, WholeType};
pub use ip_address::{IPAddressField, Protocol};
pub use json::{JSONField, JsonType};
pub use list::{ListField, ListType};
pub use many::{ListSerializer, Many};
pub use method::{Method, SerializerMethodField};
pub use multiple_choice::{MultipleChoiceField, MultipleChoices};
pub use nested::{Nested, NestedSerializer};
pub use plain::{AnyType, HiddenField, ReadOnlyField};
pub use regex::{Pattern, RegexField};
pub use related::{PrimaryKey, PrimaryKeyRelatedField};
pub use slug::{Slug, SlugField};
pub use url::{URLField, Url};
pub use uuid::{UUIDField, UuidFormat, UuidType};

use plain::unvalidated;
