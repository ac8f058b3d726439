//! [`RemoteUserAuthentication`]: the server in front of us knows who is calling.

mod settings;

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;

use doorward_django::bounds;
use doorward_django::client_ident::Network;
use http::{HeaderName, HeaderValue};

use crate::accounts;
use crate::answer::Answer;
use crate::authentication::Authenticator;
use crate::context::Context;
use crate::door::Door;
use crate::exceptions::Result;
use crate::identity::{Auth, Identity};
use crate::settings::header::header_name;
use crate::settings::{Findings, SettingsError};
use crate::signals::Event;
use crate::user::UserRow;

pub use settings::RemoteUserSettings;

/// The user that somebody else vouches for (`rest_framework.authentication.RemoteUserAuthentication`).
///
/// Believed are a [`RemoteUser`] that code of this process attached to the request, and the header of the settings
/// (`[remote_user]`), from the networks that stand there. Everybody else's header is as if it were not there. Unknown
/// names are made users where the settings say so (`RemoteUserBackend.create_unknown_user`).
#[derive(Clone, Copy, Debug, Default)]
pub struct RemoteUserAuthentication;

impl Authenticator for RemoteUserAuthentication {
    fn authenticate<'a>(&'a self, cx: &'a Context<'a>) -> Answer<'a, Result<Option<Identity>>> {
        let name = match cx.extension::<RemoteUser>() {
            Some(RemoteUser(name)) => Some(Cow::Borrowed(name.as_str())),
            None => cx.door().remote_user().name(cx).map(Cow::Owned),
        };
        match name.filter(|name| !name.is_empty() && !name.contains('\0') && bounds::is_name(name)) {
            None => Answer::ready(Ok(None)),
            Some(name) => Answer::pending(async move { identify(cx, &name).await }),
        }
    }

    fn challenge(&self, _: &Door) -> Option<HeaderValue> {
        None
    }
}

/// The name that the server in front of us vouches for, as an extension of the request.
#[derive(Clone, Debug)]
pub struct RemoteUser(pub String);

/// Whose header is believed, and what becomes of unknown names.
#[derive(Debug)]
pub(crate) struct RemoteUserRules {
    header: Option<HeaderName>,
    trusted_peers: Vec<Network>,
    unknown: Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unknown {
    Create,
    Anonymous,
}

impl Door {
    /// Whose header is believed.
    fn remote_user(&self) -> &RemoteUserRules {
        self.required_slot()
    }
}

impl RemoteUserRules {
    /// The rules of the settings; each thing that is wrong with them is told by itself.
    pub(crate) fn resolve(settings: &RemoteUserSettings, found: &mut Findings) -> Option<Self> {
        let header = found.note(settings.header.as_deref().map(header).transpose());
        let trusted_peers = found.note(networks(&settings.trusted_peers));
        Some(Self {
            header: header?,
            trusted_peers: trusted_peers?,
            unknown: match settings.create_unknown_user {
                true => Unknown::Create,
                false => Unknown::Anonymous,
            },
        })
    }

    /// The name in the header of a trusted peer; of several headers none is believed, for one may be the client's own.
    fn name(&self, cx: &Context<'_>) -> Option<String> {
        let mut values = cx.headers().get_all(self.header.as_ref()?).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return None;
        };
        if !self.trusts(cx.peer()?.ip()) {
            tracing::warn!(net.peer = %cx.peer()?.ip(), "a remote user named by an untrusted peer is not believed");
            return None;
        }
        let name = std::str::from_utf8(value.as_bytes()).ok()?;
        Some(name.trim().to_owned())
    }

    fn trusts(&self, peer: IpAddr) -> bool {
        self.trusted_peers.iter().any(|network| network.contains(peer))
    }
}

/// `RemoteUserBackend.authenticate`.
async fn identify(cx: &Context<'_>, name: &str) -> Result<Option<Identity>> {
    let user = find(cx.door(), name).await?.filter(|user| user.is_active);
    if user.is_none() {
        accounts::log_failed_login(Some(cx), &[]);
        let event = Event::login_failed([("remote_user", name)], cx.client());
        cx.door().emit(&event).await;
    }
    Ok(user.map(|user| Identity {
        user: user.into(),
        auth: Auth::RemoteUser,
    }))
}

/// A name that no column can hold is nobody's.
async fn find(door: &Door, name: &str) -> Result<Option<Arc<UserRow>>> {
    match door.remote_user().unknown {
        Unknown::Anonymous => Ok(door.stores().users.by_username(name).await?),
        Unknown::Create => match accounts::get_or_create_user(door, name).await {
            Err(refused) if refused.status().is_client_error() => Ok(None),
            found => found.map(Some),
        },
    }
}

fn header(name: &str) -> Result<HeaderName, SettingsError> {
    header_name(name).ok_or_else(|| {
        let problem = format!(
            "`{}` is no name of a header, such as X-Remote-User",
            name.escape_debug()
        );
        SettingsError::new("remote_user.header", problem)
    })
}

fn networks(texts: &[String]) -> Result<Vec<Network>, SettingsError> {
    let parse = |text: &String| {
        text.parse().map_err(|error| {
            let problem = format!("`{}`: {error}; write 10.0.0.0/8 or ::1", text.escape_debug());
            SettingsError::new("remote_user.trusted_peers", problem)
        })
    };
    texts.iter().map(parse).collect()
}
