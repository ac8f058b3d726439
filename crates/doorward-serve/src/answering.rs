//! [`Answering`]: the requests of one connection on their way to the service, and its answers on theirs back.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::Request;
use axum::response::Response;
use hyper::Version;
use hyper::body::Incoming;
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderValue};
use tower::Service;

use crate::activity::Activity;
use crate::drain::DrainHandle;
use crate::framing;
use crate::origin::Origin;
use crate::outgoing::Outgoing;
use crate::unread::{self, Outlook};

/// What a connection's requests are answered by.
#[derive(Debug)]
pub(crate) struct Answering<S> {
    pub(crate) service: Arc<S>,
    pub(crate) origin: Origin,
    pub(crate) activity: Activity,
    pub(crate) drain: DrainHandle,
}

impl<S> Clone for Answering<S> {
    fn clone(&self) -> Self {
        Self {
            service: Arc::clone(&self.service),
            origin: self.origin,
            activity: self.activity.clone(),
            drain: self.drain.clone(),
        }
    }
}

impl<S> hyper::service::Service<hyper::Request<Incoming>> for Answering<S>
where
    S: Service<Request, Response = Response, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Future: Send,
{
    type Response = hyper::Response<Outgoing>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn call(&self, request: hyper::Request<Incoming>) -> Self::Future {
        let (request, loan) = unread::lend(request);
        let request = self.origin.sign(request);
        let exchange = Arc::new(self.activity.begin(&request));
        let service = S::clone(&self.service);
        let drain = self.drain.clone();
        Box::pin(async move {
            let version = request.version();
            let mut response = answer(request, service).await?;
            let is_told = version <= Version::HTTP_11 && (drain.is_asked_to_go() || says_close(&response));
            let outlook = match is_told {
                true => Outlook::Ends,
                false => loan.settle(&exchange).await,
            };
            if version <= Version::HTTP_11 && outlook == Outlook::Ends {
                let close = HeaderValue::from_static("close");
                response.headers_mut().insert(CONNECTION, close);
            }
            let ending = is_event_stream(&response).then(|| drain.to_ending());
            Ok(response.map(|body| Outgoing::new(body, exchange, ending)))
        })
    }
}

async fn answer<S>(request: Request, mut service: S) -> Result<Response, Infallible>
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    match framing::refusal(request.headers()) {
        Some(refusal) => Ok(refusal),
        None => service.call(request).await,
    }
}

fn says_close(response: &Response) -> bool {
    let mut options = response.headers().get_all(CONNECTION).iter();
    options.any(|option| option.as_bytes().eq_ignore_ascii_case(b"close"))
}

/// A stream of server-sent events has no end. Its clients connect again by themselves, and go on (`EventSource`).
fn is_event_stream(response: &Response) -> bool {
    let content_type = response.headers().get(CONTENT_TYPE);
    content_type.is_some_and(|value| value.as_bytes().starts_with(b"text/event-stream"))
}
