//! [`Explanation`]: who was asked, and what each said; for developers.

use std::any::type_name;
use std::fmt;
use std::sync::{Mutex, PoisonError};

use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode};

use crate::authentication::Authenticator;
use crate::context::Context;
use crate::exceptions::{ApiException, Reason, Result};
use crate::identity::Identity;
use crate::permissions::Permission;

/// What a 401 or 403 carries where `debug` is on.
const HEADER: HeaderName = HeaderName::from_static("x-doorward-explanation");
/// How long it may get, in bytes.
const MAX_HEADER: usize = 4096;

/// Who was asked whether a request may go on, and what each said.
///
/// Where `debug` is on, a 401 or 403 carries it in `X-Doorward-Explanation`; never otherwise, since it tells what
/// a caller lacks. [`Router::explain`](crate::Router::explain) makes one for a request that nobody sends.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Explanation {
    /// The path that the request has among the routes, such as `/products/{id}/`; `None` where there is none.
    pub route: Option<String>,
    /// Who was asked, in order.
    pub steps: Vec<Step>,
    /// What the caller is answered; `None` where the request goes on to its handler.
    pub refusal: Option<(StatusCode, String)>,
}

/// One who was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// The authenticator or the permission.
    pub rule: String,
    /// What it said.
    pub outcome: Outcome,
}

/// What an authenticator or a permission said.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The authenticator found nothing of its scheme.
    NotMine,
    /// The authenticator knows the caller, by that name.
    Identified(String),
    /// A credential that came by itself was passed over, for that reason.
    PassedOver(String),
    /// The permission was granted.
    Granted,
    /// It refused, for that reason where it tells one.
    Refused(Option<String>),
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotMine => f.write_str("found nothing of its scheme"),
            Self::Identified(name) => write!(f, "knows {name}"),
            Self::PassedOver(reason) => write!(f, "is passed over: {reason}"),
            Self::Granted => f.write_str("grants"),
            Self::Refused(None) => f.write_str("refuses"),
            Self::Refused(Some(reason)) => write!(f, "refuses: {reason}"),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.rule, self.outcome)
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.route {
            None => writeln!(f, "no route has this path")?,
            Some(route) => writeln!(f, "route {route}")?,
        }
        for step in &self.steps {
            writeln!(f, "{step}")?;
        }
        match &self.refusal {
            None => f.write_str("answer: what the handler says"),
            Some((status, detail)) => write!(f, "answer: {} {detail}", status.as_u16()),
        }
    }
}

/// The steps of one request so far; nothing is kept unless somebody will read it.
#[derive(Debug, Default)]
pub(crate) struct Trail(Option<Mutex<Vec<Step>>>);

impl Trail {
    pub(crate) fn kept() -> Self {
        Self(Some(Mutex::default()))
    }

    /// A trail that is kept where `debug` is on.
    pub(crate) fn new(debug: bool) -> Self {
        debug.then(Self::kept).unwrap_or_default()
    }

    pub(crate) fn authenticator(&self, asked: &dyn Authenticator, said: &Result<Option<Identity>>) {
        self.add(|| {
            let outcome = match said {
                Ok(None) => Outcome::NotMine,
                Ok(Some(identity)) => Outcome::Identified(name(identity)),
                Err(refused) => Outcome::Refused(Some(refused.reason())),
            };
            (format!("{asked:?}"), outcome)
        });
    }

    /// A credential that came by itself, as cookies do, and counts for nothing.
    pub(crate) fn passed_over(&self, credential: &str, why: &ApiException) {
        self.add(|| {
            let outcome = Outcome::PassedOver(why.reason());
            (credential.to_owned(), outcome)
        });
    }

    pub(crate) fn permission(&self, asked: &dyn Permission, cx: &Context<'_>, said: &Result<bool>) {
        self.add(|| (format!("{asked:?}"), outcome(said, || asked.reason(cx))));
    }

    pub(crate) fn request_permission<P>(&self, said: &Result<bool>) {
        self.add(|| (short(type_name::<P>()), outcome(said, || None)));
    }

    pub(crate) fn object_permission<T, P>(&self, said: &Result<bool>) {
        let rule = || format!("{} on {}", short(type_name::<P>()), short(type_name::<T>()));
        self.add(|| (rule(), outcome(said, || None)));
    }

    pub(crate) fn steps(&self) -> Vec<Step> {
        let Some(steps) = &self.0 else {
            return Vec::new();
        };
        steps.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Tells the steps in a refusal's header.
    pub(crate) fn write(&self, response: &mut Response) {
        let refused = matches!(
            response.status(),
            StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
        );
        if self.0.is_none() || !refused {
            return;
        }
        let mut steps = self.steps().iter().map(Step::to_string).collect::<Vec<_>>();
        // A handler that refused is no step; whoever asked before has told.
        if let Some(Reason(reason)) = response.extensions().get()
            && !steps.iter().any(|step| step.ends_with(reason.as_str()))
        {
            steps.push(format!("the handler refuses: {reason}"));
        }
        if let Ok(value) = HeaderValue::from_str(&visible(&steps.join("; "))) {
            response.headers_mut().insert(HEADER, value);
        }
    }

    fn add(&self, step: impl FnOnce() -> (String, Outcome)) {
        if let Some(steps) = &self.0 {
            let (rule, outcome) = step();
            let mut steps = steps.lock().unwrap_or_else(PoisonError::into_inner);
            steps.push(Step { rule, outcome });
        }
    }
}

fn name(identity: &Identity) -> String {
    match identity.user.username() {
        "" => format!("user {}", identity.user.id()),
        name => name.to_owned(),
    }
}

fn outcome(said: &Result<bool>, reason: impl FnOnce() -> Option<String>) -> Outcome {
    match said {
        Ok(true) => Outcome::Granted,
        Ok(false) => Outcome::Refused(reason()),
        Err(refused) => Outcome::Refused(Some(ApiException::to_string(refused))),
    }
}

/// A type's name without the modules it is in: `Or<IsOwner, IsAdminUser>`.
fn short(type_name: &str) -> String {
    let words = type_name.split_inclusive(['<', '>', ',', ' ', '&', '(', ')']);
    words
        .map(|word| word.rsplit("::").next().unwrap_or(word))
        .collect()
}

/// What may stand in a header (RFC 9110 §5.5), of bounded length.
fn visible(text: &str) -> String {
    let visible = text.chars().flat_map(|letter| match letter {
        ' '..='~' => vec![letter],
        other => other.escape_default().collect(),
    });
    visible.take(MAX_HEADER).collect()
}

#[cfg(test)]
mod tests {
    use super::{MAX_HEADER, short, visible};

    #[test]
    fn types_are_named_without_their_modules() {
        assert_eq!(short("tutorial::products::IsOwner"), "IsOwner");
        let composed = "core::compose::Or<a::b::IsOwner, core::compose::Not<c::IsAdminUser>>";
        assert_eq!(short(composed), "Or<IsOwner, Not<IsAdminUser>>");
    }

    #[test]
    fn a_header_holds_whatever_a_rule_says() {
        assert_eq!(visible("knows zoë\r\nX: y"), "knows zo\\u{eb}\\r\\nX: y");
        assert_eq!(visible(&"é".repeat(MAX_HEADER)).len(), MAX_HEADER);
    }
}
