//! `request.data`: what each kind of body is read as, and what is refused.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod support;

use std::convert::Infallible;

use axum::body::Body;
use axum::routing::post;
use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use doorward_core::parsers::{Data, FormValue};
use doorward_core::renderers::Json;
use doorward_core::service::DoorService;
use doorward_core::{Policy, RouteExt};
use futures_util::stream;
use http::{HeaderValue, Response, StatusCode};
use proptest::prelude::*;
use serde_json::{Value, json};
use support::{assert_refused, door, json, request, send, serve, settings};

async fn echo(data: Data) -> Json<doorward_django::json::Value> {
    Json(data.into_value())
}

fn echoing() -> DoorService {
    let mut settings = settings();
    settings.server.max_body = 4096;
    let router = door(settings).router();
    router
        .route("/echo/", post(echo).policy(Policy::open()))
        .into_service()
        .unwrap()
}

async fn posted(content_type: impl TryInto<HeaderValue>, body: impl Into<Body>) -> Response<String> {
    let content_type = content_type.try_into().ok().unwrap();
    let request = request("POST", "/echo/").header("content-type", content_type);
    send(&echoing(), request.body(body.into()).unwrap()).await
}

#[track_caller]
fn assert_read(response: &Response<String>, data: &Value) {
    assert_eq!(response.status(), StatusCode::OK, "{}", response.body());
    assert_eq!(&json(response), data);
}

#[tokio::test]
async fn nothing_is_empty_data_of_whatever_type() {
    for content_type in ["application/json", "text/plain", "multipart/form-data", ""] {
        assert_read(&posted(content_type, "").await, &json!({}));
    }
}

#[tokio::test]
async fn a_type_nobody_reads_is_quoted() {
    let kinds = [
        "text/plain; x=\"1\"",
        "application/xml",
        "nonsense",
        "",
        "*",
        "json",
    ];
    for kind in kinds {
        let detail = format!("Unsupported media type \"{kind}\" in request.");
        assert_refused(
            &posted(kind, "hello").await,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            &detail,
        );
    }
    let long = format!("application/json; x={}", "y".repeat(256));
    assert_eq!(
        posted(long.as_str(), "{}").await.status(),
        StatusCode::UNSUPPORTED_MEDIA_TYPE
    );
    let latin = HeaderValue::from_bytes(b"caf\xe9").unwrap();
    let detail = "Unsupported media type \"caf\u{e9}\" in request.";
    assert_refused(
        &posted(latin, "x").await,
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        detail,
    );
}

