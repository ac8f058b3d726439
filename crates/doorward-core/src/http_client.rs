//! [`HttpClient`]: how a door asks other services, for their public keys and what a token is worth.
//!
//! This crate opens no connection. `doorward` has a client of its own behind the feature `jwks-client`; any other
//! one is a client too, once the trait is implemented for a type around it.

use std::error::Error;
use std::fmt::Debug;

use bytes::Bytes;
use http::{Request, Response, Uri};

use crate::answer::Answer;
use crate::settings::SettingsError;

/// Why there is no answer; for the log.
pub type HttpError = Box<dyn Error + Send + Sync>;

/// Sends requests.
///
/// Whoever implements it bounds the time and the size of an answer, verifies certificates, and follows no redirects:
/// what is asked decides who is let in.
pub trait HttpClient: Debug + Send + Sync {
    /// The answer to a request, whatever its status.
    fn send(&self, request: Request<Bytes>) -> Answer<'_, Result<Response<Bytes>, HttpError>>;
}

/// The address of a service whose word is believed: `https`, or `http` on this machine.
///
/// # Errors
/// That it is none; `key` names it.
pub fn trusted_url(key: &str, text: &str) -> Result<Uri, SettingsError> {
    let url = text.parse::<Uri>().ok().filter(is_trusted);
    url.ok_or_else(|| {
        let problem =
            "is no address to be believed; it starts with `https://`, or with `http://` and a loopback name";
        SettingsError::new(key, problem)
    })
}

fn is_trusted(url: &Uri) -> bool {
    let Some(host) = url.host() else {
        return false;
    };
    match url.scheme_str() {
        Some("https") => true,
        Some("http") => is_loopback(host),
        _ => false,
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_cannot_be_tampered_with_is_believed() {
        for good in [
            "https://id.example/.well-known/jwks.json",
            "http://127.0.0.1:8000/keys",
            "http://[::1]/keys",
            "http://localhost:1",
        ] {
            assert!(trusted_url("k", good).is_ok(), "{good}");
        }
        for bad in [
            "",
            "/keys",
            "id.example/keys",
            "http://id.example/keys",
            "http://localhost.example/keys",
            "http://127.0.0.1.example/keys",
            "ftp://localhost/keys",
            "file:///etc/passwd",
            "https://",
        ] {
            assert!(trusted_url("k", bad).is_err(), "{bad}");
        }
    }
}
