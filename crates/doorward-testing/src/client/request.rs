//! [`TestRequest`]: a request on its way.

use std::pin::Pin;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use serde::Serialize;

use super::TestClient;
use crate::failure::fail;
use crate::{TestEvents, TestResponse};

/// A request that is sent where it is awaited.
///
/// ```
/// # use doorward_testing::TestDoor;
/// # use serde_json::json;
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// # let door = TestDoor::new();
/// # door.user("root").password("toor").create().await;
/// # let site = door.site(door.endpoints());
/// let anonymous = site.anonymous();
/// let form = [("username", "root"), ("password", "toor")];
/// anonymous.post("/api-token-auth/").form(&form).await.assert_status(200);
/// let body = json!({ "username": "root", "password": "root" });
/// anonymous.post("/api-token-auth/").json(&body).await.assert_status(400);
/// # });
/// ```
#[derive(Clone, Debug)]
#[must_use = "a request is sent where it is awaited"]
pub struct TestRequest {
    client: TestClient,
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl TestRequest {
    pub(crate) fn new(client: &TestClient, method: Method, path: &str) -> Self {
        Self {
            client: client.clone(),
            method,
            path: path.to_owned(),
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    /// With that header, in place of the client's own of that name.
    ///
    /// # Panics
    /// For what can be no header.
    #[track_caller]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) else {
            fail(format_args!("`{name}: {value}` cannot be a header"))
        };
        self.headers.insert(name, value);
        self
    }

    /// With a JSON body.
    ///
    /// # Panics
    /// For what can be no JSON.
    #[track_caller]
    pub fn json(self, body: &impl Serialize) -> Self {
        match serde_json::to_vec(body) {
            Ok(bytes) => self.body("application/json", bytes),
            Err(error) => fail(format_args!("no JSON body: {error}")),
        }
    }

    /// With the body of a form, as `curl -d` sends it.
    pub fn form(self, fields: &[(&str, &str)]) -> Self {
        let mut form = form_urlencoded::Serializer::new(String::new());
        let body = form.extend_pairs(fields).finish();
        self.body("application/x-www-form-urlencoded", body)
    }

    /// With any body.
    ///
    /// # Panics
    /// For a content type that can be no header.
    #[track_caller]
    pub fn body(mut self, content_type: &str, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self.header(CONTENT_TYPE.as_str(), content_type)
    }
}

impl TestRequest {
    /// Sends it, and reads the answer event by event: for routes of server-sent events, which never end.
    ///
    /// ```
    /// # use std::convert::Infallible;
    /// # use axum::response::sse::{Event, Sse};
    /// # use axum::routing::get;
    /// # use doorward_testing::TestDoor;
    /// # use futures_util::stream::{self, StreamExt};
    /// # tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap().block_on(async {
    /// # let door = TestDoor::new();
    /// # let alice = door.user("alice").create().await;
    /// # async fn events() -> Sse<impl stream::Stream<Item = Result<Event, Infallible>>> {
    /// #     Sse::new(stream::iter([Ok(Event::default().data("hello"))]).chain(stream::pending()))
    /// # }
    /// # let site = door.site(door.router().route("/events/", get(events)));
    /// let mut events = site.basic(&alice).get("/events/").events().await;
    /// assert_eq!(events.next().await.unwrap().data, "hello");
    /// # });
    /// ```
    ///
    /// # Panics
    /// Where the answer is no stream of events; the message holds its status and headers.
    pub async fn events(self) -> TestEvents {
        let client = self.client.clone();
        let (head, body) = client.begin(self).await;
        TestEvents::new(head, body)
    }
}

impl IntoFuture for TestRequest {
    type Output = TestResponse;
    type IntoFuture = Pin<Box<dyn Future<Output = TestResponse> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        let client = self.client.clone();
        Box::pin(async move { client.send(self).await })
    }
}
