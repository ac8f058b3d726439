//! `[server]`: where the server listens, what it allows its clients, and how long it waits for them.

mod acme;
mod limits;
mod periods;

use std::sync::Arc;

use crate::app::{App, Installed, Site};
use crate::parsers::ParserRules;
use crate::settings::validate::listener::check_address;
use crate::settings::{Findings, ServerSettings, SettingsErrors};

/// What serves requests; of its settings the door itself needs what they say of bodies.
pub(crate) struct Server;

impl App for Server {
    type Settings = ServerSettings;
    type State = ParserRules;

    fn resolve(settings: ServerSettings, _: &Site<'_>) -> Result<ParserRules, SettingsErrors> {
        Findings::of(|found| {
            check_address("server.bind", &settings.bind, found);
            tls(&settings, found);
            acme::check(&settings, found);
            limits::check(&settings, found);
            periods::check(&settings, found);
            Some(ParserRules::new(&settings))
        })
    }

    fn install(state: &Arc<ParserRules>, to: &mut Installed) {
        to.keep(state);
    }
}

/// A certificate is of no use without its key, nor a key without its certificate.
fn tls(server: &ServerSettings, found: &mut Findings) {
    let (cert, key) = (&server.tls_cert, &server.tls_key);
    found.require(key.is_none() || cert.is_some(), "server.tls_cert", || {
        "it is missing, and `server.tls_key` is set; name the file with the key's certificate, as PEM"
            .to_owned()
    });
    found.require(cert.is_none() || key.is_some(), "server.tls_key", || {
        "it is missing, and `server.tls_cert` is set; name the file with the certificate's key, as PEM"
            .to_owned()
    });
}
