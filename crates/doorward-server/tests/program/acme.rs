//! A certificate from an authority: pebble, which is Let's Encrypt's own for tests. Without it these are skipped.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "a test may panic, and tells why it was skipped"
)]

use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use rcgen::KeyPair;

use super::support::{CONFIGURED, Folder, Running, errors, mode, printed};

/// An authority on this machine; it is ended when this goes.
struct Pebble {
    child: Child,
    port: u16,
    management: u16,
}

impl Drop for Pebble {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

impl Pebble {
    /// `None` where pebble is not installed.
    fn start(folder: &Folder, tls_port: u16) -> Option<Self> {
        Command::new("pebble").arg("-h").output().ok()?;
        let key = KeyPair::generate().unwrap();
        let params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
        let certificate = params.self_signed(&key).unwrap().pem();
        std::fs::write(folder.path("ca.pem"), certificate).unwrap();
        std::fs::write(folder.path("ca.key"), key.serialize_pem()).unwrap();
        let (port, management) = (free_port(), free_port());
        let config = format!(
            "{{\"pebble\": {{\"listenAddress\": \"127.0.0.1:{port}\", \"managementListenAddress\": \
             \"127.0.0.1:{management}\", \"certificate\": \"ca.pem\", \"privateKey\": \"ca.key\", \"httpPort\": 1, \
             \"tlsPort\": {tls_port}, \"externalAccountBindingRequired\": false}}}}"
        );
        std::fs::write(folder.path("pebble.json"), config).unwrap();
        let mut command = Command::new("pebble");
        command
            .args(["-config", "pebble.json"])
            .current_dir(folder.path(""));
        command.env("PEBBLE_VA_NOSLEEP", "1");
        let child = command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        wait_for(management);
        wait_for(port);
        Some(Self {
            child,
            port,
            management,
        })
    }
}

fn start(folder: &Folder, directory: u16, port: u16) -> Running {
    let mut command = folder.command(&["runserver", &format!("127.0.0.1:{port}")]);
    command.env("SSL_CERT_FILE", folder.path("ca.pem"));
    let directory = format!("https://localhost:{directory}/dir");
    command.env("DOORWARD_SERVER__ACME__DIRECTORY", directory);
    Running::start(command)
}

fn wait_for(port: u16) {
    for _ in 0..200 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return;
        }
        thread::sleep(Duration::from_millis(50));
    }
    panic!("pebble does not listen");
}

/// Asks until the certificate is there; the root is the authority's.
fn served(folder: &Folder, port: u16, patience: u32) -> bool {
    let line = format!("curl -sS --max-time 5 --cacert root.pem https://localhost:{port}/healthz");
    for _ in 0..patience * 4 {
        if printed(&folder.shell(&line)) == "ok\n" {
            return true;
        }
        thread::sleep(Duration::from_millis(250));
    }
    false
}

#[test]
fn a_certificate_is_obtained_kept_and_used_again() {
    let acme = "[server.acme]\ndomains = [\"localhost\"]\ncontact = [\"mailto:a@example.com\"]\naccept_terms = true\n";
    let folder = Folder::new().with("doorward.toml", &format!("{CONFIGURED}{acme}"));
    folder.succeeds(&["migrate"]);
    let port = free_port();
    let Some(pebble) = Pebble::start(&folder, port) else {
        println!("skipped: pebble is not installed");
        return;
    };
    let root = format!(
        "curl -sSk https://localhost:{}/roots/0 -o root.pem",
        pebble.management
    );
    let output = folder.shell(&root);
    assert!(output.status.success(), "{}", errors(&output));
    let first = start(&folder, pebble.port, port);
    assert!(served(&folder, port, 30), "{}", first.log());
    assert_eq!(mode(&folder.path("acme")), 0o700);
    for file in std::fs::read_dir(folder.path("acme")).unwrap() {
        assert_eq!(mode(&file.unwrap().path()), 0o600);
    }
    let kept = folder.read("acme/certificate.pem");
    drop((first, pebble));
    let second = start(&folder, 1, port);
    assert!(served(&folder, port, 5), "it is not used again: {}", second.log());
    assert_eq!(folder.read("acme/certificate.pem"), kept);
}

/// The server is up meanwhile, and says what is wrong.
#[test]
fn an_authority_that_is_away_is_told() {
    let acme = "[server.acme]\ndomains = [\"localhost\"]\naccept_terms = true\n";
    let folder = Folder::new().with("doorward.toml", &format!("{CONFIGURED}{acme}"));
    folder.succeeds(&["migrate"]);
    std::fs::write(folder.path("ca.pem"), some_certificate()).unwrap();
    let port = free_port();
    let mut server = start(&folder, 1, port);
    for _ in 0..100 {
        if server.log().contains("no certificate could be obtained") {
            break;
        }
        thread::sleep(Duration::from_millis(50));
    }
    assert!(server.log().contains("\"retry_s\":60"), "{}", server.log());
    let hello = "openssl s_client -connect localhost:{port} -alpn acme-tls/1 </dev/null";
    assert!(
        !folder
            .shell(&hello.replace("{port}", &port.to_string()))
            .status
            .success()
    );
    server.signal("TERM");
    assert_eq!(server.ended(), Some(0));
}

fn some_certificate() -> String {
    let params = rcgen::CertificateParams::new(["localhost".to_owned()]).unwrap();
    params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem()
}