#[tokio::test]
async fn nothing_is_unpacked() {
    let packed = |encoding| {
        let request = request("POST", "/echo/").header("content-type", "application/json");
        request
            .header("content-encoding", encoding)
            .body(Body::from("{}"))
            .unwrap()
    };
    let response = send(&echoing(), packed("gzip")).await;
    assert_eq!(response.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_read(&send(&echoing(), packed("identity")).await, &json!({}));
}

#[tokio::test]
async fn a_body_too_large_is_refused_before_it_is_read() {
    let response = posted("application/json", vec![b' '; 4097]).await;
    assert_refused(
        &response,
        StatusCode::PAYLOAD_TOO_LARGE,
        "Request body is too large.",
    );
    let pieces = (0..5).map(|_| Ok::<_, Infallible>(Bytes::from(vec![b' '; 1000])));
    let response = posted("application/json", Body::from_stream(stream::iter(pieces))).await;
    assert_refused(
        &response,
        StatusCode::PAYLOAD_TOO_LARGE,
        "Request body is too large.",
    );
    let mut largest = vec![b' '; 4095];
    largest.push(b'1');
    assert_read(&posted("application/json", largest).await, &json!(1));
}

#[tokio::test]
async fn a_body_that_breaks_off_is_refused() {
    let pieces = [Ok(Bytes::from_static(b"{")), Err(std::io::Error::other("gone"))];
    let response = posted("application/json", Body::from_stream(stream::iter(pieces))).await;
    assert_eq!(response.status(), StatusCode::BAD_REQUEST);
    assert!(!response.body().contains("gone"));
}

mod of_json {
    use super::*;

    #[tokio::test]
    async fn the_type_s_case_and_parameters_do_not_matter() {
        let kinds = [
            "application/json; charset=utf-8",
            "APPLICATION/JSON",
            "application/json;indent=4",
            "application/json; charset=foo",
            "application/*",
            "*/*",
        ];
        for kind in kinds {
            assert_read(
                &posted(kind, "{\"a\": [1, 2.5, null, true, \"\u{e9}\"]}").await,
                &json!({"a": [1, 2.5, null, true, "é"]}),
            );
        }
    }

    #[tokio::test]
    async fn of_a_name_twice_the_last_value_counts() {
        assert_read(
            &posted("application/json", r#"{"a": 1, "b": 2, "a": 3}"#).await,
            &json!({"a": 3, "b": 2}),
        );
    }

    #[tokio::test]
    async fn malformed_text_is_a_parse_error() {
        let bodies: [&[u8]; 15] = [
            b"{",
            b"{\"a\": }",
            b"[1, 2",
            b"{'a': 1}",
            b"nul",
            b" ",
            b"[1,]",
            b"NaN",
            b"-Infinity",
            b"\xef\xbb\xbf{}",
            b"\"\xff\"",
            b"\"\\ud800\"",
            b"\"\\udc00\\ud800\"",
            b"1 2",
            b"\"\t\"",
        ];
        for body in bodies {
            let response = posted("application/json", body).await;
            assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{body:?}");
            assert!(
                json(&response)["detail"]
                    .as_str()
                    .unwrap()
                    .starts_with("JSON parse error - "),
                "{body:?}"
            );
        }
    }

    /// But for charsets that only Python knows, its words on UTF-32, and half a character of UTF-16 at the end, which it drops.
    #[tokio::test]
    async fn bodies_are_answered_as_drf_answers_them() {
        let vectors = include_str!("../../../interop/vectors/json_bodies.json");
        let vectors: Value = serde_json::from_str(vectors).unwrap();
        let mut count = 0;
        let groups = ["bodies", "charsets"].map(|group| vectors[group].as_array().unwrap());
        for case in groups.into_iter().flatten() {
            let content_type = case["content_type"].as_str().unwrap_or("application/json");
            let Some(body) = vector_body(case) else { continue };
            if body.is_empty() || is_read_otherwise(content_type, &body) {
                continue;
            }
            count += 1;
            let response = posted(content_type, body).await;
            match (case["answer"].as_str(), case["detail"].as_str()) {
                // An answer of `None` is empty in DRF, and `null` here.
                (Some(""), _) => assert_eq!(response.body(), "null", "{case}"),
                (Some(answer), _) => assert_eq!(response.body(), answer, "{case}"),
                (_, Some(detail)) => assert_refused(&response, StatusCode::BAD_REQUEST, detail),
                _ => assert!(response.status() == 400 || response.status() == 500, "{case}"),
            }
        }
        assert!(count > 300, "{count}");
    }

    fn is_read_otherwise(content_type: &str, body: &[u8]) -> bool {
        let is_cut = ["utf-16-le", "utf-16be"]
            .iter()
            .any(|wide| content_type.ends_with(wide))
            && body.len() % 2 == 1;
        let unknown = ["utf-7", "idna", "utf-32", "escape"];
        is_cut || unknown.iter().any(|charset| content_type.ends_with(charset))
    }

    /// A body that is not larger than these tests take.
    fn vector_body(case: &Value) -> Option<Vec<u8>> {
        let text = case["body"].as_str().map(|text| text.as_bytes().to_vec());
        let body = text.or_else(|| STANDARD.decode(case["base64"].as_str()?).ok())?;
        (body.len() <= 4096).then_some(body)
    }

    /// As Python reads it: what a view does with it is another matter.
    #[tokio::test]
    async fn floats_that_are_too_large_are_infinite() {
        let response = posted("application/json", "1e999").await;
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let kind = async |data: Data| format!("{:?}", data.into_value());
        let service = serve(|router| router.route("/kind/", post(kind).policy(Policy::open())));
        let request = request("POST", "/kind/").header("content-type", "application/json");
        let response = send(&service, request.body(Body::from("-1e999")).unwrap()).await;
        assert_eq!(response.body(), "Number(Number(-inf))");
    }

    #[tokio::test]
    async fn nesting_ends_at_128_levels() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(
            posted("application/json", nested(128)).await.status(),
            StatusCode::OK
        );
        let detail = "JSON parse error - nested too deep";
        for depth in [129, 2000] {
            assert_refused(
                &posted("application/json", nested(depth)).await,
                StatusCode::BAD_REQUEST,
                detail,
            );
        }
        let text = format!("\"{}\\\"[\"", "[".repeat(200));
        assert_eq!(posted("application/json", text).await.status(), StatusCode::OK);
        let wide = format!("[{}[]]", "[],".repeat(500));
        assert_eq!(posted("application/json", wide).await.status(), StatusCode::OK);
    }

    #[tokio::test]
    async fn charsets() {
        assert_read(
            &posted("application/json; charset=latin-1", &b"\"\xe9\""[..]).await,
            &json!("é"),
        );
        let response = posted("application/json; charset=ascii", "\"é\"").await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST);
        let windows = posted("application/json; charset=windows-1252", &b"\"\x80\xe9\""[..]).await;
        assert_read(&windows, &json!("€é"));
        let nothing = posted("application/json; charset=cp1252", &b"\"\x81\""[..]).await;
        let detail = "JSON parse error - 'charmap' codec can't decode byte 0x81 in position 1: character maps to <undefined>";
        assert_refused(&nothing, StatusCode::BAD_REQUEST, detail);
        for unknown_here in ["utf-7", "idna", "koi8-r"] {
            let kind = format!("application/json; charset={unknown_here}");
            assert_read(&posted(kind, "\"é\"").await, &json!("é"));
        }
    }

    fn utf_16(text: &str, number: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(number).collect()
    }

    fn utf_32(text: &str, number: fn(u32) -> [u8; 4]) -> Vec<u8> {
        text.chars()
            .flat_map(|character| number(character.into()))
            .collect()
    }

    async fn in_charset(charset: &str, body: Vec<u8>) -> Response<String> {
        posted(format!("application/json; charset={charset}"), body).await
    }

    /// `json.load(codecs.getreader(charset)(stream))` of Python 3.11 for each.
    #[tokio::test]
    async fn wide_charsets_are_read_as_python_reads_them() {
        let (text, value) = ("{\"a\": \"\u{e9}\u{1f600}\"}", json!({"a": "\u{e9}\u{1f600}"}));
        let marked = format!("\u{feff}{text}");
        let read = [
            ("utf-16", utf_16(&marked, u16::to_le_bytes)),
            ("UTF_16", utf_16(&marked, u16::to_be_bytes)),
            ("utf-16-le", utf_16(text, u16::to_le_bytes)),
            ("UTF-16BE", utf_16(text, u16::to_be_bytes)),
            ("u32", utf_32(&marked, u32::to_le_bytes)),
            ("utf-32", utf_32(&marked, u32::to_be_bytes)),
            ("utf-32le", utf_32(text, u32::to_le_bytes)),
            ("utf-32-be", utf_32(text, u32::to_be_bytes)),
            ("utf-8-sig", marked.clone().into()),
            ("utf-8-sig", text.into()),
        ];
        for (charset, body) in read {
            assert_read(&in_charset(charset, body).await, &value);
        }
        let refused = [
            ("utf-16", utf_16(text, u16::to_le_bytes)),
            ("utf-16-le", utf_16(&marked, u16::to_le_bytes)),
            ("utf-16-be", utf_16(text, u16::to_le_bytes)),
            ("utf-16-le", b"\"\0\0\xd8\"\0".into()),
            ("utf-32", utf_32(text, u32::to_le_bytes)),
            ("utf-32-le", utf_32(&marked, u32::to_le_bytes)),
            ("utf-32-le", vec![0, 0xd8, 0, 0]),
            ("utf-8", marked.into()),
            ("utf-16", b"\xff\xfe".into()),
            ("utf-16", b"\xff".into()),
        ];
        for (charset, body) in refused {
            assert_eq!(
                in_charset(charset, body).await.status(),
                StatusCode::BAD_REQUEST,
                "{charset}"
            );
        }
    }

    /// Python drops it.
    #[tokio::test]
    async fn a_last_character_that_is_cut_is_refused() {
        for (charset, body) in [
            ("utf-8", &b"{}\xc3"[..]),
            ("utf-16-le", &b"{\0}\0x"[..]),
            ("utf-32-le", &b"1\0\0\0\0"[..]),
        ] {
            assert_eq!(
                in_charset(charset, body.into()).await.status(),
                StatusCode::BAD_REQUEST,
                "{charset}"
            );
        }
    }
}

