//! [`FormData`]: the fields of a form (`django.http.QueryDict`).

use bytes::Bytes;
use doorward_django::bounds::MAX_FORM_FIELDS;
use doorward_django::json::{Object, Value};
use serde::de::DeserializeOwned;

use super::texts::from_fields;
use crate::exceptions::{ApiException, Result};

/// The fields of a form in their order; a name may stand in it more than once, and its last value counts.
#[derive(Clone, Debug, Default)]
pub struct FormData(Vec<(String, FormValue)>);

/// What one field of a form holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FormValue {
    /// Text.
    Text(String),
    /// A file.
    File(UploadedFile),
}

/// A file in a form (`django.core.files.uploadedfile.UploadedFile`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UploadedFile {
    /// The name that the client gave it; never a path to write to.
    pub name: String,
    /// What the file holds.
    pub content: Bytes,
}

impl FormData {
    /// The last value of a field.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&FormValue> {
        let mut values = self.0.iter().rev();
        values.find(|(field, _)| field == name).map(|(_, value)| value)
    }

    /// The last value of a field, where it is text.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        match self.value(name) {
            Some(FormValue::Text(text)) => Some(text),
            Some(FormValue::File(_)) | None => None,
        }
    }

    /// Every field in its order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &FormValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The fields of a query (`request.query_params`).
    ///
    /// # Errors
    /// 400 for too many fields.
    pub(crate) fn of_query(query: &str) -> Result<Self> {
        Self::parse(query.as_bytes())
    }

    /// The fields as a value of a type; a file fits none.
    ///
    /// # Errors
    /// 400 with DRF's sentence under the name of the first field that does not fit.
    pub fn deserialize<T: DeserializeOwned>(&self) -> Result<T> {
        let fields = self.iter().map(|(name, value)| match value {
            FormValue::Text(text) => (name, Some(text.as_str())),
            FormValue::File(_) => (name, None),
        });
        from_fields(fields).map_err(ApiException::from)
    }

    /// The fields of `application/x-www-form-urlencoded`; what is no UTF-8 is read as Latin-1, as Django does.
    pub(super) fn parse(body: &[u8]) -> Result<Self> {
        let latin_1;
        let bytes = match std::str::from_utf8(body) {
            Ok(_) => body,
            Err(_) => {
                latin_1 = body.iter().copied().map(char::from).collect::<String>();
                latin_1.as_bytes()
            }
        };
        let mut form = Self::default();
        for (name, value) in form_urlencoded::parse(bytes) {
            form.push(name.into_owned(), FormValue::Text(value.into_owned()))?;
        }
        Ok(form)
    }

    /// 400 for one field too many.
    pub(super) fn push(&mut self, name: String, value: FormValue) -> Result {
        if self.0.len() >= MAX_FORM_FIELDS {
            return Err(too_many_fields());
        }
        self.0.push((name, value));
        Ok(())
    }
}

/// 400 (`django.core.exceptions.TooManyFieldsSent`).
pub(super) fn too_many_fields() -> ApiException {
    ApiException::parse_error(format!("The form has more than {MAX_FORM_FIELDS} fields."))
}

/// The last value of each field, as DRF renders it; of a file, its name.
impl From<FormData> for Value {
    fn from(form: FormData) -> Self {
        let members = form.0.into_iter().map(|(name, value)| match value {
            FormValue::Text(text) => (name, Self::String(text)),
            FormValue::File(file) => (name, Self::String(file.name)),
        });
        Self::Object(members.collect::<Object>())
    }
}
