//! [`Limits`]: how many requests are in work at once, and how long each may take.

mod slot;
mod upload;

use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::Request;
use axum::response::Response;
use doorward_core::ApiException;
use doorward_core::security::DoorService;
use doorward_core::settings::ServerSettings;
use doorward_django::urls::Scheme;
use hyper::Version;
use hyper::header::{
    ACCEPT, ACCESS_CONTROL_REQUEST_METHOD, CONNECTION, CONTENT_TYPE, HeaderName, HeaderValue, ORIGIN,
};
use tokio::sync::Semaphore;
use tokio::time::{Instant, sleep_until};
use tower::Service;

use slot::Slot;
use upload::{Outcome, Upload};

/// When a client may come again that was one too many, or whose handler took too long.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// The headers that a refusal looks at: whether a page is wanted, and whether another site's script asks.
const LOOKED_AT: [HeaderName; 4] = [ACCEPT, CONTENT_TYPE, ORIGIN, ACCESS_CONTROL_REQUEST_METHOD];

/// A door's routes within the limits of its `[server]` settings.
///
/// - More than `max_requests_in_flight` at once: 503 with `Retry-After`. Health probes are answered all the same.
/// - A body that does not come within `body_timeout`: 408, and the connection closes. One that goes on past `max_body`,
///   whoever reads it: 413, and the connection closes.
/// - A handler that takes longer than `handler_timeout`, the time it waited for the body not counted: 503 with
///   `Retry-After`. The handler is dropped where it waits; what it had written in one step of a store stays written.
///
/// `Doorward::serve` puts them around each door. Who serves a [`DoorService`] otherwise does it alone:
///
/// ```
/// # use doorward::{Router, serve::Limits};
/// # fn app(app: Router) -> Result<Limits, doorward::router::RouteError> {
/// let service = Limits::new(app.into_service()?);
/// # Ok(service) }
/// ```
#[derive(Clone, Debug)]
pub struct Limits {
    inner: DoorService,
    rules: Rules,
    slots: Arc<Semaphore>,
}

#[derive(Clone, Copy, Debug)]
struct Rules {
    handler_timeout: Option<Duration>,
    upload: upload::Rules,
}

impl Limits {
    /// The limits that the door's own settings want.
    #[must_use]
    pub fn new(inner: DoorService) -> Self {
        let settings = &inner.door().settings().server;
        let slots = settings.max_requests_in_flight.min(Semaphore::MAX_PERMITS);
        Self {
            rules: Rules::new(settings),
            slots: Arc::new(Semaphore::new(slots)),
            inner,
        }
    }

    /// A place among the requests in work; a probe needs none.
    fn slot(&self, path: &str) -> Option<Slot> {
        match self.inner.is_probe(path) {
            true => Some(Slot::none()),
            false => Slot::take(&self.slots),
        }
    }

    async fn answer(mut self, slot: Slot, request: Request) -> Response {
        let outline = outline(&request);
        let (request, upload) = Upload::watch(request, self.rules.upload);
        let handler = self.inner.call(request);
        let answer = within(self.rules.handler_timeout, upload.as_ref(), handler).await;
        let outcome = upload.map_or(Outcome::Whole, |upload| upload.outcome());
        let mut response = match (answer, outcome) {
            (None, _) => self.inner.refusal(&outline, timed_out(self.rules)),
            (Some(response), Outcome::Late) if is_error(&response) => self.inner.refusal(&outline, late()),
            (Some(response), Outcome::TooLarge) if is_error(&response) => {
                self.inner.refusal(&outline, ApiException::payload_too_large())
            }
            (Some(response), _) => response,
        };
        if outcome != Outcome::Whole && outline.version() <= Version::HTTP_11 {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(CONNECTION, close);
        }
        slot.keep_until_sent(response)
    }
}

impl Rules {
    fn new(settings: &ServerSettings) -> Self {
        Self {
            handler_timeout: unless_zero(settings.handler_timeout.duration()),
            upload: upload::Rules {
                timeout: unless_zero(settings.body_timeout.duration()),
                min_rate: settings.body_min_rate,
                largest: u64::try_from(settings.max_body).unwrap_or(u64::MAX),
            },
        }
    }
}

pub(super) fn unless_zero(period: Duration) -> Option<Duration> {
    (!period.is_zero()).then_some(period)
}

/// What is kept of a request, to refuse it in its own language when it is gone.
fn outline(request: &Request) -> Request {
    let mut outline = Request::new(axum::body::Body::empty());
    *outline.method_mut() = request.method().clone();
    *outline.uri_mut() = request.uri().clone();
    *outline.version_mut() = request.version();
    for name in LOOKED_AT {
        for value in request.headers().get_all(&name) {
            outline.headers_mut().append(&name, value.clone());
        }
    }
    if let Some(scheme) = request.extensions().get::<Scheme>() {
        outline.extensions_mut().insert(*scheme);
    }
    outline
}

/// What a handler answers in time.
async fn within(
    timeout: Option<Duration>,
    upload: Option<&Upload>,
    handler: impl Future<Output = Result<Response, Infallible>>,
) -> Option<Response> {
    let mut handler = pin!(handler);
    let Some(timeout) = timeout else {
        let Ok(response) = handler.await;
        return Some(response);
    };
    let mut deadline = Instant::now() + timeout;
    loop {
        tokio::select! {
            biased;
            Ok(response) = &mut handler => return Some(response),
            () = sleep_until(deadline) => {}
        }
        // Whoever waits for a client does not dawdle: the client has a time-out of its own.
        let later = upload.and_then(Upload::last_waited)? + timeout;
        if later <= Instant::now() {
            return None;
        }
        deadline = later;
    }
}

fn is_error(response: &Response) -> bool {
    let status = response.status();
    status.is_client_error() || status.is_server_error()
}

fn timed_out(rules: Rules) -> ApiException {
    let timeout = rules.handler_timeout.unwrap_or_default();
    ApiException::service_unavailable(RETRY_AFTER).with_cause(format!(
        "a handler had no answer after {timeout:?} (server.handler_timeout)"
    ))
}

fn late() -> ApiException {
    let detail = "The request body did not arrive in time.";
    ApiException::new(hyper::StatusCode::REQUEST_TIMEOUT, "request_timeout", detail)
}

impl Service<Request> for Limits {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let limits = self.clone();
        match self.slot(request.uri().path()) {
            Some(slot) => Box::pin(async move { Ok(limits.answer(slot, request).await) }),
            None => {
                let refusal = ApiException::service_unavailable(RETRY_AFTER);
                let response = self.inner.refusal(&request, refusal);
                Box::pin(std::future::ready(Ok(response)))
            }
        }
    }
}