mod of_forms {
    use super::*;

    const FORM: &str = "application/x-www-form-urlencoded";

    #[tokio::test]
    async fn of_a_name_twice_the_last_value_counts() {
        let expected = json!({"a": "3", "b": "x y", "c": "", "d": "\u{fffd}"});
        assert_read(&posted(FORM, "a=1&b=x+y&a=3&c&&d=%ff").await, &expected);
    }

    #[tokio::test]
    async fn bytes_that_are_no_utf_8_are_latin_1() {
        assert_read(&posted(FORM, &b"a=\xe9"[..]).await, &json!({"a": "é"}));
    }

    #[tokio::test]
    async fn a_form_has_a_thousand_fields_at_most() {
        assert_eq!(posted(FORM, "a&".repeat(1000)).await.status(), StatusCode::OK);
        assert_eq!(
            posted(FORM, "a&".repeat(1001)).await.status(),
            StatusCode::BAD_REQUEST
        );
    }
}

mod of_multipart {
    use super::*;

    const MULTIPART: &str = "multipart/form-data; boundary=xYz";

    fn part(disposition: &str, content: &str) -> String {
        format!("--xYz\r\nContent-Disposition: form-data; {disposition}\r\n\r\n{content}\r\n")
    }

    #[tokio::test]
    async fn fields_are_read() {
        let body = [
            part("name=\"a\"", "1"),
            part("name=\"b\"", "two words"),
            part("name=\"a\"", "é"),
            part("x=\"nameless\"", "skipped"),
            part("name=\" c \"", "3"),
            part("name=\"text\"; filename=\"\"", "no file"),
            part("name=\"none\"; filename=\"..\"", "skipped"),
        ];
        let body = format!("{}--xYz--\r\n", body.concat());
        assert_read(
            &posted(MULTIPART, body).await,
            &json!({"a": "é", "b": "two words", "c": "3", "text": "no file"}),
        );
    }

