//! [`Limits`]: how many requests are in work at once, and how long each may take.

mod site;
mod slot;
mod upload;

use std::convert::Infallible;
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use doorward_core::ApiException;
use doorward_core::exception_handler::default_status;
use doorward_core::service::DoorService;
use doorward_core::settings::ServerSettings;
use hyper::Version;
use hyper::header::{CONNECTION, HeaderValue};
use tokio::time::{Instant, sleep_until};
use tower::Service;

use crate::timeouts::unless_zero;
pub use site::{Around, Site};
use slot::{Slot, Slots};
use upload::{Outcome, Upload};

/// When a client may come again that was one too many, or whose handler took too long.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// A door's routes, or any service, within the limits of the door's `[server]` settings.
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
/// # use doorward_core::{Router, router::RouteError};
/// # use doorward_serve::Limits;
/// # fn app(app: Router) -> Result<Limits, RouteError> {
/// let service = Limits::new(app.into_service()?);
/// # Ok(service) }
/// ```
#[derive(Debug)]
pub struct Limits<S = DoorService>(Arc<Limited<S>>);

#[derive(Debug)]
struct Limited<S> {
    inner: S,
    rules: Rules,
    slots: Arc<Slots>,
}

#[derive(Clone, Copy, Debug)]
struct Rules {
    handler_timeout: Option<Duration>,
    upload: upload::Rules,
}

impl<S> Clone for Limits<S> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl Limits {
    /// The limits that the door's own settings want.
    #[must_use]
    pub fn new(inner: DoorService) -> Self {
        Self::of(inner)
    }
}

impl<S> Limits<Around<S>>
where
    S: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Response: IntoResponse,
    S::Future: Send,
{
    /// The limits of a door around any service of tower, such as the door's own within layers. What is refused here, and a
    /// handler that panics, is answered as that door service answers; its probes are answered however many requests there are.
    ///
    /// ```
    /// # use axum::response::Response;
    /// # use doorward_core::{Router, router::RouteError};
    /// # use doorward_serve::{Around, Limits};
    /// # use tower::{ServiceBuilder, util::MapResponse};
    /// # use doorward_core::service::DoorService;
    /// # fn app(app: Router) -> Result<Limits<Around<MapResponse<DoorService, fn(Response) -> Response>>>, RouteError> {
    /// # let log: fn(Response) -> Response = |response| response;
    /// let app = app.into_service()?;
    /// let layered = ServiceBuilder::new().map_response(log).service(app.clone());
    /// let service = Limits::around(app, layered);
    /// # Ok(service) }
    /// ```
    #[must_use]
    pub fn around(door: DoorService, service: S) -> Self {
        Self::of(Around {
            refuses: door,
            service,
        })
    }
}

impl<S: Site> Limits<S> {
    fn of(inner: S) -> Self {
        let settings = &inner.door_service().door().settings().server;
        Self(Arc::new(Limited {
            rules: Rules::new(settings),
            slots: Arc::new(Slots::new(settings.max_requests_in_flight)),
            inner,
        }))
    }
}

impl<S: Site> Limited<S> {
    /// A place among the requests in work; a probe needs none.
    fn slot(&self, path: &str) -> Option<Slot> {
        match self.inner.door_service().is_probe(path) {
            true => Some(Slot::none()),
            false => Slots::take(&self.slots),
        }
    }

    /// The answer to one request too many.
    fn refuse(&self, request: &Request) -> Response {
        let refusal = ApiException::service_unavailable(RETRY_AFTER);
        let door = self.inner.door_service();
        door.refusal(&door.outline(request), refusal)
    }

    async fn answer(self: Arc<Self>, slot: Slot, mut request: Request) -> Result<Response, Infallible> {
        let door = self.inner.door_service();
        let (outline, version) = (door.outline(&request), request.version());
        let upload = Upload::watch(&mut request, self.rules.upload);
        let handler = pin!(self.inner.answer(&outline, request));
        let answer = within(self.rules.handler_timeout, upload.as_ref(), handler).await;
        let outcome = upload.map_or(Outcome::Whole, |upload| upload.outcome());
        let mut response = match (answer, outcome) {
            (None, _) => door.refusal(&outline, timed_out(self.rules)),
            (Some(response), Outcome::Late) if is_error(&response) => door.refusal(&outline, late()),
            (Some(response), Outcome::TooLarge) if is_error(&response) => {
                door.refusal(&outline, ApiException::payload_too_large())
            }
            (Some(response), _) => response,
        };
        if outcome != Outcome::Whole && version <= Version::HTTP_11 {
            let close = HeaderValue::from_static("close");
            response.headers_mut().insert(CONNECTION, close);
        }
        slot.keep_until_sent(&mut response);
        Ok(response)
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

/// What a handler answers in time.
async fn within(
    timeout: Option<Duration>,
    upload: Option<&Upload>,
    mut handler: Pin<&mut impl Future<Output = Response>>,
) -> Option<Response> {
    let Some(timeout) = timeout else {
        return Some(handler.await);
    };
    let deadline = Instant::now() + timeout;
    // Most have their answer at once, and need no alarm, nor a place for one.
    match poll_fn(|cx| Poll::Ready(handler.as_mut().poll(cx))).await {
        Poll::Ready(response) => Some(response),
        Poll::Pending => Box::pin(until(deadline, timeout, upload, handler)).await,
    }
}

async fn until(
    mut deadline: Instant,
    timeout: Duration,
    upload: Option<&Upload>,
    mut handler: Pin<&mut impl Future<Output = Response>>,
) -> Option<Response> {
    loop {
        tokio::select! {
            biased;
            response = &mut handler => return Some(response),
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
    let status = default_status(response);
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

impl<S: Site> Service<Request> for Limits<S> {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        let limited = Arc::clone(&self.0);
        match limited.slot(request.uri().path()) {
            Some(slot) => Box::pin(limited.answer(slot, request)),
            None => Box::pin(std::future::ready(Ok(limited.refuse(&request)))),
        }
    }
}
