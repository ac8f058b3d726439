//! Bodies past the bounds of their endpoint, of their values, of their parts.

use std::convert::Infallible;

use axum::body::Body;
use bytes::Bytes;
use doorward_django::bounds::MAX_CREDENTIALS_BODY;
use futures_util::stream;
use http::StatusCode;

use super::shapes::{FORM, JSON, MULTIPART};
use super::site::{ANY, Site, basic, request};

fn padded(size: usize) -> String {
    let body = "{\"username\": \"alice\", \"password\": \"x\"";
    format!("{body}{}}}", " ".repeat(size - body.len() - 1))
}

/// Every endpoint of the URL map is asked, so that none is forgotten.
#[tokio::test]
async fn an_endpoint_with_credentials_takes_64_kib() {
    let site = Site::new();
    assert!(site.paths.len() >= 15, "{:?}", site.paths);
    for path in site.paths.iter().filter(|path| *path != ANY) {
        let answered = async |body: Body| {
            let mut request = request(path, JSON, body);
            let known = basic("alice", super::site::PASSWORD);
            request
                .headers_mut()
                .insert("authorization", known.parse().unwrap());
            site.send(request).await.status()
        };
        assert_ne!(
            answered(padded(MAX_CREDENTIALS_BODY).into()).await,
            StatusCode::PAYLOAD_TOO_LARGE,
            "{path}"
        );
        let pieces = || (0..10).map(|_| Ok::<_, Infallible>(Bytes::from(" ".repeat(7_000))));
        let refused = [
            answered(padded(MAX_CREDENTIALS_BODY + 1).into()).await,
            answered(Body::from_stream(stream::iter(pieces()))).await,
        ];
        // Both read no body, or none that is no form.
        let reads_none = ["/api/token/revoke-all/", "/api-auth/logout/", "/api-auth/login/"];
        let expected = match reads_none.contains(&path.as_str()) {
            true => continue,
            false => StatusCode::PAYLOAD_TOO_LARGE,
        };
        assert_eq!(refused, [expected; 2], "{path}");
    }
}

/// An announced length is refused unread: the stream behind it is never asked.
#[tokio::test]
async fn a_body_announced_too_large_is_not_read() {
    struct Announced;
    impl axum::body::HttpBody for Announced {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<http_body::Frame<Bytes>, Infallible>>> {
            panic!("it was read")
        }

        fn size_hint(&self) -> http_body::SizeHint {
            http_body::SizeHint::with_exact(MAX_CREDENTIALS_BODY as u64 + 1)
        }
    }
    let site = Site::new();
    let response = site.post("/api/token/", JSON, Body::new(Announced)).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn the_settings_may_take_less() {
    let site = Site::with(|settings| settings.server.max_body = 1_000);
    let response = site.post("/api/token/", JSON, padded(1_001)).await;
    assert_eq!(response.status(), StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn json_has_so_many_values_and_names() {
    let site = Site::with(|settings| settings.server.max_json_values = 6);
    let status = async |body: &'static str| site.post(ANY, JSON, body).await.status();
    for body in [
        "[1,2,3,4,5,6]",
        r#"{"a":1,"b":2,"c":"[,:{"}"#,
        r#"[[[[[["\",,,,"]]]]]]"#,
        "7",
    ] {
        assert_eq!(status(body).await, StatusCode::NO_CONTENT, "{body}");
    }
    for body in [
        "[1,2,3,4,5,6,7]",
        r#"{"a":1,"b":2,"c":3,"d":4}"#,
        "[{},{},{},{}]",
        "[1,2,3,4,5,6,7",
    ] {
        let response = site.post(ANY, JSON, body).await;
        assert_eq!(response.status(), StatusCode::BAD_REQUEST, "{body}");
        assert_eq!(
            response.body(),
            r#"{"detail":"JSON parse error - more than 6 values"}"#
        );
    }
    // What is no JSON before there are too many is refused as such, as in Python.
    assert_eq!(
        site.post(ANY, JSON, "[,,,,,,,").await.body(),
        r#"{"detail":"JSON parse error - Expecting value: line 1 column 2 (char 1)"}"#
    );
}

#[tokio::test]
async fn as_many_values_as_django_s_users_send_are_read() {
    let site = Site::new();
    let body = format!("[{}0]", "0,".repeat(99_999));
    assert_eq!(
        site.post(ANY, JSON, body.clone()).await.status(),
        StatusCode::NO_CONTENT
    );
    let body = body.replacen("0,", "0,0,", 1);
    assert_eq!(site.post(ANY, JSON, body).await.status(), StatusCode::BAD_REQUEST);
}

/// Parts that are no fields cost as much as fields do.
#[tokio::test]
async fn parts_without_a_name_count() {
    let site = Site::new();
    for head in ["", "; name=\"a\"; filename=\"\""] {
        let part = format!("--b\r\nContent-Disposition: form-data{head}\r\n\r\n\r\n");
        for (count, status) in [(1_000, StatusCode::NO_CONTENT), (1_001, StatusCode::BAD_REQUEST)] {
            let body = part.repeat(count) + "--b--\r\n";
            assert_eq!(
                site.post(ANY, MULTIPART, body).await.status(),
                status,
                "{head} {count}"
            );
        }
    }
    assert_eq!(
        site.post(ANY, FORM, "&".repeat(2_000)).await.status(),
        StatusCode::NO_CONTENT
    );
}
