//! What a session of one exchange is made of.

use doorward_django::secret::Secret;
use doorward_django::sessions::{SessionData, SessionKey};

use crate::stores::SessionPlace;

/// The session's key, its data once loaded, and what is to be done at the end.
#[derive(Default)]
pub(super) struct State {
    pub(super) key: Key,
    /// `None` until somebody asks.
    pub(super) data: Option<SessionData>,
    /// The row that the next save takes the place of.
    pub(super) predecessor: Option<Predecessor>,
    /// Whether anybody looked: the answer then varies with the cookie.
    pub(super) accessed: bool,
    /// Whether anything changed: the cookie is then set anew.
    pub(super) modified: bool,
    /// What no row holds yet.
    pub(super) unsaved: Unsaved,
    /// Whether this exchange has written a row already.
    pub(super) was_written: bool,
}

/// A row that another takes the place of.
#[derive(Clone)]
pub(super) struct Predecessor {
    pub(super) key: SessionKey,
    pub(super) kind: PredecessorKind,
}

/// What the row that goes has to do with the one that comes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum PredecessorKind {
    /// It was the same session, which is not brought back once it is deleted.
    Same,
    /// It was another's; who deletes it meanwhile is in nobody's way.
    Another,
}

/// What no row holds yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Unsaved {
    /// Nothing.
    #[default]
    Nothing,
    /// The same session in newer clothes: where it cannot be saved, the old row is as good.
    Renewal,
    /// What the answer relies on.
    Change,
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
    /// Under none: the cookie's text is the session itself, signed.
    Itself(Secret<String>),
}

impl Key {
    /// Text of eight characters or more may be a key (`SessionBase._validate_session_key`).
    pub(super) fn from_cookie(text: &str) -> Self {
        match SessionKey::parse(text) {
            Some(key) => Self::Stored(key),
            None if is_long_enough(text) => Self::Unusable,
            None => Self::None,
        }
    }

    /// The same, for a text that is the session itself.
    pub(super) fn of_itself(text: String) -> Self {
        match is_long_enough(&text) {
            true => Self::Itself(Secret::new(text)),
            false => Self::None,
        }
    }

    pub(super) fn stored(&self) -> Option<&SessionKey> {
        match self {
            Self::Stored(key) => Some(key),
            Self::None | Self::Unusable | Self::Itself(_) => None,
        }
    }

    /// What the cookie says.
    pub(super) fn cookie(&self) -> Option<&str> {
        match self {
            Self::Stored(key) => Some(key.as_str()),
            Self::Itself(text) => Some(text.expose()),
            Self::None | Self::Unusable => None,
        }
    }
}

fn is_long_enough(text: &str) -> bool {
    text.chars().nth(7).is_some()
}

impl State {
    /// Neither a key nor data (`SessionBase.is_empty`); what was not looked at is not known to be empty.
    pub(super) fn is_empty(&self) -> bool {
        let no_key = matches!(self.key, Key::None) && self.predecessor.is_none();
        no_key && self.data.as_ref().is_none_or(SessionData::is_empty)
    }

    /// Back to what the row says, as far as the rest of the exchange is concerned.
    pub(super) fn forget_changes(&mut self) {
        if let Some(old) = self.predecessor.take() {
            self.key = Key::Stored(old.key);
        }
        self.data = None;
        self.modified = false;
        self.unsaved = Unsaved::Nothing;
    }

    /// Whether this exchange has written all that it says.
    pub(super) fn is_saved(&self) -> bool {
        self.was_written && self.unsaved == Unsaved::Nothing
    }

    /// Where its row goes.
    pub(super) fn place(&self) -> SessionPlace<'_> {
        match (self.key.stored(), &self.predecessor) {
            (Some(_), _) => SessionPlace::Same,
            (None, Some(old)) => SessionPlace::Of(old.key.as_str()),
            (None, None) => SessionPlace::New,
        }
    }

    pub(super) fn saved_under(&mut self, key: Key) {
        self.key = key;
        self.predecessor = None;
        self.unsaved = Unsaved::Nothing;
        self.was_written = true;
    }

    pub(super) fn touch(&mut self) {
        self.modified = true;
        self.unsaved = Unsaved::Change;
    }

    /// The same data under a new key, at the next save. What is its own key gets another with each.
    pub(super) fn cycle_key(&mut self) {
        self.key = match std::mem::take(&mut self.key) {
            Key::Stored(key) => {
                let kind = PredecessorKind::Same;
                self.predecessor = Some(Predecessor { key, kind });
                Key::None
            }
            Key::Itself(text) => Key::Itself(text),
            Key::None | Key::Unusable => Key::None,
        };
        self.modified = true;
    }

    /// An empty session under a new key; at the next save it takes the place of this one, which is another's.
    pub(super) fn begin_anew(&mut self) {
        self.cycle_key();
        if let Some(predecessor) = &mut self.predecessor {
            predecessor.kind = PredecessorKind::Another;
        }
        self.data = Some(SessionData::new());
        self.touch();
    }
}
