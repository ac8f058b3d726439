//! [`Formats`]: how dates or times are read and written.

use std::borrow::Cow;

use doorward_django::dateparse::Moment;
use doorward_django::strptime::InputFormat;

use crate::serializers::{FieldContext, FieldType, Primitive, TypedField, ValidationError};

/// The format that stands for ISO 8601, among those that Python's `strptime` and `strftime` know.
pub const ISO_8601: &str = "iso-8601";

/// How dates or times are read and written; what is not said is ISO 8601.
#[derive(Clone, Debug, Default)]
pub struct Formats {
    input: Option<Vec<Input>>,
    output: Option<Cow<'static, str>>,
}

/// A format that is read, as it was written down.
#[derive(Clone, Debug)]
struct Input {
    text: Cow<'static, str>,
    format: InputFormat,
}

/// A type of field for dates or times, which is told formats.
pub trait Formatted: FieldType {
    /// Its formats.
    fn formats_mut(&mut self) -> &mut Formats;
}

impl<K: Formatted> TypedField<K> {
    /// The formats that are read, as Python's `strptime` knows them, or [`ISO_8601`]; the first one that fits counts. One
    /// that `strptime` does not know reads nothing.
    ///
    /// ```
    /// use doorward_core::serializers::{DateField, ISO_8601};
    ///
    /// let day = DateField::new().input_formats(["%d.%m.%Y", ISO_8601]).format("%d.%m.%Y");
    /// # let _ = day;
    /// ```
    #[must_use]
    pub fn input_formats<F: Into<Cow<'static, str>>>(mut self, formats: impl IntoIterator<Item = F>) -> Self {
        self.kind.formats_mut().read_by(formats);
        self
    }

    /// The format of what is answered, as Python's `strftime` knows them, or [`ISO_8601`].
    #[must_use]
    pub fn format(mut self, format: impl Into<Cow<'static, str>>) -> Self {
        self.kind.formats_mut().write_by(format);
        self
    }
}

impl Formats {
    pub(super) fn read_by<F: Into<Cow<'static, str>>>(&mut self, formats: impl IntoIterator<Item = F>) {
        self.input = Some(formats.into_iter().map(Input::new).collect());
    }

    pub(super) fn write_by(&mut self, format: impl Into<Cow<'static, str>>) {
        self.output = Some(format.into());
    }

    /// The same, with what others say where these say nothing.
    pub(super) fn or(&self, others: &Self) -> Self {
        Self {
            input: self.input.clone().or_else(|| others.input.clone()),
            output: self.output.clone().or_else(|| others.output.clone()),
        }
    }

    /// What was sent, read by the first format that fits: by `iso` for ISO 8601, else by `of` from the moment that the format
    /// finds.
    pub(super) fn read<T>(
        &self,
        data: &Primitive<'_>,
        iso: impl Fn(&str) -> Option<T>,
        of: impl Fn(Moment) -> T,
    ) -> Option<T> {
        let Primitive::Text(text) = data else {
            return None;
        };
        let Some(inputs) = &self.input else {
            return iso(text);
        };
        inputs.iter().find_map(|input| match is_iso(&input.text) {
            true => iso(text),
            false => input.format.read(text).map(&of),
        })
    }

    /// What is said of what no format fits, with the formats as people read them (`humanize_datetime`).
    pub(super) fn wrong(
        &self,
        sentence: &'static str,
        iso: &'static str,
        cx: &FieldContext<'_>,
    ) -> ValidationError {
        let texts: Option<Vec<_>> = self
            .input
            .as_ref()
            .map(|inputs| inputs.iter().map(|input| &*input.text).collect());
        let formats = texts.map_or_else(
            || iso.to_owned(),
            |texts| humanized(texts.join(", ").replace(ISO_8601, iso)),
        );
        cx.fail("invalid", sentence, &[("format", &formats)])
    }

    /// The format of what is answered; `None` for ISO 8601.
    pub(super) fn output(&self) -> Option<&str> {
        self.output.as_deref().filter(|format| !is_iso(format))
    }
}

impl Input {
    fn new(text: impl Into<Cow<'static, str>>) -> Self {
        let text = text.into();
        let format = InputFormat::new(&text);
        Self { text, format }
    }
}

fn is_iso(format: &str) -> bool {
    format.eq_ignore_ascii_case(ISO_8601)
}

/// `humanize_strptime`
fn humanized(format: String) -> String {
    const WORDS: [(&str, &str); 15] = [
        ("%Y", "YYYY"),
        ("%y", "YY"),
        ("%m", "MM"),
        ("%b", "[Jan-Dec]"),
        ("%B", "[January-December]"),
        ("%d", "DD"),
        ("%H", "hh"),
        ("%I", "hh"),
        ("%M", "mm"),
        ("%S", "ss"),
        ("%f", "uuuuuu"),
        ("%a", "[Mon-Sun]"),
        ("%A", "[Monday-Sunday]"),
        ("%p", "[AM|PM]"),
        ("%z", "[+HHMM|-HHMM]"),
    ];
    WORDS
        .iter()
        .fold(format, |format, (letter, word)| format.replace(letter, word))
}