    /// What a client says of a path or of hidden characters is dropped, and a file counts before a text of its name.
    #[tokio::test]
    async fn files_have_names_without_paths() {
        let body = [
            part("name=\"a\"; filename=\"../../etc/passwd\"", "1"),
            part("name=\"b\"; filename=\"C:\\\\x\\\\y.txt\"", "2"),
            part("name=\"c\"; filename=\"a\u{200b}b\"", "3"),
            part("name=\"c\"", "text"),
        ];
        let body = format!("{}--xYz--\r\n", body.concat());
        assert_read(
            &posted(MULTIPART, body).await,
            &json!({"a": "passwd", "b": "y.txt", "c": "ab"}),
        );
    }

    #[tokio::test]
    async fn a_file_is_no_text() {
        async fn file(data: Data) -> String {
            assert_eq!(data.text("f"), None);
            let Data::Form(form) = data else { panic!("a form") };
            match form.value("f") {
                Some(FormValue::File(file)) => format!("{} {:?}", file.name, file.content),
                other => panic!("{other:?}"),
            }
        }
        let router = door(settings())
            .router()
            .route("/file/", post(file).policy(Policy::open()));
        let body = format!("{}--xYz--\r\n", part("name=\"f\"; filename=\"x.bin\"", "\0"));
        let request = request("POST", "/file/").header("content-type", MULTIPART);
        let response = send(
            &router.into_service().unwrap(),
            request.body(body.into()).unwrap(),
        )
        .await;
        assert_eq!(response.body(), "x.bin b\"\\0\"");
    }

