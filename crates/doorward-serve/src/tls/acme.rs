//! Certificates from an authority: when one is due, and how it is obtained (RFC 8555).

mod account;
mod folder;

use std::sync::Arc;
use std::time::Duration;

use doorward_core::clock::{Clock, SystemClock};
use doorward_core::settings::{AcmeSettings, SettingsError};
use doorward_django::timestamp::Timestamp;
use instant_acme::{
    AuthorizationStatus, ChallengeType, Identifier, NewOrder, Order, OrderStatus, RetryPolicy,
};
use rustls::client::verify_server_name;
use rustls::pki_types::ServerName;
use rustls::server::ParsedCertificate;

use super::challenge::{Challenges, proof};
use super::pair::{Files, Pair};
use folder::Folder;

/// How often it is seen whether a certificate is due.
const PERIOD: Duration = Duration::from_secs(60 * 60);

/// The first pause after a failure; each is twice as long as the last, up to `PERIOD`. Authorities count failures.
const PAUSE: Duration = Duration::from_secs(60);

/// How long the authority may take for one step.
const STEP: RetryPolicy = RetryPolicy::new().timeout(Duration::from_secs(120));

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Who looks after a certificate from an authority.
#[derive(Debug)]
pub(super) struct Acme {
    settings: AcmeSettings,
    folder: Folder,
    challenges: Arc<Challenges>,
}

impl Acme {
    pub(super) fn new(settings: AcmeSettings, challenges: Arc<Challenges>) -> Self {
        let folder = Folder::new(&settings);
        Self {
            settings,
            folder,
            challenges,
        }
    }

    /// Makes the folder that keeps them, where it is missing.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub(super) async fn prepare(&self) -> Result<(), SettingsError> {
        let folder = self.folder.clone();
        let made = tokio::task::spawn_blocking(move || folder.make()).await;
        let made = made.unwrap_or_else(|_| Err("the program is ending".to_owned()));
        made.map_err(|problem| SettingsError::new("server.acme.cache_dir", problem))
    }

    /// Where the certificate and its key are, in one file.
    pub(super) fn files(&self) -> Files {
        let file = self.folder.certificate();
        Files::at(file.clone(), file)
    }

    /// Obtains certificates for as long as the server runs; who looks after the files takes them over.
    pub(super) async fn run(self) {
        let mut pause = PAUSE;
        loop {
            if !self.is_due().await {
                tokio::time::sleep(PERIOD).await;
                continue;
            }
            match self.obtain().await {
                Ok(()) => pause = PAUSE,
                Err(error) => {
                    tracing::error!(error.cause = %error, retry_s = pause.as_secs(), "no certificate could be obtained");
                    tokio::time::sleep(pause).await;
                    pause = PERIOD.min(pause * 2);
                }
            }
            self.challenges.clear();
        }
    }

    async fn is_due(&self) -> bool {
        let files = self.files();
        let found = tokio::task::spawn_blocking(move || files.load(None)).await;
        let pair = found.ok().flatten().and_then(|found| found.pair.ok());
        pair.is_none_or(|pair| is_old(&pair, SystemClock.now()) || !self.is_covered(&pair))
    }

    /// Whether a certificate is for all the names.
    fn is_covered(&self, pair: &Pair) -> bool {
        let certificate = pair.key.end_entity_cert().ok().map(ParsedCertificate::try_from);
        let Some(Ok(certificate)) = certificate else {
            return false;
        };
        self.settings.domains.iter().all(|name| {
            ServerName::try_from(name.as_str())
                .is_ok_and(|name| verify_server_name(&certificate, &name).is_ok())
        })
    }

    async fn obtain(&self) -> Result<(), Failure> {
        let account = account::open(&self.settings, &self.folder).await?;
        let names: Vec<_> = self
            .settings
            .domains
            .iter()
            .cloned()
            .map(Identifier::Dns)
            .collect();
        let mut order = account.new_order(&NewOrder::new(&names)).await?;
        self.prove(&mut order).await?;
        if order.poll_ready(&STEP).await? != OrderStatus::Ready {
            return Err(refusal(&mut order).await);
        }
        let key = order.finalize().await?;
        let chain = order.poll_certificate(&STEP).await?;
        self.folder.keep_certificate(chain + &key).await?;
        Ok(())
    }

    /// Lays out a proof of each name, and asks the authority to come and look.
    async fn prove(&self, order: &mut Order) -> Result<(), Failure> {
        let mut authorizations = order.authorizations();
        while let Some(authorization) = authorizations.next().await {
            let mut authorization = authorization?;
            if authorization.status == AuthorizationStatus::Valid {
                continue;
            }
            let mut challenge = authorization
                .challenge(ChallengeType::TlsAlpn01)
                .ok_or("the authority does not offer TLS-ALPN-01")?;
            let name = challenge.identifier().to_string();
            let proof = proof(&name, challenge.key_authorization().digest().as_ref())?;
            self.challenges.add(&name, proof);
            challenge.set_ready().await?;
        }
        Ok(())
    }
}

/// A certificate is renewed when two thirds of its time are over.
fn is_old(pair: &Pair, now: Timestamp) -> bool {
    let lifetime = pair.validity.not_after.since(pair.validity.not_before);
    now > pair.validity.not_before.saturating_add(lifetime * 2 / 3)
}

/// What the authority found wrong, for the log.
async fn refusal(order: &mut Order) -> Failure {
    let mut told = "the authority refuses the order".to_owned();
    let mut authorizations = order.authorizations();
    while let Some(Ok(mut authorization)) = authorizations.next().await {
        let name = authorization.identifier().to_string();
        let Ok(state) = authorization.refresh().await else {
            continue;
        };
        for error in state
            .challenges
            .iter()
            .filter_map(|challenge| challenge.error.as_ref())
        {
            told = format!("{told}; {name}: {error}");
        }
    }
    told.into()
}
