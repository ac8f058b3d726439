//! [`Permitted`]: an object that the caller may have, as an argument of a handler.

use std::fmt;

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::{ObjectPermission, denied};
use crate::ApiException;
use crate::context::{Context, GuardedState, RequestContext};
use crate::exceptions::Result;
use crate::explanation::{Outcome, type_words};

/// An object that nobody has asked a permission for yet: it cannot be read.
///
/// Let what looks objects up answer this, and no handler can forget the check.
#[must_use = "an object that is not checked cannot be read"]
pub struct Unchecked<T>(T);

impl<T> Unchecked<T> {
    /// Closes an object.
    pub const fn new(object: T) -> Self {
        Self(object)
    }

    /// Opens it to a caller whom the permission grants it (`APIView.check_object_permissions`).
    ///
    /// # Errors
    /// 401 or 403, or what the permission itself refuses with: 404 where the object is to stay unknown.
    pub async fn permit<P: ObjectPermission<T>>(self, cx: &Context<'_>, permission: &P) -> Result<T> {
        on_request::<T, P>(cx, permission).await?;
        self.on_object(cx, permission).await
    }

    async fn on_object<P: ObjectPermission<T>>(self, cx: &Context<'_>, permission: &P) -> Result<T> {
        let answer = permission.has_object_permission(cx, cx.view(), &self.0).await;
        cx.explain(|| {
            let rule = format!("{} on {}", type_words::<P>(), type_words::<T>());
            (rule, Outcome::of_permission(&answer, || None))
        });
        settle::<T, P>(cx, permission, answer)?;
        Ok(self.0)
    }
}

impl<T> fmt::Debug for Unchecked<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Unchecked")
    }
}

/// How the object that a request is about is found (`GenericAPIView.get_object`). `S` is the state of the handler.
#[diagnostic::on_unimplemented(
    message = "nothing tells how to load `{Self}` in a handler whose state is `{S}`",
    note = "implement `LoadObject<{S}>` for it"
)]
pub trait LoadObject<S = ()>: Sized + Send + Sync {
    /// The object that the request's path names.
    ///
    /// # Errors
    /// 404 where there is none.
    fn load(request: &RequestContext, state: &S) -> impl Future<Output = Result<Unchecked<Self>>> + Send;
}

/// How the objects of a list are found (`GenericAPIView.filter_queryset`). `S` is the state of the handler.
pub trait LoadObjects<S = ()>: Sized + Send + Sync {
    /// The objects that the request asks for, in their order.
    ///
    /// # Errors
    /// 400 for a query that makes no sense.
    fn load_all(
        request: &RequestContext,
        state: &S,
    ) -> impl Future<Output = Result<Vec<Unchecked<Self>>>> + Send;
}

/// The object that the request is about, where the permission `P` grants it to the caller.
///
/// `P` is asked about the request, then the object is [loaded](LoadObject), then `P` is asked about it; all of it
/// before the body is read, so that whoever may not change an object is told so whatever was sent. Refusals are
/// those of a policy.
///
/// ```
/// use axum::Json;
/// use doorward_core::extract::RequestContext;
/// use doorward_core::permissions::{IsAuthenticatedOrReadOnly, LoadObject, Permitted, Unchecked};
/// use doorward_core::{ApiException, Result};
///
/// struct Report(String);
///
/// impl LoadObject for Report {
///     async fn load(request: &RequestContext, _: &()) -> Result<Unchecked<Self>> {
///         let id: u32 = request.path().await?;
///         match id {
///             1 => Ok(Unchecked::new(Self("Takings".to_owned()))),
///             _ => Err(ApiException::not_found()),
///         }
///     }
/// }
///
/// async fn report(Permitted(report): Permitted<Report, IsAuthenticatedOrReadOnly>) -> Json<String> {
///     Json(report.0)
/// }
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Permitted<T, P>(pub <P as Grants<T>>::Object);

/// Ties a [`Permitted`] object to the permission that granted it; every type does.
pub trait Grants<T> {
    /// The object.
    type Object;
}

impl<T, P> Grants<T> for P {
    type Object = T;
}

impl<S, T, P> FromRequestParts<S> for Permitted<T, P>
where
    S: GuardedState,
    T: LoadObject<S>,
    P: ObjectPermission<T> + Default,
{
    type Rejection = ApiException;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let request = RequestContext::from_request_parts(parts, state).await?;
        let (cx, permission) = (request.context(), P::default());
        on_request::<T, P>(&cx, &permission).await?;
        let object = T::load(&request, state).await?;
        object.on_object(&cx, &permission).await.map(Self)
    }
}

/// The objects of a list that the permission `P` grants to the caller; the others are left out.
///
/// As in DRF a list is no reason to refuse: it is narrowed to what may be seen. Only where `P` refuses the request
/// itself is that the answer. Let the query of [`LoadObjects`] leave out what it can: what is left out here was read
/// for nothing, and is missing from a page that was cut before.
#[derive(Clone, Debug)]
pub struct PermittedList<T, P>(pub Vec<<P as Grants<T>>::Object>);

impl<S, T, P> FromRequestParts<S> for PermittedList<T, P>
where
    S: GuardedState,
    T: LoadObjects<S>,
    P: ObjectPermission<T> + Default,
{
    type Rejection = ApiException;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let request = RequestContext::from_request_parts(parts, state).await?;
        let (cx, permission) = (request.context(), P::default());
        on_request::<T, P>(&cx, &permission).await?;
        let mut granted = Vec::new();
        for Unchecked(object) in T::load_all(&request, state).await? {
            let answer = permission.has_object_permission(&cx, cx.view(), &object).await;
            if may_see(answer)? {
                granted.push(object);
            }
        }
        Ok(Self(granted))
    }
}

/// A 404 says that there is no such object; in a list there is none then.
fn may_see(answer: Result<bool>) -> Result<bool> {
    match answer {
        Err(refused) if refused.status().is_client_error() => Ok(false),
        answer => answer,
    }
}

async fn on_request<T, P: ObjectPermission<T>>(cx: &Context<'_>, permission: &P) -> Result {
    let answer = permission.has_permission(cx, cx.view()).await;
    cx.explain(|| (type_words::<P>(), Outcome::of_permission(&answer, || None)));
    settle::<T, P>(cx, permission, answer)
}

fn settle<T, P: ObjectPermission<T>>(cx: &Context<'_>, permission: &P, answer: Result<bool>) -> Result {
    match answer? {
        true => Ok(()),
        false => Err(denied(cx, permission.denial())),
    }
}
