//! [`TestEvents`]: an answer that is a stream of server-sent events, read event by event.

use std::fmt;
use std::time::Duration;

use axum::body::Body;
use http::header::CONTENT_TYPE;
use http_body_util::BodyExt;

use crate::TestResponse;
use crate::failure::fail;

/// How long a test waits for an event.
const PATIENCE: Duration = Duration::from_secs(10);

/// A stream of server-sent events (`text/event-stream`), as [`TestRequest::events`](crate::TestRequest::events) opens it.
/// Dropped, it is as if the client had gone.
pub struct TestEvents {
    /// What its answer began with; without a body.
    head: TestResponse,
    body: Body,
    /// What has come and was not looked at yet.
    unread: String,
}

/// One server-sent event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TestEvent {
    /// What kind of event it is; `message` where nothing is said, as in a browser.
    pub event: String,
    /// Its lines.
    pub data: String,
    /// Its id, which a client sends as `Last-Event-ID` when it comes again.
    pub id: Option<String>,
}

impl TestEvents {
    #[track_caller]
    pub(crate) fn new(head: TestResponse, body: Body) -> Self {
        let content_type = head.header(CONTENT_TYPE.as_str()).unwrap_or_default();
        if !content_type.starts_with("text/event-stream") {
            fail(format_args!("this is no stream of events:\n{head:?}"));
        }
        Self {
            head,
            body,
            unread: String::new(),
        }
    }

    /// The answer that the stream is the body of, for assertions on its status and headers.
    #[must_use]
    pub fn response(&self) -> &TestResponse {
        &self.head
    }

    /// The next event; `None` at the end. Comments, such as those that keep a stream alive, are passed over.
    ///
    /// # Panics
    /// Where nothing comes for ten seconds, and where the stream breaks off.
    pub async fn next(&mut self) -> Option<TestEvent> {
        loop {
            let end = self.unread.find("\n\n");
            let Some(end) = end else {
                self.read().await?;
                continue;
            };
            let text: String = self.unread.drain(..end + 2).collect();
            if let Some(event) = TestEvent::parse(&text) {
                return Some(event);
            }
        }
    }

    async fn read(&mut self) -> Option<()> {
        let Ok(frame) = tokio::time::timeout(PATIENCE, self.body.frame()).await else {
            fail(format_args!("no event came within {PATIENCE:?}:\n{self:?}"));
        };
        match frame? {
            Ok(frame) => {
                let data = frame.into_data().unwrap_or_default();
                self.unread.push_str(&String::from_utf8_lossy(&data));
            }
            Err(error) => fail(format_args!("the stream breaks off: {error}\n{self:?}")),
        }
        Some(())
    }
}

impl TestEvent {
    /// By the rules of <https://html.spec.whatwg.org/multipage/server-sent-events.html>; `None` where there is no data.
    fn parse(text: &str) -> Option<Self> {
        let mut event = Self::default();
        let mut data = Vec::new();
        for line in text.lines() {
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "event" => value.clone_into(&mut event.event),
                "data" => data.push(value),
                "id" => event.id = Some(value.to_owned()),
                _ => {}
            }
        }
        if event.event.is_empty() {
            "message".clone_into(&mut event.event);
        }
        event.data = data.join("\n");
        (!data.is_empty()).then_some(event)
    }
}

impl fmt::Debug for TestEvents {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}{}", self.head, self.unread)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_has_a_kind_lines_and_an_id() {
        let event = TestEvent::parse("event: note\ndata: one\ndata:two\nid: 7\nretry: 100\n\n");
        let expected = TestEvent {
            event: "note".to_owned(),
            data: "one\ntwo".to_owned(),
            id: Some("7".to_owned()),
        };
        assert_eq!(event, Some(expected));
        assert_eq!(TestEvent::parse("data: x\n\n").unwrap().event, "message");
        assert_eq!(TestEvent::parse(": a comment\n\n"), None);
    }
}
