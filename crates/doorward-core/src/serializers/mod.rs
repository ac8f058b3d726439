//! Serializers: one description of a body (`rest_framework.serializers`, `rest_framework.fields`).
//!
//! A [`Serializer`](struct@Serializer) is a list of named fields. From this one value come what a body may say, with DRF's errors
//! ([`Serializer::run`]), what an answer says ([`Serializer::to_representation`]), and what OPTIONS tells of a route
//! ([`RouteExt::takes`](crate::RouteExt::takes)).
//!
//! ```
//! use doorward_core::parsers::Data;
//! use doorward_core::serializers::{CharField, Completeness, Serializer};
//!
//! let serializer = Serializer::new()
//!     .field("name", CharField::new().max_length(100))
//!     .field("category", CharField::new().max_length(50).allow_blank().optional());
//!
//! let data = Data::Json(serde_json::json!({"name": " Lamp "}).into());
//! let validated = serializer.run(&data, Completeness::Whole)?;
//! assert_eq!(validated.text("name"), Some("Lamp"));
//!
//! let refused = serializer.run(&Data::Json(serde_json::json!({}).into()), Completeness::Whole).unwrap_err();
//! assert_eq!(refused.detail(), &serde_json::json!({"name": ["This field is required."]}));
//! # Ok::<(), doorward_core::ApiException>(())
//! ```

mod described;
mod errors;
mod field;
mod field_type;
mod field_value;
mod fields;
mod html;
mod info;
mod json;
mod options;
mod primitive;
mod python_repr;
mod serializer;
mod validated;
mod validation;
mod value;

pub use described::HasSerializer;
pub use doorward_django::dateparse::{Date, Duration, Time};
pub use doorward_django::decimal::Decimal;
pub use doorward_django::integer::Integer;
pub use doorward_django::time_zone::TimeZone;
pub use doorward_macros::Serializer;
pub use errors::{ErrorDetail, NON_FIELD_ERRORS, ValidationError, non_field_error};
pub use field::{Field, TypedField};
pub use field_type::{Blank, FieldContext, FieldType};
pub use field_value::{FieldValue, nested_value, take};
pub use fields::*;
pub use html::MultiDict;
pub use primitive::{Mapping, Primitive};
pub use serializer::{Completeness, Serializer};
pub use validated::ValidatedData;
pub use validation::Validation;
pub use value::ValidatedValue;

use serializer::no_data;
