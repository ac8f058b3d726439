//! HTTPS from files, from a certificate of our own, and what is said where it cannot be.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic")]

use std::process::Command;
use std::thread;
use std::time::Duration;

use super::support::{CONFIGURED, Folder, Running, errors, mode, printed};

const SECURE: &str = "allowed_hosts = [\"localhost\", \"127.0.0.1\"]\n\
    [security]\nhsts_seconds = 3600\nssl_redirect = true\n\
    [session]\ncookie_secure = true\n[csrf]\ncookie_secure = true\n";

fn self_signed(folder: &Folder) -> Running {
    Running::start(folder.command(&["runserver", "127.0.0.1:0", "--tls-self-signed"]))
}

/// curl with the folder's certificate; its output, with the head of the answer.
fn curl(folder: &Folder, server: &Running, arguments: &str, path: &str) -> String {
    let line = format!(
        "curl -sSi --max-time 20 --cacert doorward-tls.crt {arguments} https://{}{path}",
        server.address
    );
    let output = folder.shell(&line);
    assert!(output.status.success(), "{line}: {}", errors(&output));
    printed(&output)
}

#[test]
fn the_first_run_prints_lines_that_work_over_tls() {
    let folder = Folder::new();
    let mut first = self_signed(&folder);
    assert_eq!(mode(&folder.path("doorward-tls.key")), 0o600);
    first.signal("TERM");
    first.ended();
    let told = first.output();
    assert!(
        told.contains(&format!("ready at https://{}/", first.address)),
        "{told}"
    );
    let second = self_signed(&folder);
    let script = told[told.find("# Basic").unwrap()..].replace(&first.address, &second.address);
    let output = folder.shell(&script);
    let answers = printed(&output);
    assert_eq!(
        answers.matches("{\"username\":\"admin\"").count(),
        4,
        "{answers} {}",
        errors(&output)
    );
}

/// The pair is made once: who trusted it need not do so again.
#[test]
fn a_self_signed_pair_is_used_again() {
    let folder = Folder::migrated();
    let mut first = self_signed(&folder);
    let made = folder.read("doorward-tls.crt");
    first.signal("TERM");
    first.ended();
    let told = first.output();
    let second = self_signed(&folder);
    assert_eq!(folder.read("doorward-tls.crt"), made);
    assert!(curl(&folder, &second, "", "/healthz").ends_with("ok\n"));
    let fingerprint = folder.shell("openssl x509 -in doorward-tls.crt -noout -fingerprint -sha256");
    if fingerprint.status.success() {
        let fingerprint = printed(&fingerprint);
        assert!(
            told.contains(fingerprint.trim().split_once('=').unwrap().1),
            "{told}"
        );
    }
}

#[test]
fn a_self_signed_certificate_is_for_this_machine_only() {
    let folder = Folder::migrated();
    let error = folder.fails(&["runserver", "0.0.0.0:0", "--tls-self-signed"], 2);
    assert!(
        error.contains("--tls-self-signed") && error.contains("`server.tls_cert`"),
        "{error}"
    );
    let mut command = folder.command(&["runserver", "127.0.0.1:0", "--tls-self-signed"]);
    command
        .env("DOORWARD_SERVER__TLS_CERT", "a.pem")
        .env("DOORWARD_SERVER__TLS_KEY", "b.pem");
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(
        errors(&output).contains("leave out one or the other"),
        "{}",
        errors(&output)
    );
    assert!(!folder.path("doorward-tls.key").exists());
}

