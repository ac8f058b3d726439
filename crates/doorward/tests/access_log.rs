//! Ids and lines of requests, for programs of the library.
#![cfg(feature = "logging")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::{HeaderMap, Request};
use axum::routing::get;
use doorward::access_log::{AccessLogLayer, REQUEST_ID};
use doorward_testing::TestDoor;
use http_body_util::BodyExt;
use tower::{Layer, ServiceExt};
use tracing_subscriber::fmt::MakeWriter;

/// What is logged, to be read.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

async fn seen(headers: HeaderMap) -> String {
    let id = headers.get(REQUEST_ID).map(|id| id.to_str().unwrap().to_owned());
    tracing::info!("seen");
    id.unwrap_or_default()
}

/// The id that the client is told, and the one that the handler saw.
async fn asked(path: &str, id: Option<&str>) -> (String, String) {
    let door = TestDoor::new();
    let routes = door
        .router()
        .public("/id/", get(seen))
        .route("/guarded/", get(seen));
    let service = AccessLogLayer::new(&door).layer(routes.into_service().unwrap());
    let request = Request::get(path).header("host", "localhost");
    let request = match id {
        Some(id) => request.header(REQUEST_ID, id),
        None => request,
    };
    let response = service
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    let told = response
        .headers()
        .get(REQUEST_ID)
        .unwrap()
        .to_str()
        .unwrap()
        .to_owned();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (told, String::from_utf8(body.to_vec()).unwrap())
}

/// One test at a time: where the first line of a kind is logged while nobody listens, and another thread begins to listen in that
/// moment, `tracing` may remember that nobody wants such lines.
static ALONE: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

#[tokio::test]
async fn client_and_handler_have_the_same_id() {
    let _alone = ALONE.lock().await;
    assert_eq!(
        asked("/id/", Some("abc-123")).await,
        ("abc-123".into(), "abc-123".into())
    );
    for strange in [None, Some(""), Some("a b"), Some("a\"b")] {
        let (told, seen) = asked("/id/", strange).await;
        assert_eq!(told, seen);
        assert!(
            told.len() == 32 && told.bytes().all(|byte| byte.is_ascii_hexdigit()),
            "{told}"
        );
    }
}

#[tokio::test]
async fn every_line_of_a_request_has_its_id() {
    let _alone = ALONE.lock().await;
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_writer(log.clone());
    let _guard = tracing::subscriber::set_default(subscriber.finish());
    asked("/id/", Some("one")).await;
    asked("/guarded/?token=hunter2", Some("two")).await;
    let text = log.text();
    let lines: Vec<_> = text
        .lines()
        .filter(|line| line.contains("\"request.id\":\"one\""))
        .collect();
    assert!(lines.iter().any(|line| line.contains("\"seen\"")), "{text}");
    let answered = r#""message":"answered","method":"GET","path":"/id/","route":"/id/","status":200"#;
    assert!(lines.iter().any(|line| line.contains(answered)), "{text}");
    let refused = r#""path":"/guarded/","route":"/guarded/","status":401"#;
    let line = text.lines().find(|line| line.contains(refused)).unwrap();
    assert!(
        line.contains("\"request.id\":\"two\"") && !text.contains("hunter2"),
        "{text}"
    );
}
