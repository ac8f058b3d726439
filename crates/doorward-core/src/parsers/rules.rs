//! [`ParserRules`]: how bodies are parsed.

use super::Lane;
use crate::door::Door;
use crate::settings::ServerSettings;

/// What the settings say of bodies, and where large ones are parsed. Requests to paths that nobody guards have it as an
/// extension.
#[derive(Clone, Debug)]
pub(crate) struct ParserRules {
    /// How many bytes a body may have.
    max_body: usize,
    /// How many values and names a JSON body may have.
    pub(super) max_json_values: usize,
    pub(super) lane: Lane,
}

impl Door {
    /// How bodies are parsed.
    pub(crate) fn parser_rules(&self) -> &ParserRules {
        self.required_slot()
    }
}

impl ParserRules {
    pub(crate) fn new(settings: &ServerSettings) -> Self {
        Self {
            max_body: settings.max_body,
            max_json_values: settings.max_json_values,
            lane: Lane::default(),
        }
    }

    /// How many bytes a body may have, unless its route takes fewer.
    pub(crate) fn max_body(&self) -> usize {
        self.max_body
    }

    /// Where work on much of what a client sent is done.
    pub(crate) fn lane(&self) -> &Lane {
        &self.lane
    }
}
