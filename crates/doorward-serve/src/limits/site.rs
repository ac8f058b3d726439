//! [`Site`]: what [`Limits`](super::Limits) can be put around: a door's routes, or any service beside a door.

use std::convert::Infallible;
use std::fmt;

use axum::extract::Request;
use axum::response::{IntoResponse, Response};
use doorward_core::service::{DoorService, Outline};
use tower::{Service, ServiceExt};

/// What answers requests, and the door whose service says what a refusal looks like.
///
/// A [`DoorService`] is one; any other service becomes one by [`Limits::around`](super::Limits::around).
pub trait Site: Send + Sync + 'static {
    /// The service of the door.
    fn door_service(&self) -> &DoorService;

    /// The answer to a request, whose outline that is.
    fn answer<'a>(
        &'a self,
        outline: &'a Outline,
        request: Request,
    ) -> impl Future<Output = Response> + Send + 'a;
}

impl Site for DoorService {
    fn door_service(&self) -> &DoorService {
        self
    }

    fn answer<'a>(
        &'a self,
        outline: &'a Outline,
        request: Request,
    ) -> impl Future<Output = Response> + Send + 'a {
        DoorService::answer(self, outline, request)
    }
}

/// Any service, with the refusals of a door.
pub struct Around<S> {
    pub(super) refuses: DoorService,
    pub(super) service: S,
}

impl<S> fmt::Debug for Around<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Around").finish_non_exhaustive()
    }
}

impl<S> Site for Around<S>
where
    S: Service<Request, Error = Infallible> + Clone + Send + Sync + 'static,
    S::Response: IntoResponse,
    S::Future: Send,
{
    fn door_service(&self) -> &DoorService {
        &self.refuses
    }

    /// A panic is one failed request, as it is within a door's own routes.
    async fn answer(&self, outline: &Outline, request: Request) -> Response {
        let service = self.service.clone();
        let answer = async move {
            let Ok(response) = service.oneshot(request).await;
            response.into_response()
        };
        self.refuses.unless_it_panics(outline, Box::pin(answer)).await
    }
}