    /// `base64.b64decode` of Python for texts; files are stricter.
    #[tokio::test]
    async fn parts_in_base64_are_decoded() {
        let part = |head: &str, content: &str| part("name=\"a\"", content).replace("\r\n\r\n", head);
        let base64 = "\r\nContent-Transfer-Encoding: base64 \r\n\r\n";
        let read = [
            (base64, "w6k=", "\u{e9}"),
            (base64, "w 6\r\nk*=", "\u{e9}"),
            (base64, "w6k", "w6k"),
            (base64, "!", ""),
            (base64, "", ""),
            ("\r\nContent-Transfer-Encoding: BASE64\r\n\r\n", "w6k=", "w6k="),
            ("\r\nContent-Transfer-Encoding: 8bit\r\n\r\n", "w6k=", "w6k="),
        ];
        for (head, content, text) in read {
            let body = format!("{}--xYz--\r\n", part(head, content));
            assert_read(&posted(MULTIPART, body).await, &json!({ "a": text }));
        }
        let file = |content| part(base64, content).replace("name=\"a\"", "name=\"a\"; filename=\"f\"");
        let body = format!("{}--xYz--\r\n", file("w6k"));
        let detail = "Multipart form parse error - Could not decode base64 data.";
        assert_refused(&posted(MULTIPART, body).await, StatusCode::BAD_REQUEST, detail);
        let body = format!("{}--xYz--\r\n", file("w6\r\nk="));
        assert_read(&posted(MULTIPART, body).await, &json!({"a": "f"}));
    }

    #[tokio::test]
    async fn a_boundary_is_asked_for() {
        let cases = [
            ("multipart/form-data", "None"),
            ("multipart/form-data; boundary=\"a b \"", "a b "),
            ("multipart/*", "None"),
        ];
        for (kind, shown) in cases {
            let detail = format!("Multipart form parse error - Invalid boundary in multipart: {shown}");
            assert_refused(&posted(kind, "x").await, StatusCode::BAD_REQUEST, &detail);
        }
        let kind = "Multipart/Form-Data; boundary=xYz";
        let detail = format!("Multipart form parse error - Invalid Content-Type: {kind}");
        assert_refused(&posted(kind, "x").await, StatusCode::BAD_REQUEST, &detail);
    }

    #[tokio::test]
    async fn what_breaks_off_is_a_parse_error() {
        let whole = format!("{}--xYz--\r\n", part("name=\"a\"", "content"));
        for end in 1..whole.len() - 4 {
            let response = posted(MULTIPART, whole[..end].to_owned()).await;
            assert_eq!(
                response.status(),
                StatusCode::BAD_REQUEST,
                "cut at {end}: {}",
                &whole[..end]
            );
        }
    }

    #[tokio::test]
    async fn a_form_has_a_thousand_parts_at_most() {
        let mut settings = settings();
        settings.server.max_body = 1 << 20;
        let router = door(settings)
            .router()
            .route("/echo/", post(echo).policy(Policy::open()));
        let service = router.into_service().unwrap();
        for (count, status) in [(1000, StatusCode::OK), (1001, StatusCode::BAD_REQUEST)] {
            let body = format!("{}--xYz--\r\n", part("name=\"a\"", "1").repeat(count));
            let request = request("POST", "/echo/").header("content-type", MULTIPART);
            assert_eq!(
                send(&service, request.body(body.into()).unwrap()).await.status(),
                status
            );
        }
    }
}

proptest! {
    #[test]
    fn any_body_of_any_type_has_an_answer(
        kind in prop_oneof![
            Just("application/json"),
            Just("application/json; charset=latin-1"),
            Just("application/x-www-form-urlencoded"),
            Just("multipart/form-data; boundary=b"),
        ],
        body in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..300),
            "(--b(--)?\r\n|Content-Disposition: form-data; name=\"a\"(; filename=\"f\")?\r\n|\r\n|x|\\{|\"|\\\\u[0-9a-f]{4}){0,30}".prop_map(String::into_bytes),
        ],
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let status = runtime.block_on(posted(kind, body)).status();
        prop_assert!(status == StatusCode::OK || status == StatusCode::BAD_REQUEST);
    }

    #[test]
    fn any_type_has_an_answer(kind in prop::collection::vec(any::<u8>(), 0..300)) {
        let Ok(kind) = HeaderValue::from_bytes(&kind) else { return Ok(()) };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let status = runtime.block_on(posted(kind, "{}")).status();
        prop_assert!(status.is_success() || status.is_client_error());
    }
}
