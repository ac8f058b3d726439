//! Names in the settings that are the ready server's, which brings what they stand for by its apps.
//!
//! One `doorward.toml` may be shared by the ready server and by a program that uses the library. Such a program knows these
//! names and reads over them: what they say is for the other one, and judged by it.

use schemars::JsonSchema;

use super::SectionKind;

/// Its endpoints, by their names in `[urls]`.
pub(crate) const ENDPOINTS: [&str; 5] = ["start", "admin", "healthz", "readyz", "metrics"];

/// Its sections.
const SECTIONS: [&str; 1] = ["metrics"];

/// What a program sees of a section that is read by another one.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ReadOver {}

impl SectionKind {
    /// The sections of the ready server, for programs without its apps: nothing in them is read.
    pub fn of_ready_server() -> impl Iterator<Item = Self> {
        SECTIONS
            .into_iter()
            .map(|label| Self::new::<ReadOver>(label, |_, _| Ok(())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_that_are_read_over_have_no_keys() {
        assert!(SectionKind::of_ready_server().all(|kind| !kind.has_keys()));
    }
}
