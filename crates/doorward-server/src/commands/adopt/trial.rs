//! [`Trial`]: one thing that was tried, and what came of it.

/// What was tried, and what came of it.
#[derive(Clone, Debug)]
pub(super) struct Trial {
    pub(super) what: &'static str,
    pub(super) outcome: Outcome,
    pub(super) found: String,
}

/// What came of a trial.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It works.
    Works,
    /// There is nothing to try it on.
    Untried,
    /// It would work, and the settings do not let it in.
    Closed,
    /// It would not work.
    Failed,
}

impl Outcome {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Works => "works",
            Self::Untried => "untried",
            Self::Closed => "closed",
            Self::Failed => "FAILS",
        }
    }
}

impl Trial {
    pub(super) fn new(what: &'static str, outcome: Outcome, found: impl Into<String>) -> Self {
        Self {
            what,
            outcome,
            found: found.into(),
        }
    }

    /// Of many that were tried, how many work, and why the first of the others does not. One that works is enough: older
    /// ones may stand on a password, or a key, that has been replaced since.
    pub(super) fn of(what: &'static str, tried: &[Result<(), String>]) -> Self {
        let working = tried.iter().filter(|one| one.is_ok()).count();
        let problem = tried.iter().find_map(|one| one.as_ref().err());
        let count = format!("{working} of {}", tried.len());
        match (tried.is_empty(), working, problem) {
            (true, ..) => Self::new(what, Outcome::Untried, "there is none"),
            (_, 0, Some(problem)) => Self::new(what, Outcome::Failed, format!("{count}: {problem}")),
            (_, _, Some(problem)) => Self::new(what, Outcome::Works, format!("{count}; another: {problem}")),
            (_, _, None) => Self::new(what, Outcome::Works, count),
        }
    }

    /// The same, where the settings let nothing of it in, for that reason.
    pub(super) fn closed_by(self, reason: Option<String>) -> Self {
        match (self.outcome, reason) {
            (Outcome::Works, Some(reason)) => {
                let found = format!("{}; {reason}", self.found);
                Self::new(self.what, Outcome::Closed, found)
            }
            _ => self,
        }
    }
}
