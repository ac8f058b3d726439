//! The greatest bodies in every shape.

/// The fields of all endpoints.
const FIELDS: [&str; 9] = [
    "username",
    "password",
    "refresh",
    "token",
    "email",
    "uid",
    "old_password",
    "new_password",
    "csrfmiddlewaretoken",
];

pub(crate) const JSON: &str = "application/json";
pub(crate) const FORM: &str = "application/x-www-form-urlencoded";
pub(crate) const MULTIPART: &str = "multipart/form-data; boundary=b";

/// A body and what it is.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    pub(crate) name: String,
    pub(crate) content_type: &'static str,
    pub(crate) body: Vec<u8>,
}

/// Bodies of at most that many bytes, and little less.
pub(crate) fn all(size: usize) -> Vec<Shape> {
    [json(size), forms(size), parts(size)].concat()
}

fn shape(name: impl Into<String>, content_type: &'static str, body: impl Into<Vec<u8>>) -> Shape {
    Shape {
        name: name.into(),
        content_type,
        body: body.into(),
    }
}

/// As many copies as fit.
fn filled(head: &str, part: &str, tail: &str, size: usize) -> String {
    let count = size.saturating_sub(head.len() + tail.len()) / part.len();
    [head, &part.repeat(count), tail].concat()
}

fn json(size: usize) -> Vec<Shape> {
    let mut shapes = Vec::new();
    for letter in ["a", "\u{fdfa}", "\u{1f600}", "\\u0041", " ", "\u{300}", "."] {
        shapes.push(shape(
            format!("JSON, texts of {letter:?}"),
            JSON,
            texts(letter, size),
        ));
        let body = filled("{\"password\": \"x\", \"username\": \"", letter, "\"}", size);
        shapes.push(shape(format!("JSON, a name of {letter:?}"), JSON, body));
    }
    let credentials = "\"username\": \"alice\", \"password\": \"wrong\"";
    for value in ["{}", "[]", "0", "\"\"", "{\"a\":0}", "1e5"] {
        let head = format!("{{{credentials}, \"z\": [");
        let body = filled(&head, &format!("{value},"), "0]}", size);
        shapes.push(shape(format!("JSON, many {value}"), JSON, body));
    }
    let depth = size / 2;
    shapes.push(shape("JSON, deep", JSON, "[".repeat(depth) + &"]".repeat(depth)));
    shapes.push(shape("JSON, deep and open", JSON, "{\"a\":".repeat(size / 5)));
    let fields = (0..size / 12).map(|number| format!("\"f{number:06}\":0,"));
    let body = format!("{{{}{credentials}}}", fields.collect::<String>());
    shapes.push(shape("JSON, many fields", JSON, body));
    shapes
}

/// Every field, of as much text as there is room for.
fn texts(letter: &str, size: usize) -> String {
    let count = (size / FIELDS.len()).saturating_sub(30) / letter.len();
    let field = |name: &&str| format!("\"{name}\": \"{}\"", letter.repeat(count));
    format!("{{{}}}", FIELDS.iter().map(field).collect::<Vec<_>>().join(","))
}

fn forms(size: usize) -> Vec<Shape> {
    let head = "password=x&username=";
    let many = filled("", "a&", "username=alice&password=x", size);
    let mut shapes = vec![shape("form, many fields", FORM, many)];
    for letter in ["a", "%EF%B7%BA", "+", "\u{fdfa}", "%"] {
        let body = filled(head, letter, "", size);
        shapes.push(shape(format!("form, a name of {letter}"), FORM, body));
        let count = (size / FIELDS.len()).saturating_sub(30) / letter.len();
        let field = |name: &&str| format!("{name}={}", letter.repeat(count));
        let body = FIELDS.iter().map(field).collect::<Vec<_>>().join("&");
        shapes.push(shape(format!("form, texts of {letter}"), FORM, body));
    }
    let latin = [filled(head, "a", "", size / 2).into_bytes(), vec![0xff; size / 2]].concat();
    shapes.push(shape("form, no UTF-8", FORM, latin));
    shapes
}

fn parts(size: usize) -> Vec<Shape> {
    let part =
        |head: &str, value: &str| format!("--b\r\nContent-Disposition: form-data{head}\r\n\r\n{value}\r\n");
    let end = part("; name=\"username\"", "alice") + &part("; name=\"password\"", "x") + "--b--\r\n";
    let one = "--b\r\nContent-Disposition: form-data; name=\"username\"\r\n\r\n".to_owned();
    let rest = "\r\n".to_owned() + &part("; name=\"password\"", "x") + "--b--\r\n";
    let base64 = one.replace("\r\n\r\n", "\r\nContent-Transfer-Encoding: base64\r\n\r\n");
    let long_name = filled(
        "--b\r\nContent-Disposition: form-data; name=\"",
        "a",
        "\"\r\n\r\n\r\n--b--\r\n",
        size,
    );
    vec![
        shape(
            "parts, many",
            MULTIPART,
            filled("", &part("; name=\"a\"", "1"), &end, size),
        ),
        shape(
            "parts, many without a name",
            MULTIPART,
            filled("", &part("", "1"), &end, size),
        ),
        shape(
            "parts, many empty files",
            MULTIPART,
            filled("", &part("; name=\"a\"; filename=\"\"", ""), &end, size),
        ),
        shape(
            "parts, one long",
            MULTIPART,
            filled(&one, "\u{fdfa}", &rest, size),
        ),
        shape("parts, base64", MULTIPART, filled(&base64, "77e6", &rest, size)),
        shape(
            "parts, line breaks",
            MULTIPART,
            filled(&one, "\r\n--", &rest, size),
        ),
        shape("parts, a long name", MULTIPART, long_name),
    ]
}
