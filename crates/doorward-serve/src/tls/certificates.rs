//! [`Certificates`]: the certificate in force, taken over anew when its files change.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use doorward_core::clock::{Clock, SystemClock};
#[cfg(feature = "acme")]
use doorward_core::settings::AcmeSettings;
use doorward_core::settings::SettingsError;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use tokio::task::JoinSet;

#[cfg(feature = "acme")]
use super::acme::Acme;
#[cfg(feature = "acme")]
use super::challenge::Challenges;
use super::pair::{Files, Found, Pair};
use crate::error::{Error, Result};
use crate::wake::{Cause, Wake};

/// The certificate that new connections are shown. Open connections keep theirs.
#[derive(Debug)]
pub(super) struct Certificates {
    current: ArcSwapOption<CertifiedKey>,
    #[cfg(feature = "acme")]
    challenges: Arc<Challenges>,
}

/// What looks after the files until it is dropped.
pub(super) type Watch = JoinSet<()>;

impl Certificates {
    /// The certificate of those files. They are read again every five seconds, and at once at SIGHUP.
    pub(super) async fn open(files: Files) -> Result<(Arc<Self>, Watch)> {
        let wake = Wake::new().map_err(Error::Signals)?;
        let found = load(&files, None).await.ok_or_else(unread)?;
        let pair = found.pair?;
        tell(&pair);
        let certificates = Arc::new(Self {
            current: ArcSwapOption::from(Some(pair.key)),
            #[cfg(feature = "acme")]
            challenges: Arc::default(),
        });
        let kept = Arc::clone(&certificates);
        let mut watch = JoinSet::new();
        watch.spawn(async move { kept.look_after(files, wake, found.seen).await });
        Ok((certificates, watch))
    }

    /// The certificate that an authority gave, or gives as soon as it can. Until then no handshake succeeds.
    #[cfg(feature = "acme")]
    pub(super) async fn obtain(settings: AcmeSettings) -> Result<(Arc<Self>, Watch)> {
        let wake = Wake::new().map_err(Error::Signals)?;
        let challenges = Arc::new(Challenges::default());
        let acme = Acme::new(settings, Arc::clone(&challenges));
        acme.prepare().await?;
        let files = acme.files();
        let found = load(&files, None).await.ok_or_else(unread)?;
        let current = ArcSwapOption::from(found.pair.ok().map(|pair| pair.key));
        let certificates = Arc::new(Self { current, challenges });
        let kept = Arc::clone(&certificates);
        let mut watch = JoinSet::new();
        watch.spawn(async move { kept.look_after(files, wake, found.seen).await });
        watch.spawn(acme.run());
        Ok((certificates, watch))
    }

    async fn look_after(&self, files: Files, mut wake: Wake, mut known: u64) {
        loop {
            let known_of = match wake.next().await {
                Cause::Period => Some(known),
                Cause::Asked => None,
            };
            let Some(found) = load(&files, known_of).await else {
                continue;
            };
            match (found.seen == known, &found.pair) {
                (true, Ok(_)) => tracing::info!("SIGHUP: the certificate was read again, and is the same"),
                _ => {
                    known = found.seen;
                    self.take_over(found);
                }
            }
        }
    }

    fn take_over(&self, found: Found) {
        match found.pair {
            Ok(pair) => {
                tracing::info!(not_after = %pair.validity.not_after.to_iso(), "the certificate was loaded anew");
                tell(&pair);
                self.current.store(Some(pair.key));
            }
            Err(error) => {
                tracing::error!(error.cause = %error, "the certificate cannot be loaded; the one at hand stays");
            }
        }
    }
}

impl ResolvesServerCert for Certificates {
    #[cfg_attr(
        not(feature = "acme"),
        expect(unused_variables, reason = "one certificate is for every name")
    )]
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        #[cfg(feature = "acme")]
        if Challenges::are_asked_for(&hello) {
            return self.challenges.find(&hello);
        }
        self.current.load_full()
    }
}

/// What the files hold now, where it is not what is known; read off the async threads.
async fn load(files: &Files, known: Option<u64>) -> Option<Found> {
    let files = files.clone();
    let read = tokio::task::spawn_blocking(move || files.load(known)).await;
    read.ok().flatten()
}

/// Only where the runtime ends meanwhile.
fn unread() -> SettingsError {
    SettingsError::new("server.tls_cert", "it could not be read: the program is ending")
}

/// Clients refuse what has expired: that is told, and served all the same.
fn tell(pair: &Pair) {
    let (now, validity) = (SystemClock.now(), pair.validity);
    if validity.not_after < now {
        let not_after = validity.not_after.to_iso();
        tracing::warn!(%not_after, "the certificate has expired: clients will refuse it; renew it");
    } else if validity.not_before > now {
        let not_before = validity.not_before.to_iso();
        tracing::warn!(%not_before, "the certificate is not valid yet: clients will refuse it");
    }
}
