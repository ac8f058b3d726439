//! [`to_its_end`]: what is done in several steps goes on where the client hangs up.

use doorward_django::sessions::{SessionData, SessionKey};
use doorward_django::timestamp::Timestamp;
use tracing::Instrument;

use super::Writing;
use crate::exceptions::{ApiException, Result};
use crate::stores::SessionPlace;
use crate::user::UserId;

/// Does that work in a task of its own. Half of it would leave a session in the cache that the table has not, or a key that its
/// browser never heard of.
pub(super) async fn to_its_end<T: Send + 'static>(
    work: impl Future<Output = Result<T>> + Send + 'static,
) -> Result<T> {
    let done = tokio::spawn(work.in_current_span()).await;
    done.map_err(ApiException::server_error)?
}

/// A [`Writing`] that belongs to nobody else.
pub(super) struct Saving {
    key: SessionKey,
    data: SessionData,
    place: Place,
    opened_for: Option<UserId>,
    at: Timestamp,
}

/// A [`SessionPlace`] of its own.
enum Place {
    New,
    Same,
    Of(String),
}

impl Saving {
    pub(super) fn of(writing: Writing<'_>) -> Self {
        Self {
            key: writing.key.clone(),
            data: writing.data.clone(),
            place: match writing.place {
                SessionPlace::New => Place::New,
                SessionPlace::Same => Place::Same,
                SessionPlace::Of(old) => Place::Of(old.to_owned()),
            },
            opened_for: writing.opened_for.cloned(),
            at: writing.at,
        }
    }

    pub(super) fn writing(&self) -> Writing<'_> {
        Writing {
            key: &self.key,
            data: &self.data,
            place: match &self.place {
                Place::New => SessionPlace::New,
                Place::Same => SessionPlace::Same,
                Place::Of(old) => SessionPlace::Of(old),
            },
            opened_for: self.opened_for.as_ref(),
            at: self.at,
        }
    }
}
