//! `runserver --tls-self-signed`: a certificate for this machine, for development.
//!
//! The pair is made once and used again, so that a browser has to be told only once.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use doorward::clock::{Clock, SystemClock};
use doorward::command::{Console, Failure};
use doorward::django::secret::Secret;
use doorward::first_run::is_loopback;
use doorward::secret_files;
use doorward::settings::{Loaded, Loader, Settings};
use rcgen::{CertificateParams, DnType, ExtendedKeyUsagePurpose, KeyPair, date_time_ymd};
use sha2::{Digest, Sha256};

/// The certificate, in the working directory.
pub(crate) const CERTIFICATE: &str = "doorward-tls.crt";

/// Its key.
pub(crate) const KEY: &str = "doorward-tls.key";

const OPTION: &str = "--tls-self-signed";

/// As long as browsers believe a certificate that their user trusts.
const LIFETIME: Duration = Duration::from_secs(825 * 24 * 60 * 60);

/// For clocks that are a little behind.
const BACKDATED: Duration = Duration::from_secs(60 * 60);

/// Whether such a certificate fits the settings.
pub(crate) fn check(loaded: &Loaded) -> Result<(), Failure> {
    let bind = &loaded.settings().server.bind;
    if loaded.sets("server.tls_cert") || loaded.sets("server.tls_key") {
        return Err(refused(
            "`server.tls_cert` and `server.tls_key` are set: leave out one or the other",
        ));
    }
    if !is_loopback(bind) {
        return Err(refused(&format!(
            "others than this machine can reach `{bind}`, and cannot tell whose certificate it is; set \
             `server.tls_cert` and `server.tls_key`"
        )));
    }
    Ok(())
}

/// The settings with the pair of this folder, which is made where it is missing.
pub(crate) fn settings(loader: Loader, bind: &str) -> Result<Loader, Failure> {
    make(bind)?;
    let loader = loader.set("server.tls_cert", CERTIFICATE, OPTION);
    Ok(loader.set("server.tls_key", KEY, OPTION))
}

/// Whether those settings name that pair.
pub(crate) fn is_used(settings: &Settings) -> bool {
    settings.server.tls_cert.as_deref() == Some(CERTIFICATE)
}

/// Says where the server is, where this is no first run.
pub(crate) fn welcome(base: &str, console: &mut Console) -> Result<(), Failure> {
    console.say(format_args!("Doorward is ready at {base}/\n"))?;
    console.say(format_args!("  certificate  {CERTIFICATE}, signed by itself"))?;
    console.say(format_args!("  SHA-256      {}\n", own_fingerprint()?))
}

/// The fingerprint of the certificate of this folder.
pub(crate) fn own_fingerprint() -> Result<String, Failure> {
    fingerprint(Path::new(CERTIFICATE))
}

/// The key is there before its certificate: a run that is cut off here is taken up by the next one.
fn make(bind: &str) -> Result<(), Failure> {
    let key = secret_files::read_or_make(Path::new(KEY), new_key)?;
    if Path::new(CERTIFICATE).exists() {
        return Ok(());
    }
    let unusable =
        |error: rcgen::Error| Failure::settings(format!("{KEY}: {error}; remove it, and a new one is made"));
    let key = KeyPair::from_pem(key.expose()).map_err(unusable)?;
    let pem = certificate(bind).self_signed(&key).map_err(unusable)?.pem();
    secret_files::read_or_make(Path::new(CERTIFICATE), || Secret::new(pem))?;
    Ok(())
}

fn new_key() -> Secret<String> {
    let key = KeyPair::generate().expect("AWS-LC makes P-256 keys");
    Secret::new(key.serialize_pem().trim_end().to_owned())
}

fn certificate(bind: &str) -> CertificateParams {
    let mut params = CertificateParams::new(names(bind)).expect("each is a name or an address");
    params
        .distinguished_name
        .push(DnType::CommonName, "Doorward, for development");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    let micros = u64::try_from(SystemClock.now().as_micros()).unwrap_or(0);
    let now = date_time_ymd(1970, 1, 1) + Duration::from_micros(micros);
    (params.not_before, params.not_after) = (now - BACKDATED, now + LIFETIME);
    params
}

/// The usual names of this machine, and the address where it is an unusual one, such as 127.9.9.9.
fn names(bind: &str) -> Vec<String> {
    let mut names = ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec();
    let host = bind.parse().map(|address: SocketAddr| address.ip().to_string());
    names.extend(host.ok().filter(|host| !names.contains(host)));
    names
}

/// As OpenSSL and browsers show it.
fn fingerprint(path: &Path) -> Result<String, Failure> {
    let text = fs::read_to_string(path)?;
    let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    let der = STANDARD.decode(body).map_err(|_| {
        Failure::settings(format!(
            "{}: it is no certificate; remove it, and a new one is made",
            path.display()
        ))
    })?;
    let bytes: Vec<_> = Sha256::digest(der)
        .iter()
        .map(|byte| format!("{byte:02X}"))
        .collect();
    Ok(bytes.join(":"))
}

fn refused(problem: &str) -> Failure {
    Failure::settings(format!("{OPTION}: {problem}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_has_the_names_of_this_machine_once() {
        let usual = ["localhost", "127.0.0.1", "::1"];
        for bind in ["127.0.0.1:8000", "[::1]:8000", "localhost:8000"] {
            assert_eq!(names(bind), usual, "{bind}");
        }
        assert_eq!(names("127.9.9.9:1"), [usual.as_slice(), &["127.9.9.9"]].concat());
    }
}
