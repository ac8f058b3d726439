//! What the commands read from the environment; the settings are read by `doorward::settings`.

/// A variable that is set, be it to nothing; one that is no UTF-8 counts as not set.
#[expect(clippy::disallowed_methods, reason = "Django's commands read these variables")]
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok()
}
