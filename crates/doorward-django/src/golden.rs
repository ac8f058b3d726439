//! The vectors of `interop/vectors/`, for the tests of every room.

use std::{fs, path::Path, sync::LazyLock};

use crate::json::{Value, loads};
use crate::secret::{SecretKey, SecretKeys};
use crate::timestamp::Timestamp;

/// The text of a file in `interop/vectors/`.
pub(crate) fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../interop/vectors")
        .join(name);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A member of `formats.json`, the vectors of the issue.
pub(crate) fn formats(name: &str) -> Value {
    static FORMATS: LazyLock<Value> = LazyLock::new(|| parse("formats.json"));
    member(&FORMATS, name)
}

/// A member of `django_formats.json`, which `interop/golden/make_formats.py` makes.
pub(crate) fn django_formats(name: &str) -> Value {
    static DJANGO_FORMATS: LazyLock<Value> = LazyLock::new(|| parse("django_formats.json"));
    member(&DJANGO_FORMATS, name)
}

/// The cases of a member of `throttling.json`, which `interop/golden/make_throttling.py` makes.
pub(crate) fn throttling(name: &str) -> Vec<Value> {
    static THROTTLING: LazyLock<Value> = LazyLock::new(|| parse("throttling.json"));
    member(&THROTTLING, name).as_array().unwrap().clone()
}

/// The cases of a member of `json_bodies.json`, which `interop/golden/make_json.py` makes.
pub(crate) fn json_bodies(name: &str) -> Vec<Value> {
    static JSON_BODIES: LazyLock<Value> = LazyLock::new(|| parse("json_bodies.json"));
    member(&JSON_BODIES, name).as_array().unwrap().clone()
}

/// The cases of a member of `session_engines.json`, which `interop/golden/make_session_engines.py` makes.
pub(crate) fn session_engines(name: &str) -> Vec<Value> {
    static SESSION_ENGINES: LazyLock<Value> = LazyLock::new(|| parse("session_engines.json"));
    member(&SESSION_ENGINES, name).as_array().unwrap().clone()
}

/// The cases of a member of `time_zones.json`, which `interop/golden/make_time_zones.py` makes.
pub(crate) fn time_zones(name: &str) -> Vec<Value> {
    static TIME_ZONES: LazyLock<Value> = LazyLock::new(|| parse("time_zones.json"));
    member(&TIME_ZONES, name).as_array().unwrap().clone()
}

/// The cases of a member of `date_formats.json`, which `interop/golden/make_date_formats.py` makes.
pub(crate) fn date_formats(name: &str) -> Vec<Value> {
    static DATE_FORMATS: LazyLock<Value> = LazyLock::new(|| parse("date_formats.json"));
    member(&DATE_FORMATS, name).as_array().unwrap().clone()
}

/// The cases of a member of `django_formats.json`.
pub(crate) fn cases(name: &str) -> Vec<Value> {
    let Value::Array(cases) = django_formats(name) else {
        panic!("{name} is no list")
    };
    assert!(!cases.is_empty(), "{name} is empty");
    cases
}

/// The keys that `django_formats.json` was made with.
pub(crate) fn keys() -> SecretKeys {
    let fallbacks = django_formats("SECRET_KEY_FALLBACKS");
    SecretKeys {
        current: SecretKey::new(django_formats("SECRET_KEY").as_str().unwrap()),
        fallbacks: texts(&fallbacks).into_iter().map(SecretKey::new).collect(),
    }
}

/// The one key that `formats.json` was made with.
pub(crate) fn format_keys() -> SecretKeys {
    SecretKeys::new(SecretKey::new(formats("SECRET_KEY").as_str().unwrap()))
}

/// The whole second at which both files were made.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_secs(django_formats("time").as_i64().unwrap())
}

/// A value, as `serde_json::json!` has it written.
macro_rules! json {
    ($($json:tt)+) => {
        crate::json::Value::from(serde_json::json!($($json)+))
    };
}
pub(crate) use json;

/// A list of texts.
pub(crate) fn texts(value: &Value) -> Vec<&str> {
    value
        .as_array()
        .unwrap()
        .iter()
        .map(|text| text.as_str().unwrap())
        .collect()
}

fn parse(file_name: &str) -> Value {
    loads(&file(file_name)).unwrap()
}

fn member(vectors: &Value, name: &str) -> Value {
    vectors
        .get(name)
        .unwrap_or_else(|| panic!("no vectors {name}"))
        .clone()
}
