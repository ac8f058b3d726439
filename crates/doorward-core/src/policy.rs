//! [`Policy`]: who may pass a route, and [`RouteExt`], which gives a route its own.

mod rules;

use std::borrow::Cow;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::Response;
use axum::routing::MethodRouter;

use crate::authentication::Authenticator;
use crate::context::{Context, ViewKind};
use crate::exceptions::Result;
use crate::metadata::{ObjectCheck, Reads};
use crate::permissions::Permission;
use crate::serializers::Serializer;
use crate::settings::Settings;
use crate::throttling::Throttle;

pub(crate) use rules::Rules;

/// What a route demands of a request: DRF's `authentication_classes`, `permission_classes`, `throttle_classes`.
///
/// What is left unsaid is taken from the settings. A permission alone is a policy:
/// `get(handler).policy(IsAdminUser)`.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    pub(crate) authenticators: Option<Vec<Arc<dyn Authenticator>>>,
    pub(crate) permissions: Option<Vec<Arc<dyn Permission>>>,
    pub(crate) throttles: Option<Vec<Arc<dyn Throttle>>>,
    pub(crate) challenger: Option<Arc<dyn Authenticator>>,
}

impl Policy {
    /// The policy of the settings.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// No authentication, no permission asked: open to everyone, and credentials are not looked at.
    #[must_use]
    pub fn open() -> Self {
        Self::new().authenticators([]).permissions([])
    }

    /// Exactly these authenticators, in this order; the first one gives the challenge.
    #[must_use]
    pub fn authenticators(
        mut self,
        authenticators: impl IntoIterator<Item = Arc<dyn Authenticator>>,
    ) -> Self {
        self.authenticators = Some(authenticators.into_iter().collect());
        self
    }

    /// One more authenticator.
    #[must_use]
    pub fn authenticate(mut self, authenticator: impl Authenticator + 'static) -> Self {
        self.authenticators
            .get_or_insert_default()
            .push(Arc::new(authenticator));
        self
    }

    /// A 401 carries the challenge of that authenticator, which is not asked who calls: for a route that refuses
    /// credentials in its body (`get_authenticate_header` of SimpleJWT's views).
    #[must_use]
    pub fn challenged_by(mut self, challenger: impl Authenticator + 'static) -> Self {
        self.challenger = Some(Arc::new(challenger));
        self
    }

    /// Exactly these permissions; all of them must grant.
    #[must_use]
    pub fn permissions(mut self, permissions: impl IntoIterator<Item = Arc<dyn Permission>>) -> Self {
        self.permissions = Some(permissions.into_iter().collect());
        self
    }

    /// One more permission, which must grant as well.
    #[must_use]
    pub fn permit(mut self, permission: impl Permission + 'static) -> Self {
        self.permissions
            .get_or_insert_default()
            .push(Arc::new(permission));
        self
    }

    /// Exactly these throttles; all of them are asked.
    #[must_use]
    pub fn throttles(mut self, throttles: impl IntoIterator<Item = Arc<dyn Throttle>>) -> Self {
        self.throttles = Some(throttles.into_iter().collect());
        self
    }

    /// One more throttle.
    #[must_use]
    pub fn throttle(mut self, throttle: impl Throttle + 'static) -> Self {
        self.throttles.get_or_insert_default().push(Arc::new(throttle));
        self
    }
}

impl Policy {
    /// This policy, and what it leaves unsaid from that of its group.
    pub(crate) fn or(self, group: &Self) -> Self {
        let is_challenged_alike = self.authenticators.is_none();
        let challenger = group.challenger.clone().filter(|_| is_challenged_alike);
        Self {
            authenticators: self.authenticators.or_else(|| group.authenticators.clone()),
            permissions: self.permissions.or_else(|| group.permissions.clone()),
            throttles: self.throttles.or_else(|| group.throttles.clone()),
            challenger: self.challenger.or(challenger),
        }
    }
}

impl<P: Permission + 'static> From<P> for Policy {
    fn from(permission: P) -> Self {
        Self::new().permit(permission)
    }
}

/// A [`MethodRouter`] with what Doorward wants to know of it.
#[derive(Clone, Debug)]
pub struct GuardedRoute {
    pub(crate) methods: MethodRouter,
    pub(crate) policy: Policy,
    pub(crate) early_throttles: Vec<Arc<dyn Throttle>>,
    pub(crate) throttle_scope: Option<Cow<'static, str>>,
    pub(crate) model: Option<(&'static str, &'static str)>,
    pub(crate) max_body: Option<usize>,
    pub(crate) kind: ViewKind,
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) reads: Reads,
    pub(crate) invitation: Option<Invitation>,
}

