//! Certificates and keys in files: which are taken, and what is said of the others.

use std::fs;
use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use doorward_serve::Error;
use rcgen::{KeyPair, PKCS_ED25519, PKCS_RSA_SHA256, date_time_ymd};
use rustls::version::TLS13;

use crate::pki::Pki;
use crate::site::{Site, settings};

/// What is said of a pair that is refused.
async fn refusal(cert: &Path, key: &Path) -> String {
    match Site::open(&settings(cert, key)).await {
        Err(error @ Error::Settings(_)) => error.to_string(),
        Err(error) => panic!("not told as a wrong setting: {error}"),
        Ok(_) => panic!("taken"),
    }
}

/// What lies inside of a PKCS#8 key, after as many bytes: a PKCS#1 or SEC1 key.
fn inside(key: &KeyPair, start: usize, label: &str) -> String {
    let der = key.serialize_der();
    format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        STANDARD.encode(&der[start..])
    )
}

#[tokio::test]
async fn keys_of_every_form_are_taken() {
    let pki = Pki::new();
    let (ecdsa, rsa) = (
        KeyPair::generate().unwrap(),
        KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap(),
    );
    let ed25519 = KeyPair::generate_for(&PKCS_ED25519).unwrap();
    let cases = [
        ("PKCS#8 ECDSA", &ecdsa, ecdsa.serialize_pem()),
        ("PKCS#8 RSA", &rsa, rsa.serialize_pem()),
        ("PKCS#8 Ed25519", &ed25519, ed25519.serialize_pem()),
        ("PKCS#1", &rsa, inside(&rsa, 26, "RSA PRIVATE KEY")),
        ("SEC1", &ecdsa, inside(&ecdsa, 29, "EC PRIVATE KEY")),
    ];
    for (form, key, text) in cases {
        let (cert, _) = pki.pair_with(key, |_| {});
        let (cert, key) = (pki.write("cert.pem", &cert), pki.write("key.pem", &text));
        let site = Site::open(&settings(&cert, &key)).await;
        let site = site.unwrap_or_else(|error| panic!("{form}: {error}"));
        site.get(pki.client(&[&TLS13], &[]))
            .await
            .unwrap_or_else(|error| panic!("{form}: {error}"));
    }
}

#[tokio::test]
async fn a_key_of_another_certificate_is_told() {
    let pki = Pki::new();
    let (cert, _) = pki.renew();
    let key = pki.write("other.pem", &pki.pair().1);
    let error = refusal(&cert, &key).await;
    let (cert, key) = (cert.display(), key.display());
    let start = format!("server.tls_key: {key}: it is not the key of the first certificate in {cert}; ");
    assert!(error.starts_with(&start), "{error}");
}

#[tokio::test]
async fn encrypted_keys_are_told() {
    let pki = Pki::new();
    let (cert, _) = pki.renew();
    let body = "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAh";
    let cases = [
        format!("-----BEGIN ENCRYPTED PRIVATE KEY-----\n{body}\n-----END ENCRYPTED PRIVATE KEY-----\n"),
        format!(
            "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n{body}\n-----END \
             RSA PRIVATE KEY-----\n"
        ),
    ];
    for text in cases {
        let error = refusal(&cert, &pki.write("key.pem", &text)).await;
        assert!(
            error.contains("the key is encrypted") && error.contains("openssl pkey"),
            "{error}"
        );
        assert!(!error.contains("MIGb"), "{error}");
    }
}

#[tokio::test]
async fn what_is_no_certificate_is_told() {
    let pki = Pki::new();
    let (_, key) = pki.renew();
    let key_text = fs::read_to_string(&key).unwrap();
    let junk = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let cases = [
        (key_text.as_str(), "it holds no PEM certificate"),
        (junk, "its first certificate cannot be read"),
        ("-----BEGIN CERTIFICATE-----\n!", "its PEM text is damaged"),
        ("", "the file is empty"),
    ];
    for (text, says) in cases {
        let error = refusal(&pki.write("cert.pem", text), &key).await;
        told(&error, "server.tls_cert", says);
    }
    let error = refusal(&pki.path("none.pem"), &key).await;
    told(&error, "server.tls_cert", "No such file");
}

#[tokio::test]
async fn what_is_no_key_is_told() {
    let pki = Pki::new();
    let (cert, _) = pki.renew();
    let cert_text = fs::read_to_string(&cert).unwrap();
    let junk = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
    let cases = [
        (cert_text.as_str(), "it holds no private key"),
        (junk, "TLS cannot use this key"),
        ("-----BEGIN PRIVATE KEY-----\n!", "its PEM text is damaged"),
        (" \n", "the file is empty"),
    ];
    for (text, says) in cases {
        let error = refusal(&cert, &pki.write("key.pem", text)).await;
        told(&error, "server.tls_key", says);
    }
}

/// One line that names the setting, and nothing of what stands in the file.
fn told(error: &str, setting: &str, says: &str) {
    assert!(
        error.starts_with(&format!("{setting}: ")) && error.contains(says),
        "{error}"
    );
    assert!(!error.contains('\n') && !error.contains("AAAA"), "{error}");
}

#[cfg(unix)]
#[tokio::test]
async fn files_that_others_could_read_or_change_are_refused() {
    use std::os::unix::fs::PermissionsExt;
    let pki = Pki::new();
    let (cert, key) = pki.renew();
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    mode(&key, 0o604);
    let error = refusal(&cert, &key).await;
    assert!(
        error.contains(&format!("others may read it; run `chmod 600 {}`", key.display())),
        "{error}"
    );
    mode(&key, 0o640);
    mode(&cert, 0o666);
    assert!(refusal(&cert, &key).await.contains("others may write it"));
    mode(&cert, 0o644);
    Site::open(&settings(&cert, &key)).await.unwrap();
}

/// Let's Encrypt's tools lay links to the files in force; a link is as good as what it leads to. Nothing hangs.
#[cfg(unix)]
#[tokio::test]
async fn links_are_followed_and_pipes_and_folders_refused() {
    let pki = Pki::new();
    let (cert, key) = pki.renew();
    let links = [pki.path("fullchain.pem"), pki.path("privkey.pem")];
    std::os::unix::fs::symlink(&cert, &links[0]).unwrap();
    std::os::unix::fs::symlink(&key, &links[1]).unwrap();
    Site::open(&settings(&links[0], &links[1])).await.unwrap();
    let pipe = pki.path("pipe");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    for odd in [pipe, pki.path("")] {
        assert!(refusal(&cert, &odd).await.contains("it is no regular file"));
        assert!(refusal(&odd, &key).await.contains("it is no regular file"));
    }
}

/// It is served: its clients say what is wrong, and an open admin page is worth more than none.
#[tokio::test]
async fn an_expired_certificate_is_served_and_refused_by_clients() {
    let pki = Pki::new();
    let (cert, key) = pki.pair_with(&KeyPair::generate().unwrap(), |params| {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
    });
    let (cert, key) = (pki.write("cert.pem", &cert), pki.write("key.pem", &key));
    let site = Site::open(&settings(&cert, &key)).await.unwrap();
    let error = site.tls(pki.client(&[&TLS13], &[])).await.unwrap_err();
    assert!(error.to_string().contains("expired"), "{error}");
}
