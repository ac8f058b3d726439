//! Values of any type read from texts: the fields of a form or a query, the parameters of a path.

mod field;
mod parameters;
mod several;
mod text;

use doorward_django::json::Error;
use parameters::Parameters;
use serde::de::DeserializeOwned;
use several::Several;

/// How much a text may differ from what we would write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spelling {
    /// As DRF's fields read forms: white space around numbers, `yes` and `on` for true.
    Any,
    /// As Django's converters read paths: digits and nothing else.
    One,
}

/// How many dots the name of a field may have.
const MAX_PARTS: usize = 32;

/// A struct or a map of texts by name: of a name that stands more than once, a list takes all texts and everything else the
/// last one (`django.http.QueryDict`). A struct within takes what stands below its name (`address.street`). `None` is what is
/// no text, such as a file.
///
/// A name may have [`MAX_PARTS`] dots. An empty text is missing where the type does not need the field, as DRF has it.
///
/// # Errors
/// The first field that does not fit, with DRF's sentence.
pub(crate) fn from_fields<'t, T: DeserializeOwned>(
    fields: impl IntoIterator<Item = (&'t str, Option<&'t str>)>,
) -> Result<T, Error> {
    let fields: Vec<_> = fields.into_iter().collect();
    // A type may hold itself: each part of a name is a level of the stack.
    let parts = |name: &str| name.bytes().filter(|byte| *byte == b'.').count();
    if fields.iter().any(|(name, _)| parts(name) > MAX_PARTS) {
        return Err(Error::new("invalid", "A field's name has too many parts."));
    }
    let mut several = Several::new(fields);
    // As often as there are fields that the type needs and that have no text.
    loop {
        match T::deserialize(several.clone()) {
            Err(error) if error.missing_field().is_some_and(|name| several.keep_blank(name)) => {}
            read => return read,
        }
    }
}

/// One value, a tuple of as many as there are, or a struct, from the parameters of a path.
///
/// # Errors
/// What does not fit; [`is_of_type`] where no text would.
pub(crate) fn from_parameters<'t, T: DeserializeOwned>(
    parameters: impl IntoIterator<Item = (&'t str, &'t str)>,
) -> Result<T, Error> {
    T::deserialize(Parameters::new(parameters.into_iter().collect()))
}

/// The code of a type that nothing fits which can come.
const OF_TYPE: &str = "type";

