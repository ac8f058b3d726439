//! Letters over SMTP and into files.
#![cfg(feature = "mail")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use doorward::django::secret::Secret;
use doorward::mail::{FileMailer, Letter, Mailer, SmtpMailer, mailer};
use doorward::settings::Settings;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpListener;

fn letter(to: &str, subject: &str) -> Letter {
    let body =
        Secret::new("Please go to\n\nhttps://shop.example/reset/MQ/abc-def/\n\n.\nThe team’s\n".to_owned());
    Letter::new("Shop <noreply@shop.example>", to, subject, body)
}

/// A mail server that takes one letter, and gives its envelope and its lines.
async fn server() -> (String, tokio::task::JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("smtp://{}", listener.local_addr().unwrap());
    let taken = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let (read, mut write) = stream.into_split();
        let mut lines = BufReader::new(read).lines();
        let mut taken = Vec::new();
        let mut in_data = false;
        write.write_all(b"220 test\r\n").await.unwrap();
        while let Some(line) = lines.next_line().await.unwrap() {
            let answer: &[u8] = match (in_data, line.split(' ').next().unwrap_or_default()) {
                (true, ".") => {
                    in_data = false;
                    b"250 taken\r\n"
                }
                (true, _) => b"",
                (false, "DATA") => {
                    in_data = true;
                    b"354 go on\r\n"
                }
                (false, "QUIT") => b"221 bye\r\n",
                (false, _) => b"250 ok\r\n",
            };
            let over = line == "." || line == "QUIT";
            taken.push(line);
            write.write_all(answer).await.unwrap();
            if over {
                break;
            }
        }
        taken
    });
    (url, taken)
}

#[tokio::test]
async fn a_letter_goes_over_smtp() {
    let (url, taken) = server().await;
    let mailer = SmtpMailer::new(&url).unwrap();
    mailer
        .send(&letter("alice@example.com", "Pässword reset"))
        .await
        .unwrap();
    let taken = taken.await.unwrap().join("\n");
    assert!(taken.contains("MAIL FROM:<noreply@shop.example>"), "{taken}");
    assert!(taken.contains("RCPT TO:<alice@example.com>"), "{taken}");
    assert!(taken.contains("Subject: =?utf-8?"), "{taken}");
    assert!(
        taken.contains("Message-ID: <") && taken.contains("Date: "),
        "{taken}"
    );
}

#[tokio::test]
async fn a_server_that_is_away_is_an_error_and_nothing_else() {
    let mailer = SmtpMailer::new("smtp://127.0.0.1:1").unwrap();
    mailer.send(&letter("alice@example.com", "x")).await.unwrap_err();
}

#[tokio::test]
async fn no_address_smuggles_a_header() {
    let folder = tempfile::tempdir().unwrap();
    let mailer = FileMailer::new(folder.path());
    for to in [
        "alice@example.com\nBcc: eve@example.com",
        "alice@example.com, eve@example.com",
        "alice",
        "",
    ] {
        mailer.send(&letter(to, "x")).await.unwrap_err();
    }
    let subject = "x\r\nBcc: eve@example.com";
    mailer.send(&letter("alice@example.com", subject)).await.unwrap();
    let text = std::fs::read_to_string(folder.path().join("000001.eml")).unwrap();
    assert!(!text.lines().any(|line| line.starts_with("Bcc")), "{text}");
}

#[tokio::test]
async fn letters_into_files_overwrite_none() {
    let folder = tempfile::tempdir().unwrap();
    let inner = folder.path().join("letters");
    for _ in 0..2 {
        let mailer = FileMailer::new(&inner);
        mailer.send(&letter("alice@example.com", "x")).await.unwrap();
    }
    let mut files: Vec<_> = std::fs::read_dir(&inner)
        .unwrap()
        .flatten()
        .map(|file| file.path())
        .collect();
    files.sort();
    assert_eq!(files.len(), 2);
    #[cfg(unix)]
    for path in &files {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[test]
fn the_settings_name_the_mailer() {
    let named = |url: &str, from: &str| {
        let mut mail = Settings::default().mail;
        mail.url = Some(Secret::new(url.to_owned()));
        mail.from = from.to_owned();
        mailer(&mail).map(|mailer| mailer.map(|mailer| format!("{mailer:?}")))
    };
    let from = "Shop <noreply@shop.example>";
    assert_eq!(named("log:", from).unwrap(), None);
    assert_eq!(
        named("smtps://a:b@mail.example.com", from).unwrap().unwrap(),
        "SmtpMailer"
    );
    assert!(
        named("file:letters", from)
            .unwrap()
            .unwrap()
            .starts_with("FileMailer")
    );
    assert_eq!(
        named("file:letters", "not an address").unwrap_err().key(),
        "mail.from"
    );
    assert!(mailer(&Settings::default().mail).unwrap().is_none());
}
