//! Bodies: JSON, form and multipart (`rest_framework.parsers`, `rest_framework.request`).
//!
//! A handler takes [`Data`] as its argument and has DRF's `request.data`.

mod data;
mod form;
mod json;
mod media_type;
mod multipart;
mod slot;

pub use data::Data;
pub(crate) use data::form;
pub use form::{FormData, FormValue, UploadedFile};

pub(crate) use media_type::MediaType;
pub(crate) use slot::BodySlot;
