//! [`View`]: the route that a request asks for.

use std::borrow::Cow;
use std::sync::Arc;

use http::{HeaderValue, Method};

use crate::metadata::Reads;

/// What answers: an API, or a page for browsers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ViewKind {
    /// `rest_framework.views.APIView`: JSON, behind the route's policy.
    Api,
    /// `django.views.View`: HTML, behind the CSRF check alone.
    Page,
}

/// Whether a route has an authenticator that could tell who calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Callers {
    /// It has: whoever is not known may be asked who they are.
    Identified,
    /// It has none: everyone is anonymous.
    Anonymous,
}

/// A route: its path and its methods (`rest_framework.views.APIView`).
#[derive(Debug)]
pub struct View {
    pub(crate) kind: ViewKind,
    pub(crate) path: Arc<str>,
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) reads: Reads,
    pub(crate) methods: Vec<Method>,
    pub(crate) allow: HeaderValue,
    pub(crate) callers: Callers,
    pub(crate) throttle_scope: Option<Cow<'static, str>>,
    /// The label of an app, and the name of a model of it.
    pub(crate) model: Option<(&'static str, &'static str)>,
    /// How many bytes of a body are read at most; its guard makes it no more than the settings allow.
    pub(crate) max_body: usize,
}

impl View {
    /// The path as it was registered, such as `/products/{id}/`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The methods that have a handler, in DRF's order; OPTIONS, which the guard answers, is the last.
    #[must_use]
    pub fn methods(&self) -> &[Method] {
        &self.methods
    }

    /// The scope that [`ScopedRateThrottle`](crate::throttling::ScopedRateThrottle) counts this route under.
    #[must_use]
    pub fn throttle_scope(&self) -> Option<&str> {
        self.throttle_scope.as_deref()
    }

    /// The model that it is about: the label of its app, and its name in lower case.
    #[must_use]
    pub fn model(&self) -> Option<(&'static str, &'static str)> {
        self.model
    }

    /// Whether some handler, or the guard, answers that method.
    pub(crate) fn answers(&self, method: &Method) -> bool {
        self.methods.contains(method)
    }
}
