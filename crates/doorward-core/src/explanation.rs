//! [`Explanation`]: who was asked, and what each said; for developers.

use std::any::type_name;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::response::Response;
use http::{HeaderName, HeaderValue, StatusCode};

use crate::context::{Context, RequestState};
use crate::exceptions::{ApiException, Reason, Result};

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

/// The steps of one request so far.
#[derive(Debug, Default)]
pub(crate) struct DecisionLog(Mutex<Vec<Step>>);

impl Context<'_> {
    /// Keeps what a rule said, if somebody will read it: where `debug` is on, or the request is one that nobody sent.
    #[inline]
    pub fn explain(&self, step: impl FnOnce() -> (String, Outcome)) {
        let log = match self.door().settings().debug {
            true => Some(self.note::<DecisionLog>()),
            false => self.noted(),
        };
        if let Some(log) = log {
            let (rule, outcome) = step();
            log.list().push(Step { rule, outcome });
        }
    }
}

impl DecisionLog {
    pub(crate) fn steps(&self) -> Vec<Step> {
        self.list().clone()
    }

    fn list(&self) -> MutexGuard<'_, Vec<Step>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Tells the steps in a refusal's header, where `debug` is on.
pub(crate) fn write(state: &RequestState, response: &mut Response) {
    let refused = matches!(
        response.status(),
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN
    );
    if !state.door.settings().debug || !refused {
        return;
    }
    let steps = state.notes.get().map(DecisionLog::steps).unwrap_or_default();
    let mut steps = steps.iter().map(Step::to_string).collect::<Vec<_>>();
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

impl Outcome {
    /// What a permission said, with its reason where it refused and tells one.
    pub(crate) fn of_permission(said: &Result<bool>, reason: impl FnOnce() -> Option<String>) -> Self {
        match said {
            Ok(true) => Self::Granted,
            Ok(false) => Self::Refused(reason()),
            Err(refused) => Self::Refused(Some(ApiException::to_string(refused))),
        }
    }
}

/// A type's name without the modules it is in: `Or<IsOwner, IsAdminUser>`.
pub(crate) fn type_words<T>() -> String {
    short(type_name::<T>())
}

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