/// Whether it is the type that is wrong, and not the address that a client asked for: a path always has the same
/// parameters.
pub(crate) fn is_of_type(error: &Error) -> bool {
    matches!(error.code(), "required" | "invalid_length" | OF_TYPE)
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde::Deserialize;

    use super::*;

    /// A type that holds itself.
    #[derive(Debug, serde::Deserialize)]
    struct Nested {
        #[expect(dead_code, reason = "it is only read")]
        and: Option<Box<Nested>>,
    }

    #[test]
    fn a_name_of_many_parts_ends_before_the_stack_does() {
        let deep = "and.".repeat(100_000) + "and";
        let error = from_fields::<Nested>([(deep.as_str(), Some("1"))]).err();
        assert!(error.is_some_and(|error| format!("{error:?}").contains("too many parts")));
        let fine = "and.".repeat(MAX_PARTS - 1) + "and.other";
        assert!(from_fields::<Nested>([(fine.as_str(), Some("1"))]).is_ok());
    }

    #[test]
    fn a_number_past_128_bits_is_refused_and_not_bent() {
        for text in ["170141183460469231731687303715884105728", &"9".repeat(40)] {
            assert!(from_parameters::<u128>([("id", text)]).is_err(), "{text}");
        }
        assert!(from_parameters::<i128>([("id", "-170141183460469231731687303715884105729")]).is_err());
        assert!(from_fields::<HashMap<String, f32>>([("price", Some("1e300"))]).is_err());
    }

    #[derive(Debug, Deserialize, PartialEq)]
    #[serde(rename_all = "snake_case")]
    enum Order {
        Newest,
        Oldest,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Filter {
        page: Option<u32>,
        #[serde(default)]
        tag: Vec<String>,
        #[serde(default)]
        done: bool,
        order: Option<Order>,
        price: Option<f64>,
    }

    fn filter(fields: &[(&str, &str)]) -> Result<Filter, String> {
        from_fields(fields.iter().map(|(name, text)| (*name, Some(*text))))
            .map_err(|error: Error| error.detail().to_string())
    }

    #[test]
    fn fields_are_read_as_drf_reads_forms() {
        let read = filter(&[
            ("tag", "a"),
            ("page", "1"),
            ("page", " +2.0 "),
            ("tag", "b"),
            ("done", "Yes"),
            ("order", "newest"),
            ("price", " 4.50"),
            ("unknown", "x"),
        ]);
        let expected = Filter {
            page: Some(2),
            tag: vec!["a".to_owned(), "b".to_owned()],
            done: true,
            order: Some(Order::Newest),
            price: Some(4.5),
        };
        assert_eq!(read.unwrap(), expected);
        let blank = filter(&[("page", ""), ("order", "")]).unwrap();
        assert_eq!((blank.page, blank.order, blank.done), (None, None, false));
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Purchase {
        name: String,
        quantity: u8,
        #[serde(default)]
        priority: u8,
        address: Option<Address>,
        #[serde(default, rename = "price.gte")]
        price: u8,
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Address {
        street: String,
        #[serde(default)]
        numbers: Vec<u8>,
    }

    fn order(fields: &[(&str, &str)]) -> Result<Purchase, String> {
        from_fields(fields.iter().map(|(name, text)| (*name, Some(*text))))
            .map_err(|error: Error| error.detail().to_string())
    }

    #[test]
    fn an_empty_text_is_missing_where_it_may_be() {
        let read = order(&[("name", ""), ("quantity", "1"), ("priority", "")]).unwrap();
        assert_eq!((read.name.as_str(), read.priority), ("", 0));
        let refused = order(&[("name", ""), ("quantity", "")]).unwrap_err();
        assert_eq!(refused, r#"{"quantity":["A valid integer is required."]}"#);
        let map: HashMap<String, String> = from_fields([("a", Some("")), ("b.c", Some("d"))]).unwrap();
        assert_eq!((map["a"].as_str(), map["b.c"].as_str()), ("", "d"));
    }

    #[test]
    fn a_struct_within_takes_what_stands_below_its_name() {
        let base = [("name", "a"), ("quantity", "1"), ("price.gte", "7")];
        let with = |more: &[(&'static str, &'static str)]| order(&[&base[..], more].concat());
        let read = with(&[
            ("address.street", "S"),
            ("address.numbers", "1"),
            ("address.numbers", "2"),
        ])
        .unwrap();
        let expected = Address {
            street: "S".to_owned(),
            numbers: vec![1, 2],
        };
        assert_eq!((read.address, read.price), (Some(expected), 7));
        for (more, errors) in [
            (
                ("address.numbers", "1"),
                r#"{"address":{"street":["This field is required."]}}"#,
            ),
            (
                ("address.numbers", "x"),
                r#"{"address":{"numbers":{"0":["A valid integer is required."]}}}"#,
            ),
            (
                ("address", "S"),
                r#"{"address":{"non_field_errors":["Invalid data. Expected a dictionary, but got str."]}}"#,
            ),
        ] {
            assert_eq!(with(&[more]).unwrap_err(), errors);
        }
    }

    #[test]
    fn what_does_not_fit_is_told_under_its_field() {
        for (name, text, sentence) in [
            ("page", "x", "A valid integer is required."),
            ("page", "1.5", "A valid integer is required."),
            ("page", "1__0", "A valid integer is required."),
            ("page", "-1", "Ensure this value is greater than or equal to 0."),
            (
                "page",
                "4294967296",
                "Ensure this value is less than or equal to 4294967295.",
            ),
            (
                "page",
                "99999999999999999999999999999999999999999999",
                "Ensure this value is less than or equal to 4294967295.",
            ),
            ("done", "perhaps", "Must be a valid boolean."),
            ("order", "loudest", "\"loudest\" is not a valid choice."),
            ("price", "much", "A valid number is required."),
            ("price", "nan", "A valid number is required."),
        ] {
            let expected = serde_json::json!({ name: [sentence] }).to_string();
            assert_eq!(filter(&[(name, text)]).unwrap_err(), expected, "{text:?}");
        }
        let tags = filter(&[("tag", "a"), ("tag", "a\0b")]).unwrap_err();
        assert_eq!(tags, r#"{"tag":{"1":["Null characters are not allowed."]}}"#);
        let long = "1".repeat(1_001);
        assert!(
            filter(&[("page", &long)])
                .unwrap_err()
                .contains("String value too large.")
        );
    }

    #[test]
    fn a_field_that_is_missing_or_a_file_is_told() {
        #[derive(Debug, Deserialize)]
        struct Named {
            #[expect(dead_code, reason = "it is only read")]
            name: String,
        }
        let missing = from_fields::<Named>([]).unwrap_err();
        assert_eq!(
            missing.detail().to_string(),
            r#"{"name":["This field is required."]}"#
        );
        let file = from_fields::<Named>([("name", None)]).unwrap_err();
        assert_eq!(file.detail().to_string(), r#"{"name":["Not a valid string."]}"#);
    }

    #[test]
    fn a_path_has_one_spelling_for_a_number() {
        let path = |text| from_parameters::<u32>([("id", text)]).ok();
        assert_eq!((path("42"), path("042")), (Some(42), Some(42)));
        for text in ["+42", "-42", " 42", "4_2", "42.0", "٤٢", "", "4294967296"] {
            assert_eq!(path(text), None, "{text:?}");
        }
        assert_eq!(from_parameters::<i32>([("id", "-42")]).ok(), Some(-42));
    }

    #[test]
    fn a_path_is_a_value_a_tuple_a_struct_or_a_map() {
        #[derive(Debug, Deserialize, PartialEq)]
        struct Named {
            page: u8,
            team: String,
        }
        let parameters = [("team", "red"), ("page", "7")];
        let tuple: (String, u8) = from_parameters(parameters).unwrap();
        assert_eq!(tuple, ("red".to_owned(), 7));
        let named: Named = from_parameters(parameters).unwrap();
        assert_eq!((named.team.as_str(), named.page), ("red", 7));
        let map: HashMap<String, String> = from_parameters(parameters).unwrap();
        assert_eq!(map["page"], "7");
        let list: Vec<String> = from_parameters(parameters).unwrap();
        assert_eq!(list, ["red", "7"]);
    }

    #[test]
    fn what_no_path_would_fit_is_a_fault_of_ours() {
        #[derive(Debug, Deserialize)]
        struct Named {
            #[expect(dead_code, reason = "it is only read")]
            name: String,
        }
        let parameters = [("team", "red"), ("page", "x")];
        let is_ours = |error: Error| is_of_type(&error);
        assert!(!is_ours(from_parameters::<(String, u8)>(parameters).unwrap_err()));
        assert!(is_ours(from_parameters::<String>(parameters).unwrap_err()));
        assert!(is_ours(from_parameters::<(String,)>(parameters).unwrap_err()));
        assert!(is_ours(
            from_parameters::<(String, String, String)>(parameters).unwrap_err()
        ));
        assert!(is_ours(from_parameters::<u8>([]).unwrap_err()));
        let missing = from_parameters::<Named>([("team", "red")]).unwrap_err();
        assert!(is_ours(missing));
    }
}
