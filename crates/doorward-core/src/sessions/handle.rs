//! [`Session`]: what is kept for one browser between its requests.

mod owner;

use std::fmt;
use std::sync::Arc;

use doorward_django::json::Value;
use doorward_django::sessions::{SessionData, SessionExpiry, SessionKey};
use doorward_django::timestamp::Timestamp;
use http::StatusCode;
use tokio::sync::{MappedMutexGuard, Mutex, MutexGuard};

use super::engines::{self, Engine, Kept, Writing};
use super::state::{Key, PredecessorKind, State, Unsaved};
use crate::cookies::Cookies;
use crate::door::Door;
use crate::exceptions::{ApiException, Result};
use crate::stores::Replaced;
use crate::user::UserId;

/// How many new keys are tried; one that is taken already means that chance is broken.
const ATTEMPTS: u8 = 8;

/// The session of one exchange (`django.contrib.sessions.backends.base.SessionBase`).
///
/// It is loaded when it is first asked for, and saved after the handler answered, if anything changed. All clones
/// are one session. Of two requests that change a session at once the last one to end wins.
#[derive(Clone)]
pub struct Session(Arc<Inner>);

struct Inner {
    door: Door,
    now: Timestamp,
    had_cookie: bool,
    state: Mutex<State>,
}

/// Whether anybody looked for a session before it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Looked {
    NotYet,
    Already,
}

impl Session {
    pub(crate) fn from_cookies(door: &Door, cookies: &Cookies, now: Timestamp, looked: Looked) -> Self {
        let cookie = cookies.value(&door.settings().session.cookie_name);
        let had_cookie = cookie.is_some();
        let key = cookie.map(|text| door.session_engine().key(text));
        let state = State {
            key: key.unwrap_or_default(),
            accessed: looked == Looked::Already,
            ..State::default()
        };
        Self(Arc::new(Inner {
            door: door.clone(),
            now,
            had_cookie,
            state: Mutex::new(state),
        }))
    }

    /// The value of that name.
    ///
    /// # Errors
    /// 503 or 500 where the store fails; so with every method that may have to load.
    pub async fn get(&self, name: &str) -> Result<Option<Value>> {
        Ok(self.loaded().await?.get(name).cloned())
    }

    /// Sets a value; gives the one that was there.
    ///
    /// # Errors
    /// As [`Session::get`].
    pub async fn insert(&self, name: impl Into<String>, value: impl Into<Value>) -> Result<Option<Value>> {
        let mut state = self.load().await?;
        state.touch();
        let data = state.data.get_or_insert_default();
        Ok(data.insert(name.into(), value.into()))
    }

    /// Takes a value out (`pop`).
    ///
    /// # Errors
    /// As [`Session::get`].
    pub async fn remove(&self, name: &str) -> Result<Option<Value>> {
        let mut state = self.load().await?;
        let removed = state.data.get_or_insert_default().remove(name);
        if removed.is_some() {
            state.touch();
        }
        Ok(removed)
    }

    /// Everything in it.
    ///
    /// # Errors
    /// As [`Session::get`].
    pub async fn items(&self) -> Result<SessionData> {
        Ok(self.loaded().await?.clone())
    }

    /// When it ends, where its own data says so (`set_expiry`).
    ///
    /// # Errors
    /// As [`Session::get`].
    pub async fn expiry(&self) -> Result<SessionExpiry> {
        Ok(SessionExpiry::of_local(
            &*self.loaded().await?,
            self.0.door.times().zone(),
        ))
    }

    /// Sets when it ends (`set_expiry`); [`SessionExpiry::Policy`] leaves it to the settings.
    ///
    /// # Errors
    /// As [`Session::get`].
    pub async fn set_expiry(&self, expiry: SessionExpiry) -> Result {
        let mut state = self.load().await?;
        expiry.set_local(state.data.get_or_insert_default(), self.0.door.times().zone());
        state.touch();
        Ok(())
    }

    /// The key under which it is stored; `None` before the first save, and for a session that lies in its cookie
    /// (`session.engine = "signed_cookies"`).
    pub async fn key(&self) -> Option<SessionKey> {
        self.0.state.lock().await.key.stored().cloned()
    }

    /// Whether there is neither a key nor a value. A session that nobody looked at counts as full.
    pub async fn is_empty(&self) -> bool {
        self.0.state.lock().await.is_empty()
    }

    /// Gives the same data a new key at the next save, so that a key that was known before is worth nothing
    /// (`cycle_key`).
    ///
    /// # Errors
    /// As [`Session::get`].
    pub async fn cycle_key(&self) -> Result {
        let mut state = self.load().await?;
        state.cycle_key();
        state.touch();
        Ok(())
    }

    /// As [`Session::cycle_key`], with a value that tells the same as before in a newer form. Where that cannot be saved,
    /// the session goes on as it was.
    ///
    /// # Errors
    /// 503 or 500 where the store fails.
    pub async fn renew(&self, name: &str, value: impl Into<Value>) -> Result {
        let mut state = self.load().await?;
        state.cycle_key();
        let data = state.data.get_or_insert_default();
        data.insert(name.to_owned(), value.into());
        if state.unsaved == Unsaved::Nothing {
            state.unsaved = Unsaved::Renewal;
        }
        Ok(())
    }

    /// Begins an empty session, which takes this one's place when it is saved.
    ///
    /// # Errors
    /// 503 or 500 where the store fails.
    pub async fn begin_anew(&self) -> Result {
        self.load().await?.begin_anew();
        Ok(())
    }

