//! What a session of one exchange is made of.

use doorward_django::sessions::{SessionData, SessionKey};

/// The session's key, its data once loaded, and what is to be done at the end.
#[derive(Default)]
pub(super) struct State {
    pub(super) key: Key,
    /// `None` until somebody asks.
    pub(super) data: Option<SessionData>,
    /// The row that the next save takes the place of.
    pub(super) predecessor: Option<SessionKey>,
    /// Whether anybody looked: the answer then varies with the cookie.
    pub(super) accessed: bool,
    /// Whether anything changed: the cookie is then set anew.
    pub(super) modified: bool,
    /// Whether there is a change that no row holds yet.
    pub(super) unsaved: bool,
}

/// Under which key the session is stored.
#[derive(Default)]
pub(super) enum Key {
    /// Under none yet.
    #[default]
    None,
    /// The cookie holds a text under which no store keeps anything. Django finds out when it looks.
    Unusable,
    /// Under this one, as far as known.
    Stored(SessionKey),
}

impl Key {
    /// Text of eight characters or more may be a key (`SessionBase._validate_session_key`).
    pub(super) fn from_cookie(text: &str) -> Self {
        match SessionKey::parse(text) {
            Some(key) => Self::Stored(key),
            None if text.chars().count() >= 8 => Self::Unusable,
            None => Self::None,
        }
    }

    pub(super) fn stored(&self) -> Option<&SessionKey> {
        match self {
            Self::Stored(key) => Some(key),
            Self::None | Self::Unusable => None,
        }
    }
}

impl State {
    /// Neither a key nor data (`SessionBase.is_empty`); what was not looked at is not known to be empty.
    pub(super) fn is_empty(&self) -> bool {
        let no_key = matches!(self.key, Key::None) && self.predecessor.is_none();
        no_key && self.data.as_ref().is_none_or(SessionData::is_empty)
    }

    pub(super) fn touch(&mut self) {
        self.modified = true;
        self.unsaved = true;
    }
}
