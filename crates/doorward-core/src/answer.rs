//! [`Answer`]: a value that is ready now, or a future of one.

use std::fmt;
use std::future::{Future, IntoFuture, Ready, ready};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::future::{BoxFuture, Either};

/// What the rules of the door return: ready at once, or later.
///
/// A rule that needs no waiting (a stateless permission, a hit in the cache) answers [`Answer::ready`] and costs
/// no allocation; one that asks a database answers [`Answer::pending`]. Both are awaited alike.
///
/// ```
/// use doorward_core::Answer;
/// # futures_util::future::FutureExt::now_or_never(async {
/// assert_eq!(Answer::ready(1).await, 1);
/// assert_eq!(Answer::pending(async { 2 }).await, 2);
/// # }).expect("both are ready");
/// ```
#[must_use = "an answer does nothing unless it is awaited"]
pub enum Answer<'a, T> {
    /// The value itself.
    Ready(T),
    /// A future of the value.
    Pending(BoxFuture<'a, T>),
}

impl<'a, T> Answer<'a, T> {
    /// A value that is known already.
    pub fn ready(value: T) -> Self {
        Self::Ready(value)
    }

    /// A value that has to be waited for.
    pub fn pending(future: impl Future<Output = T> + Send + 'a) -> Self {
        Self::Pending(Box::pin(future))
    }

    /// What `next` makes of the value; ready where both are.
    pub fn then<U: Send>(self, next: impl FnOnce(T) -> Answer<'a, U> + Send + 'a) -> Answer<'a, U>
    where
        T: 'a,
    {
        match self {
            Self::Ready(value) => next(value),
            Self::Pending(future) => Answer::pending(async move { next(future.await).await }),
        }
    }

    /// The answer with its value changed; one that is ready stays so.
    pub fn map<U>(self, change: impl FnOnce(T) -> U + Send + 'a) -> Answer<'a, U>
    where
        T: 'a,
    {
        match self {
            Self::Ready(value) => Answer::Ready(change(value)),
            Self::Pending(future) => Answer::pending(async move { change(future.await) }),
        }
    }
}

impl<'a, T> IntoFuture for Answer<'a, T> {
    type Output = T;
    type IntoFuture = AnswerFuture<'a, T>;

    fn into_future(self) -> Self::IntoFuture {
        AnswerFuture(match self {
            Self::Ready(value) => Either::Left(ready(value)),
            Self::Pending(future) => Either::Right(future),
        })
    }
}

/// The future of an [`Answer`].
pub struct AnswerFuture<'a, T>(Either<Ready<T>, BoxFuture<'a, T>>);

impl<T> Future for AnswerFuture<'_, T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<T> {
        Pin::new(&mut self.0).poll(cx)
    }
}

impl<T: fmt::Debug> fmt::Debug for Answer<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ready(value) => f.debug_tuple("Ready").field(value).finish(),
            Self::Pending(_) => f.write_str("Pending"),
        }
    }
}

impl<T> fmt::Debug for AnswerFuture<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnswerFuture")
    }
}