#[test]
fn over_tls_answers_are_those_of_https() {
    let (key, passwords) = CONFIGURED.split_once('\n').unwrap();
    let folder = Folder::new().with("doorward.toml", &format!("{key}\n{SECURE}{passwords}"));
    folder.succeeds(&["migrate"]);
    let server = self_signed(&folder);
    let page = curl(&folder, &server, "-c jar", "/api-auth/login/");
    assert!(page.contains("strict-transport-security: max-age=3600"), "{page}");
    let cookie = page
        .lines()
        .find(|line| line.starts_with("set-cookie: csrftoken="))
        .unwrap();
    assert!(cookie.contains("Secure"), "{cookie}");
    // A refusal does not wait for the body; curl 7.88 takes that for an error over HTTP/2, at times.
    let form = "--http1.1 -b jar -d username=a -d password=b";
    let token = "-H \"X-CSRFToken: $(awk '$6 == \"csrftoken\" {print $7}' jar)\"";
    let without = curl(&folder, &server, &format!("{form} {token}"), "/api-auth/login/");
    assert!(without.contains(" 403"), "no Referer: {without}");
    let stranger = "-e https://stranger.example/";
    let strange = curl(
        &folder,
        &server,
        &format!("{form} {token} {stranger}"),
        "/api-auth/login/",
    );
    assert!(strange.contains(" 403"), "{strange}");
    let own = format!("-e https://{}/api-auth/login/", server.address);
    let answer = curl(
        &folder,
        &server,
        &format!("{form} {token} {own}"),
        "/api-auth/login/",
    );
    assert!(!answer.contains(" 403"), "{answer}");
}

#[test]
fn http_2_is_spoken_over_tls() {
    let folder = Folder::migrated();
    let server = self_signed(&folder);
    for (option, version) in [("--http2", "HTTP/2 200"), ("--http1.1", "HTTP/1.1 200")] {
        let answer = curl(&folder, &server, option, "/healthz");
        assert!(answer.starts_with(version), "{answer}");
    }
    assert!(curl(&folder, &server, "--tls-max 1.2", "/healthz").contains(" 200"));
    assert!(curl(&folder, &server, "--tlsv1.3", "/healthz").contains(" 200"));
}

/// Each of them ends the start with one line that names the setting and the file.
#[test]
fn what_cannot_be_used_stops_the_start() {
    let folder = Folder::migrated();
    drop(self_signed(&folder));
    let start = |cert: &str, key: &str| {
        let mut command = folder.command(&["runserver", "127.0.0.1:0"]);
        let pairs = [
            ("DOORWARD_SERVER__TLS_CERT", cert),
            ("DOORWARD_SERVER__TLS_KEY", key),
        ];
        command.envs(pairs.into_iter().filter(|(_, value)| !value.is_empty()));
        refusal(command)
    };
    let (cert, key) = ("doorward-tls.crt", "doorward-tls.key");
    let error = start(cert, "");
    assert!(error.contains("server.tls_key: it is missing"), "{error}");
    let error = start("", key);
    assert!(error.contains("server.tls_cert: it is missing"), "{error}");
    let error = start("none.pem", key);
    assert!(
        error.contains("server.tls_cert: none.pem: No such file"),
        "{error}"
    );
    let error = start(cert, cert);
    assert!(
        error.contains("server.tls_key: doorward-tls.crt: it holds no private key"),
        "{error}"
    );
    folder.shell("chmod 644 doorward-tls.key");
    let error = start(cert, key);
    assert!(error.contains("run `chmod 600 doorward-tls.key`"), "{error}");
}

fn refusal(mut command: Command) -> String {
    let output = command.output().unwrap();
    let error = errors(&output);
    assert_eq!(output.status.code(), Some(2), "{error}");
    assert_eq!(error.trim_end().lines().count(), 1, "{error}");
    error
}

/// At SIGHUP a new pair is taken over at once; one that does not fit is told once, and changes nothing.
#[test]
fn a_hangup_takes_a_new_pair_over() {
    let folder = Folder::migrated();
    drop(self_signed(&folder));
    let mut command = folder.command(&["runserver", "127.0.0.1:0"]);
    command.env("DOORWARD_SERVER__TLS_CERT", "doorward-tls.crt");
    command.env("DOORWARD_SERVER__TLS_KEY", "doorward-tls.key");
    let server = Running::start(command);
    thread::sleep(Duration::from_millis(300));
    let other = Folder::migrated();
    drop(self_signed(&other));
    folder.shell(&format!("cp {} .", other.path("doorward-tls.crt").display()));
    server.signal("HUP");
    wait_for(&server, "the one at hand stays");
    folder.shell(&format!("cp {} .", other.path("doorward-tls.key").display()));
    server.signal("HUP");
    wait_for(&server, "the certificate was loaded anew");
    assert!(curl(&folder, &server, "", "/healthz").contains(" 200"));
    assert_eq!(
        server.log().matches("the one at hand stays").count(),
        1,
        "{}",
        server.log()
    );
}

