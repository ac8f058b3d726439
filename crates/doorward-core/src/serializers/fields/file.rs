//! [`FileField`]: files of a form (`rest_framework.fields.FileField`).

use doorward_django::json::Value;

use crate::parsers::UploadedFile;
use crate::serializers::{FieldContext, FieldType, Primitive, TypedField, ValidatedValue, ValidationError};

/// A file of a form, which has a name and is not empty.
pub type FileField = TypedField<FileType>;

/// The type of a [`FileField`].
#[derive(Clone, Copy, Debug, Default)]
pub struct FileType {
    max_length: Option<usize>,
    empty: EmptyFile,
}

/// Whether a file may have no bytes (`allow_empty_file`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum EmptyFile {
    #[default]
    Refused,
    Allowed,
}

impl TypedField<FileType> {
    /// A file of any kind.
    #[must_use]
    pub fn new() -> Self {
        Self::of(FileType::default())
    }

    /// At most so many characters in its name.
    #[must_use]
    pub fn max_length(mut self, characters: usize) -> Self {
        self.kind.max_length = Some(characters);
        self
    }

    /// It may have no bytes.
    #[must_use]
    pub fn allow_empty_file(mut self) -> Self {
        self.kind.empty = EmptyFile::Allowed;
        self
    }
}

impl Default for TypedField<FileType> {
    fn default() -> Self {
        Self::new()
    }
}

impl FieldType for FileType {
    fn type_name(&self) -> &'static str {
        "file upload"
    }

    fn required(&self) -> &'static str {
        "No file was submitted."
    }

    fn to_internal_value(
        &self,
        data: Primitive<'_>,
        cx: &FieldContext<'_>,
    ) -> Result<ValidatedValue, ValidationError> {
        let Primitive::File(file) = data else {
            let message = "The submitted data was not a file. Check the encoding type on the form.";
            return Err(cx.fail("invalid", message, &[]));
        };
        self.check(file, cx)?;
        Ok(file.clone().into())
    }

    fn attributes(&self) -> Vec<(&'static str, Value)> {
        let max = self.max_length.map(|max| ("max_length", max.into()));
        max.into_iter().collect()
    }
}

impl FileType {
    fn check(&self, file: &UploadedFile, cx: &FieldContext<'_>) -> Result<(), ValidationError> {
        if file.name.is_empty() {
            return Err(cx.fail("no_name", "No filename could be determined.", &[]));
        }
        if file.content.is_empty() && self.empty == EmptyFile::Refused {
            return Err(cx.fail("empty", "The submitted file is empty.", &[]));
        }
        let length = file.name.chars().count();
        match self.max_length.filter(|max| length > *max) {
            None => Ok(()),
            Some(max) => {
                let message = "Ensure this filename has at most {max_length} characters (it has {length}).";
                Err(cx.fail(
                    "max_length",
                    message,
                    &[("max_length", &max), ("length", &length)],
                ))
            }
        }
    }
}