/// The page that a browser is shown which came with a method that its page does not take.
pub type Invitation = fn(&Context<'_>) -> Result<Response>;

impl GuardedRoute {
    /// The page with something to show to browsers that came by GET, and should have sent a form.
    #[must_use]
    pub fn inviting(self, invitation: Invitation) -> Self {
        Self {
            invitation: Some(invitation),
            ..self
        }
    }
}

/// Gives a route a policy and a name of its own.
pub trait RouteExt: Into<GuardedRoute> {
    /// The route with that policy in place of the default one.
    fn policy(self, policy: impl Into<Policy>) -> GuardedRoute {
        GuardedRoute {
            policy: policy.into(),
            ..self.into()
        }
    }

    /// The route with one more throttle.
    fn throttle(self, throttle: impl Throttle + 'static) -> GuardedRoute {
        let route = self.into();
        GuardedRoute {
            policy: route.policy.clone().throttle(throttle),
            ..route
        }
    }

    /// The route with one more throttle that is asked before any credential is looked at, after those of the settings
    /// (`throttle.before_authentication`): a flood of wrong credentials is refused before a password is hashed.
    /// Nobody is known there yet, so it counts addresses:
    /// [`ClientRateThrottle`](crate::throttling::ClientRateThrottle). Pages ask it too.
    fn throttle_before_authentication(self, throttle: impl Throttle + 'static) -> GuardedRoute {
        let mut route = self.into();
        route.early_throttles.push(Arc::new(throttle));
        route
    }

    /// The route under that scope for [`ScopedRateThrottle`](crate::throttling::ScopedRateThrottle)
    /// (`throttle_scope` of a DRF view).
    fn throttle_scope(self, scope: impl Into<Cow<'static, str>>) -> GuardedRoute {
        GuardedRoute {
            throttle_scope: Some(scope.into()),
            ..self.into()
        }
    }

    /// The route as one about that model, by its app's label and its name in lower case: what `DjangoModelPermissions` asks about
    /// where `rest.permission` names it (`queryset` of a DRF view).
    fn model(self, app_label: &'static str, model_name: &'static str) -> GuardedRoute {
        GuardedRoute {
            model: Some((app_label, model_name)),
            ..self.into()
        }
    }

    /// The route with bodies of at most so many bytes, where `server.max_body` is not less: 413 past it. For one that
    /// takes credentials: what waits for a password's hash stays in memory.
    fn max_body(self, bytes: usize) -> GuardedRoute {
        GuardedRoute {
            max_body: Some(bytes),
            ..self.into()
        }
    }

    /// The route as a page for browsers (`django.views.View`): no policy, for whoever comes may see it, but methods
    /// that change something need a CSRF token; failures are HTML, save for clients that speak JSON.
    fn page(self) -> GuardedRoute {
        GuardedRoute {
            kind: ViewKind::Page,
            ..self.into()
        }
    }

    /// The route with the name and the description that an OPTIONS request is told.
    fn describe(self, name: &'static str, description: &'static str) -> GuardedRoute {
        GuardedRoute {
            name,
            description,
            ..self.into()
        }
    }

    /// The route as OPTIONS tells of a view whose `parser_classes` name forms before JSON.
    fn forms_first(self) -> GuardedRoute {
        let mut route: GuardedRoute = self.into();
        route.reads.parses.rotate_left(1);
        route
    }

    /// The route with the description of the bodies that it takes (`serializer_class` of a DRF view). OPTIONS tells the
    /// fields of a POST to those who may send one; those of a PUT where the route knows its
    /// [`object`](Self::object).
    fn takes(self, serializer: impl Into<Serializer>) -> GuardedRoute {
        let mut route: GuardedRoute = self.into();
        route.reads.serializer = serializer.into();
        route
    }

    /// As [`takes`](Self::takes), where the description depends on the settings.
    fn takes_of(self, describe: fn(&Settings) -> Serializer) -> GuardedRoute {
        let mut route: GuardedRoute = self.into();
        route.reads.of_settings = Some(describe);
        route
    }

    /// The route with its object, as its handlers take it: OPTIONS tells the fields of a PUT to those who get it
    /// (`GenericAPIView.get_object` in `SimpleMetadata.determine_actions`).
    ///
    /// ```
    /// use axum::routing::put;
    /// use doorward_core::extract::RequestContext;
    /// use doorward_core::permissions::{IsAuthenticatedOrReadOnly, LoadObject, Permitted, Unchecked};
    /// use doorward_core::serializers::{CharField, Serializer};
    /// use doorward_core::{Result, RouteExt};
    ///
    /// struct Report;
    ///
    /// impl LoadObject for Report {
    ///     async fn load(_: &RequestContext, _: &()) -> Result<Unchecked<Self>> {
    ///         Ok(Unchecked::new(Self))
    ///     }
    /// }
    ///
    /// type Object = Permitted<Report, IsAuthenticatedOrReadOnly>;
    ///
    /// async fn update(_: Object) {}
    ///
    /// let route = put(update)
    ///     .takes(Serializer::new().field("title", CharField::new()))
    ///     .object::<Object, ()>(());
    /// # let _ = route;
    /// ```
    fn object<E, S>(self, state: S) -> GuardedRoute
    where
        E: FromRequestParts<S> + 'static,
        S: Clone + Send + Sync + 'static,
    {
        let mut route: GuardedRoute = self.into();
        route.reads.object = Some(ObjectCheck::new(move |mut parts| {
            let state = state.clone();
            Box::pin(async move { E::from_request_parts(&mut parts, &state).await.is_ok() })
        }));
        route
    }
}

impl RouteExt for MethodRouter {}

impl RouteExt for GuardedRoute {}

impl From<MethodRouter> for GuardedRoute {
    fn from(methods: MethodRouter) -> Self {
        Self {
            methods,
            policy: Policy::default(),
            early_throttles: Vec::new(),
            throttle_scope: None,
            model: None,
            max_body: None,
            kind: ViewKind::Api,
            name: "",
            description: "",
            reads: Reads::default(),
            invitation: None,
        }
    }
}