fn wait_for(server: &Running, says: &str) {
    for _ in 0..100 {
        if server.log().contains(says) {
            return;
        }
        thread::sleep(Duration::from_millis(30));
    }
    panic!("it never said {says}: {}", server.log());
}

/// `check --deploy` asks for TLS here or at a proxy; a certificate is an answer.
#[test]
fn check_is_content_with_a_certificate() {
    let folder = Folder::migrated();
    let output = folder.run(&["check", "--deploy"]);
    assert!(printed(&output).contains("doorward.W001") || errors(&output).contains("doorward.W001"));
    let mut command = folder.command(&["check", "--deploy"]);
    command
        .env("DOORWARD_SERVER__TLS_CERT", "a.pem")
        .env("DOORWARD_SERVER__TLS_KEY", "b.pem");
    let output = command.output().unwrap();
    assert!(
        !printed(&output).contains("doorward.W001"),
        "{}",
        printed(&output)
    );
}

/// Fifty requests a second while the server is told to stop, for as long as it said it would go on.
#[test]
fn a_stop_over_tls_loses_no_request() {
    for protocol in ["--http1.1", "--http2"] {
        let folder = Folder::migrated();
        let mut command = folder.command(&["runserver", "127.0.0.1:0", "--tls-self-signed"]);
        command.env("DOORWARD_SERVER__SHUTDOWN_DELAY", "5s");
        let mut server = Running::start(command);
        let asked = thread::scope(|scope| {
            let arguments = format!("{protocol} --rate 50/s -w %{{http_code}},");
            let (server, folder) = (&server, &folder);
            let asking = scope.spawn(move || curl(folder, server, &arguments, "/healthz?[1-100]"));
            thread::sleep(Duration::from_millis(800));
            server.signal("TERM");
            asking.join().unwrap()
        });
        assert_eq!(asked.matches("200,").count(), 100, "{protocol}: {asked}");
        assert_eq!(server.ended(), Some(0), "{}", server.log());
    }
}

/// A login is a hash, and takes longer than the signal.
#[test]
fn a_request_in_flight_over_tls_is_answered_before_the_end() {
    for (protocol, status) in [("--http1.1", "HTTP/1.1 401"), ("--http2", "HTTP/2 401")] {
        let folder = Folder::migrated();
        let mut server = self_signed(&folder);
        let answer = thread::scope(|scope| {
            let login = format!("{protocol} -d username=nobody -d password=wrong");
            let (server, folder) = (&server, &folder);
            let asking = scope.spawn(move || curl(folder, server, &login, "/api/token/"));
            thread::sleep(Duration::from_millis(150));
            server.signal("TERM");
            asking.join().unwrap()
        });
        assert!(answer.starts_with(status), "{answer}");
        assert_eq!(server.ended(), Some(0), "{}", server.log());
    }
}

/// curl before 8.0 lost such answers over HTTP/2, whose stream was reset before it had sent its body.
#[test]
fn who_is_refused_before_its_body_is_read_is_told() {
    let folder = Folder::migrated().with("large", &"a".repeat(3_000_000));
    let server = self_signed(&folder);
    for protocol in ["--http1.1", "--http2"] {
        for (body, path, status) in [
            ("{}", "/api/profile/", "401"),
            ("@large", "/api/profile/", "401"),
            ("@large", "/api/token/", "413"),
        ] {
            for _ in 0..4 {
                let arguments = format!(
                    "{protocol} -o /dev/null -w %{{http_code}} -H 'content-type: application/json' -H 'expect:' \
                     --data-binary '{body}'"
                );
                let answer = curl(&folder, &server, &arguments, path);
                assert_eq!(answer, status, "{protocol} {body} {path}");
            }
        }
    }
}
