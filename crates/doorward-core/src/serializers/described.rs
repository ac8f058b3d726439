//! [`HasSerializer`]: a type that is read by a serializer.

use super::{Completeness, Serializer, ValidatedData};
use crate::exceptions::Result;
use crate::parsers::Data;

/// A type that is read by a serializer: `#[derive(Serializer)]` gives it one, or it is written by hand.
///
/// ```
/// use std::sync::LazyLock;
///
/// use doorward_core::serializers::{CharField, HasSerializer, Serializer, ValidatedData};
///
/// #[derive(serde::Deserialize)]
/// struct Note {
///     title: String,
/// }
///
/// impl HasSerializer for Note {
///     fn serializer() -> &'static Serializer {
///         static NOTE: LazyLock<Serializer> =
///             LazyLock::new(|| Serializer::new().field("title", CharField::new().max_length(80)));
///         &NOTE
///     }
///
///     fn from_validated(data: ValidatedData) -> doorward_core::Result<Self> {
///         data.deserialize()
///     }
/// }
/// ```
pub trait HasSerializer: Sized {
    /// The description of the type's body.
    fn serializer() -> &'static Serializer;

    /// The value that those validated data make.
    ///
    /// # Errors
    /// What else is wrong with them: 400, or 500 where the serializer lets pass what the type does not hold.
    fn from_validated(data: ValidatedData) -> Result<Self>;

    /// The value of a body.
    ///
    /// # Errors
    /// 400 with all that is wrong, by field.
    fn read(data: &Data, completeness: Completeness) -> Result<Self> {
        Self::from_validated(Self::serializer().run(data, completeness)?)
    }
}
