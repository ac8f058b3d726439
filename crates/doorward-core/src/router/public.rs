//! [`Public`]: the state of handlers that nobody guards.

use std::marker::PhantomPinned;

/// The state of the handlers of [`Router::public`](super::Router::public) and [`Router::probe`](super::Router::probe).
///
/// It is no [`GuardedState`](crate::extract::GuardedState), so that a handler which takes a [`User`](crate::User), or
/// anything else that the guard tells, does not compile there:
///
/// ```compile_fail,E0277
/// # use doorward_core::{Door, Router, User};
/// async fn hello(user: User) -> String {
///     user.username().to_owned()
/// }
///
/// # fn routes(door: &Door) -> Router {
/// door.router().public("/hello/", axum::routing::get(hello))
/// # }
/// ```
///
/// A function that makes such a route answers `MethodRouter<Public>`. What the compiler does not see is answered with 500,
/// and the log names the mistake: handlers with a state of their own (`get(handler).with_state(state)`), routers from
/// elsewhere ([`Router::nest_public`](super::Router::nest_public)), and extractors of one's own that ask for a `User` with
/// another state than their own.
#[derive(Clone, Copy, Debug, Default)]
pub struct Public {
    /// The one thing that tells it from other states: those can be moved.
    _pinned: PhantomPinned,
}

impl Public {
    pub(super) const fn new() -> Self {
        Self {
            _pinned: PhantomPinned,
        }
    }
}
