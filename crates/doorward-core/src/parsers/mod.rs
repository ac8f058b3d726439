//! Bodies: JSON, form and multipart (`rest_framework.parsers`, `rest_framework.request`).
//!
//! A handler takes [`Data`] as its argument and has DRF's `request.data`.

mod charset;
mod data;
mod form;
mod json;
mod lane;
mod media_type;
mod multipart;
mod printable;
mod rules;
mod slot;
mod texts;

pub use data::Data;
pub(crate) use data::{is_form, posted_form};
pub use form::{FormData, FormValue, UploadedFile};

pub(crate) use lane::Lane;
pub(crate) use media_type::MediaType;
pub use media_type::is_json;
pub(crate) use printable::is_printable;
pub(crate) use rules::ParserRules;
pub(crate) use slot::BodySlot;
pub(crate) use texts::{from_parameters, is_of_type};
