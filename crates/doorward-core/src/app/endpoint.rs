//! [`Endpoint`]: a route that comes with an app.

use std::fmt;
use std::sync::Arc;

use crate::policy::GuardedRoute;

/// A route that comes with an app. `[urls]` may move it, or switch it off, by its name.
#[derive(Clone)]
pub struct Endpoint {
    pub(crate) name: &'static str,
    pub(crate) usual: &'static str,
    pub(crate) route: Arc<dyn Fn() -> GuardedRoute + Send + Sync>,
}

impl Endpoint {
    /// An endpoint of that name, which stands at the path `usual` unless `[urls]` says otherwise; `route` makes it.
    pub fn new<R: Into<GuardedRoute>>(
        name: &'static str,
        usual: &'static str,
        route: impl Fn() -> R + Send + Sync + 'static,
    ) -> Self {
        Self {
            name,
            usual,
            route: Arc::new(move || route().into()),
        }
    }
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.name, self.usual)
    }
}