    /// Deletes it, at once, and begins an empty one without a key (`flush`). One that lies in its cookie goes from this
    /// browser only.
    ///
    /// # Errors
    /// 503 or 500 where the store fails.
    pub async fn flush(&self) -> Result {
        let mut state = self.0.state.lock().await;
        let predecessor = state.predecessor.as_ref().map(|row| &row.key);
        let rows = [state.key.stored(), predecessor];
        for key in rows.into_iter().flatten() {
            self.engine().delete(&self.0.door, key).await?;
        }
        *state = State {
            data: Some(SessionData::new()),
            accessed: true,
            modified: true,
            ..State::default()
        };
        Ok(())
    }

    /// Saves it now rather than after the handler: before something that cannot be undone, and is not to happen where the
    /// session cannot be saved.
    ///
    /// # Errors
    /// 400 where its row was deleted meanwhile: it is never brought back (`SessionInterrupted`); 503 or 500 where
    /// the store fails.
    pub async fn save(&self) -> Result {
        let mut state = self.load().await?;
        self.write(&mut state).await
    }

    /// Leaves the row as it is, whatever was changed since it was last saved.
    pub async fn forget_changes(&self) {
        self.0.state.lock().await.forget_changes();
    }

    /// Saves it now, and `last_login` of the user that it was opened for, in one step.
    ///
    /// # Errors
    /// As [`Session::save`].
    pub async fn save_login(&self, user: &UserId) -> Result {
        let mut state = self.load().await?;
        self.put(&mut state, Some(user)).await
    }

    /// The door that it belongs to.
    #[must_use]
    pub fn door(&self) -> &Door {
        &self.0.door
    }

    /// Whether the request brought no cookie, so that no store needs to be asked; it counts as a look all the same.
    pub(crate) fn brought_nothing(&self) -> bool {
        let Ok(mut state) = self.0.state.try_lock() else {
            return false;
        };
        let brought_nothing = !self.0.had_cookie && state.data.is_none();
        state.accessed |= brought_nothing;
        brought_nothing
    }

    pub(super) fn had_cookie(&self) -> bool {
        self.0.had_cookie
    }

    pub(super) async fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().await
    }

    async fn loaded(&self) -> Result<MappedMutexGuard<'_, SessionData>> {
        let state = self.load().await?;
        Ok(MutexGuard::map(state, |state| state.data.get_or_insert_default()))
    }

    /// The state with its data; unknown and expired keys are forgotten.
    pub(super) async fn load(&self) -> Result<MutexGuard<'_, State>> {
        let mut state = self.0.state.lock().await;
        if state.data.is_none() {
            let kept = self.engine().load(&self.0.door, &state.key, self.0.now).await?;
            state.data = Some(match kept {
                Kept::Session(data) => data,
                Kept::Nothing => {
                    state.key = Key::None;
                    SessionData::new()
                }
                Kept::Foreign => {
                    state.key = Key::Unusable;
                    SessionData::new()
                }
            });
        }
        state.accessed = true;
        Ok(state)
    }

    fn engine(&self) -> &Engine {
        self.0.door.session_engine()
    }

    pub(super) async fn write(&self, state: &mut State) -> Result {
        self.put(state, None).await
    }

    async fn put(&self, state: &mut State, opened_for: Option<&UserId>) -> Result {
        match self.engine() {
            Engine::SignedCookies => self.sign(state, opened_for).await,
            engine => self.put_under_key(engine, state, opened_for).await,
        }
    }

    /// Makes the cookie that is the session.
    async fn sign(&self, state: &mut State, opened_for: Option<&UserId>) -> Result {
        let (door, at) = (&self.0.door, self.0.door.now());
        let text = engines::sign(door, state.data.get_or_insert_default(), at)?;
        if let Some(user) = opened_for {
            door.stores().users.set_last_login(user, at).await?;
        }
        state.saved_under(Key::Itself(text));
        Ok(())
    }

    /// Writes it; under a new key where it has none. However unlikely, a key that is taken is not used.
    async fn put_under_key(&self, engine: &Engine, state: &mut State, opened_for: Option<&UserId>) -> Result {
        let door = &self.0.door;
        let data = state.data.clone().unwrap_or_default();
        for _ in 0..ATTEMPTS {
            let stored = state.key.stored().cloned();
            let key = stored.unwrap_or_else(|| SessionKey::generate(&door.random()));
            let writing = Writing {
                key: &key,
                data: &data,
                place: state.place(),
                opened_for,
                at: door.now(),
            };
            match (engine.put(door, writing).await?, &state.predecessor) {
                (Replaced::Done, _) => {
                    state.saved_under(Key::Stored(key));
                    return Ok(());
                }
                (Replaced::Gone, Some(row)) if row.kind == PredecessorKind::Another => {
                    state.predecessor = None;
                }
                (Replaced::Gone, _) => return Err(interrupted()),
                (Replaced::Taken, _) => {}
            }
        }
        Err(ApiException::server_error("every new session key is taken"))
    }
}

/// `django.contrib.sessions.exceptions.SessionInterrupted`.
fn interrupted() -> ApiException {
    let detail = "The request's session was deleted before the request completed. \
                  The user may have logged out in a concurrent request, for example.";
    ApiException::new(StatusCode::BAD_REQUEST, "session_interrupted", detail)
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session(…)")
    }
}
