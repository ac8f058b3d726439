//! Row 85: JSONTestSuite as bodies of the token endpoints (`interop/vectors/README.md`).

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Map, Value};

use super::site::Site;

fn suite() -> Vec<(String, Vec<u8>)> {
    let vectors = include_str!("../../../../interop/vectors/json_test_suite.json");
    let vectors: Map<String, Value> = serde_json::from_str(vectors).expect("JSON");
    vectors
        .into_iter()
        .map(|(name, file)| (name, bytes(&file)))
        .collect()
}

fn bytes(file: &Value) -> Vec<u8> {
    let decoded = |text: &Value| STANDARD.decode(text.as_str().expect("text")).expect("base64");
    let Some(times) = file["times"].as_u64() else {
        return decoded(file);
    };
    let times = usize::try_from(times).expect("a small number");
    [decoded(&file["repeat"]).repeat(times), decoded(&file["then"])].concat()
}

#[test]
fn what_is_json_lacks_fields_and_what_is_none_is_refused() {
    let site = Site::new();
    for (name, body) in suite() {
        for path in ["/api/token/", "/api-token-auth/"] {
            let row = format!("85 {name} at {path}");
            let answer = site.post(path, &body);
            if body.len() > 65_536 {
                answer.is_one_of(&row, &[413]);
                continue;
            }
            answer.is_one_of(&row, &[400]);
            let is_parse_error = answer.body().contains("JSON parse error - ");
            match name.get(..2) {
                Some("y_") => assert!(!is_parse_error, "{row}: {answer:?}"),
                // A body of no bytes is no data, and lacks its fields.
                Some("n_") => assert!(is_parse_error || body.is_empty(), "{row}: {answer:?}"),
                _ => {}
            }
        }
        site.holds(&name, &site.post("/api/token/", &body));
    }
}
