//! Users whom the server in front of us vouches for (`[remote_user]`; Django's `REMOTE_USER`).

mod authentication;
mod settings;

use std::net::IpAddr;
use std::sync::Arc;

use doorward_core::app::{App, Installed, Site};
use doorward_core::context::Context;
use doorward_core::settings::header::header_name;
use doorward_core::settings::{Findings, SettingsError, SettingsErrors};
use doorward_django::client_ident::Network;
use http::HeaderName;

pub use authentication::{RemoteUser, RemoteUserAuthentication};
pub use settings::RemoteUserSettings;

/// Whose header is believed, and what becomes of unknown names.
#[derive(Debug)]
pub(crate) struct RemoteUsers {
    header: Option<HeaderName>,
    trusted_peers: Vec<Network>,
    unknown: Unknown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unknown {
    Create,
    Anonymous,
}

impl App for RemoteUsers {
    type Settings = RemoteUserSettings;
    type State = Self;

    fn resolve(settings: RemoteUserSettings, _: &Site<'_>) -> Result<Self, SettingsErrors> {
        Findings::of(|found| Self::of(&settings, found))
    }

    fn install(_: &Arc<Self>, to: &mut Installed) {
        to.authenticator("remote-user", RemoteUserAuthentication);
    }
}

impl RemoteUsers {
    /// The rules of the settings; each thing that is wrong with them is told by itself.
    fn of(settings: &RemoteUserSettings, found: &mut Findings) -> Option<Self> {
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
